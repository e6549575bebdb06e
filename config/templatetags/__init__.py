"""Template tags every page has without loading them."""
