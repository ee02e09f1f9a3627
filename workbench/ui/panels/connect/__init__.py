"""The connect panel."""
