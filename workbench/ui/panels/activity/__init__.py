"""The activity panel."""
