"""PostgreSQL measured beside the file."""
