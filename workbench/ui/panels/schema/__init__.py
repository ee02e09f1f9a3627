"""The schema panel."""
