"""SQL as text: split, format, complete, classify. Never decides what the server knows."""
