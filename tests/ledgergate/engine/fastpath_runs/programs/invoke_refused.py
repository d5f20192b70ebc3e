"""The engine refuses a function call."""

import pulumi
from kit import Thing

Thing("before")
pulumi.runtime.invoke("kit:index:refused", {})
