"""Controls of the tags that every resource carries."""
