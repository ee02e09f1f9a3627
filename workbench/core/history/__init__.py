"""What ran, how it ended, and how long a stop took."""
