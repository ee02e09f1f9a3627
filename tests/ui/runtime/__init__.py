"""Tests: where the window meets core."""
