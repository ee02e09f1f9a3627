"""What is known of a database's schema."""
