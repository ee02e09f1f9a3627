"""Tests: the whole window, on real engines."""
