"""Every connector keeps the laws over its emulator, behind real sockets."""
