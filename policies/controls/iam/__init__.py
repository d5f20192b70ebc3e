"""Controls of IAM."""
