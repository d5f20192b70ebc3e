"""An apply raises; what does not depend on it is registered all the same."""

from kit import Thing

base = Thing("base", size=1)
Thing("depends", display_name=base.arn.apply(lambda arn: arn.missing))
Thing("independent", display_name=base.arn)
