"""All about one person: found, taken out as a bundle, erased; and how long data is kept."""
