"""The table of a clinic as a page: sent in, mended, printed, and gone after some days."""
