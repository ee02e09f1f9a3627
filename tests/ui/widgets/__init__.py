"""Tests: ui, widgets."""
