"""Settings for development, production and tests; everything secret comes from the environment."""
