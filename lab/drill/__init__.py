"""Fault drills that take too long for the tests: `./run drill`."""
