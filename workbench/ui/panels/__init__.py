"""The parts of the window a user sees; strangers to each other."""
