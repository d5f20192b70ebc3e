"""Controls of CloudWatch and CloudWatch Logs."""
