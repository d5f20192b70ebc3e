"""Facts about AWS Backup: vaults, plans, what they choose, and whether it can be restored."""
