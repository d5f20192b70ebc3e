"""Controls of S3."""
