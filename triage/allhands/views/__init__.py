"""The pages of the allhands slice."""
