"""Real servers for the tests: each on a free loopback port with its own data folder."""
