"""Small widgets that know nothing of queries."""
