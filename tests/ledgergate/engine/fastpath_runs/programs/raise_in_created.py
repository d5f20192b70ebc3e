"""A resource made in an apply is refused after everything else has been answered."""

from kit import Thing

Thing("base").arn.apply(lambda _: Thing("late-refused").arn)
