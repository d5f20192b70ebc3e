"""Building blocks that the systems share: one component a file, pure decisions beside them."""
