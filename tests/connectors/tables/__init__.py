"""What connectors of tables share, over a vendor whose conditions are functions of its rows."""
