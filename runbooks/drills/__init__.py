"""The drills there are, one module for each thing that breaks."""
