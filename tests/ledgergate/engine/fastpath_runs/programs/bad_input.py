"""An input has no form on the wire."""

from kit import Thing

Thing("good")
Thing("bad", document=object())
