"""Controls of load balancers, their listeners and their target groups."""
