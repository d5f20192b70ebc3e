"""The program raises after some registrations."""

import pulumi
from kit import Thing

Thing("before")
pulumi.export("before", 1)
raise KeyError("top")
