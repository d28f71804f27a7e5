"""A clinic day of twelve people, walked in a real browser by the README alone; what it costs, and what came out."""
