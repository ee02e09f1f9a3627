"""Tests: ui, editor."""
