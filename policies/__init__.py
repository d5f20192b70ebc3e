"""The policy pack: every control, the facts it judges, and the runner that applies it."""
