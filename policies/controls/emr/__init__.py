"""Controls of EMR."""
