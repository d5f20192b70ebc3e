"""Controls of ECR."""
