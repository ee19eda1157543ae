"""Seeded bugs of what all modes share."""
