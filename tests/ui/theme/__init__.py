"""Tests: ui, theme."""
