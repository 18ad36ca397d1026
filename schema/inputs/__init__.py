"""The input types of the public schema: filters, orders and options."""
