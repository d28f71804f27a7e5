"""Faults of the database server, each beside a twin that has to notice it."""
