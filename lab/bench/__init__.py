"""Measurements of what the project promises; not part of the app."""
