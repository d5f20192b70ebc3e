"""Controls of EC2 and VPC."""
