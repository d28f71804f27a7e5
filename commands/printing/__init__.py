"""What prints in a batch: the worker, and who keeps workers going."""
