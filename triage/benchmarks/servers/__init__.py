"""Real servers of our own: each on a free loopback port with its own data folder."""
