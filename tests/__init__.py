"""Workbench's tests."""
