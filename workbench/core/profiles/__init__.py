"""Saved connections: a TOML file without secrets, and the keychain."""
