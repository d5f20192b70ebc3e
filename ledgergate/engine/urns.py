"""URNs, as the Pulumi engine builds them."""

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"
REFERENCE_TYPE = "pulumi:pulumi:StackReference"
DYNAMIC_PREFIX = "pulumi-python:dynamic"


def make_urn(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """Return the URN of a resource.

    Args:
        stack: Stack name.
        project: Project name.
        parent: URN of the parent, or empty.
        type_: Type token.
        name: Logical name.
    """
    qualified = type_
    if parent:
        parent_type = qualified_type(parent)
        if parent_type != STACK_TYPE:
            qualified = f"{parent_type}${type_}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def qualified_type(urn: str) -> str:
    """Return the chain of types, `app:Service$aws:sqs/queue:Queue`."""
    parts = urn.split("::", 3)
    return parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - the third of four parts


def type_of(urn: str) -> str:
    """Return the type token of a URN."""
    return qualified_type(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    """Return the logical name of a URN."""
    return urn.split("::", 3)[-1]


def package_of(type_: str) -> str:
    """Return the package that serves a type token: `aws` for `aws:s3/bucket:Bucket`."""
    if type_.startswith(PROVIDER_PREFIX):
        return type_[len(PROVIDER_PREFIX) :]
    return type_.split(":", 1)[0]


def default_provider_name(version: str) -> str:
    """Return the name of the provider that the engine makes by itself for a package version."""
    return "default_" + version.replace(".", "_").replace("-", "_") if version else "default"
