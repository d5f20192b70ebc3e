"""Controls of SNS."""
