"""Tests of what a query brought and how it is shown."""
