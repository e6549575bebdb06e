"""The built-in metrics, one file each: what is observed of an account."""
