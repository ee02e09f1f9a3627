"""The contract with an engine, and what engines share."""
