"""What a command besides ``check`` shows: as text, and as JSON."""
