"""Synthetic people and stores full of them, whom measurements and drills share; not part of the app."""
