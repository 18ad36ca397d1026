"""The emulator of a project-management CRM."""
