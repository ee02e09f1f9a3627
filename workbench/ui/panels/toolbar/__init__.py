"""The toolbar panel."""
