"""Where the window meets core: worker pools, the one thread hop, a tab's attempt."""
