"""Health over REST: a score with its parts, its days, and the way from one day to another."""
