"""What every reader stands on: calls that are made once, limited, kept as evidence, and never changes."""
