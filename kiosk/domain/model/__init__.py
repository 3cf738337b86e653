"""The nouns of the kiosk and their tables."""
