"""Controls of Systems Manager."""
