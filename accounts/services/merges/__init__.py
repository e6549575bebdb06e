"""Making one record of two, and two again: preview, merge, undo."""
