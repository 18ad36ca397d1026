"""What only the Freshsales connector does, over its emulator."""
