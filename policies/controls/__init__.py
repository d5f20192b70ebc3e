"""The controls, one module for each kind of resource."""
