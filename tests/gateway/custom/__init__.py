"""The CRMs' own fields, through the served gateway."""
