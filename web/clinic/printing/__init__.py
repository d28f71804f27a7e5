"""Paper for a whole day: what is ordered, and the files that come of it."""
