"""The root of what a component refuses before it makes any resource."""


class ComponentError(Exception):
    """A component was given something that cannot be built, said in one sentence."""
