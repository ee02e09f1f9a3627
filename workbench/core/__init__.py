"""What Workbench does, without a window: no Qt, no thread started, nothing printed."""
