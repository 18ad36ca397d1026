"""Walks over both CRMs, through the served gateway."""
