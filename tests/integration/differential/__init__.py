"""What is judged at design time is deployed, read back and judged again, service by service."""
