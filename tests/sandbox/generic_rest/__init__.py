"""The emulated plain REST CRM: what it tells, refuses and counts."""
