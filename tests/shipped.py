"""The definitions that are shipped, read once for all tests of a process."""

from checklists import load_definitions

SHIPPED = load_definitions()
