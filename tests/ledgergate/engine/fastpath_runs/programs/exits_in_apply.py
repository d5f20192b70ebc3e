"""An apply exits."""

import sys

from kit import Thing

Thing("base").arn.apply(lambda _: sys.exit(4))
