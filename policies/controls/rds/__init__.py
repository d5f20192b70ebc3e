"""Controls of RDS."""
