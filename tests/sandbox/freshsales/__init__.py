"""The Freshsales emulator."""
