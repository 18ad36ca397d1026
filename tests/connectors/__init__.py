"""One CRM at a time."""
