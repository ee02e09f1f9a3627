"""A query's life: states, registry, runner, stop ladder, sessions, watchdog."""
