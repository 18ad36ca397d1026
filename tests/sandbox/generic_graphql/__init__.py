"""The emulator of a GraphQL CRM."""
