"""People in a file: assessed, planned, and the table in which a clinic writes them."""
