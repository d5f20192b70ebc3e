"""The program ends with the SDK's own error."""

import pulumi
from kit import Thing

Thing("before")
raise pulumi.RunError("give a name")
