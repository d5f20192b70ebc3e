"""Facts: what controls judge, in one normal form whatever stage they come from."""
