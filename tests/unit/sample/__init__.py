"""The sample databases."""
