"""The organisation: its tables, and the rows that tell the book."""
