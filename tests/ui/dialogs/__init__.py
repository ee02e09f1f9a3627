"""Questions that need an answer."""
