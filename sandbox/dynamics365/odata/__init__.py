"""Query expressions: what OData's options mean for rows."""
