"""What is done to the app and not by it: measured, broken on purpose, looked at."""
