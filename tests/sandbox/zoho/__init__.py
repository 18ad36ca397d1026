"""The Zoho emulator against what Zoho's pages say."""
