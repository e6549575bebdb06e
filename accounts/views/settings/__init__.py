"""Pages on which administrators set up the house, and everybody their own keys."""
