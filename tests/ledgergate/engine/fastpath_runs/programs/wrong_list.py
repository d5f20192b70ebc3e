"""A list stands where the type says otherwise."""

from kit import Thing

Thing("bad", tags=["not", "a", "map"])
