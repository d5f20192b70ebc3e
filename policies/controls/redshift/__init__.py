"""Controls of Redshift."""
