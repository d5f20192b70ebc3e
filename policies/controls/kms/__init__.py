"""Controls of KMS."""
