"""One file per engine family. Nobody imports an engine by name: discovery does."""
