"""Workbench: a desktop database workbench in which everything that runs can be stopped."""
