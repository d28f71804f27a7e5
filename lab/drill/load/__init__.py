"""Ordinary people beside many others, or beside somebody who abuses the app."""
