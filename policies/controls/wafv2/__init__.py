"""Controls of WAF."""
