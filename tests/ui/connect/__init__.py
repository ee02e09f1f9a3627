"""The connection picker."""
