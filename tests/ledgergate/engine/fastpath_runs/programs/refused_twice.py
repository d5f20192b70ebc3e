"""The engine refuses two resources, one of them because the program went on after the first."""

from kit import Thing

Thing("refused-first")
Thing("between")
Thing("refused-second")
