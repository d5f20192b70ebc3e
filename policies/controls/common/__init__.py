"""Controls of demands that resources of several services meet."""
