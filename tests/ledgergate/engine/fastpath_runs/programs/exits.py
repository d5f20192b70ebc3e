"""The program exits early."""

import sys

from kit import Thing

Thing("before")
sys.exit(3)
