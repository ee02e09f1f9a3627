"""What a database contains: lazy nodes and their cache."""
