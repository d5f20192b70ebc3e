"""Controls of ACM."""
