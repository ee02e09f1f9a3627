"""The schema explorer."""
