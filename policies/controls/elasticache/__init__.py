"""Controls of ElastiCache."""
