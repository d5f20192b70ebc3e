"""The words in which a profile says what a system is. Controls compare them, and must not need pydantic for it."""

from enum import StrEnum


class EnvironmentClass(StrEnum):
    """How much a stack is worth."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class DataClass(StrEnum):
    """The most sensitive data that a stack holds."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    CARDHOLDER = "cardholder"


class LockMode(StrEnum):
    """Who may lift an object lock: nobody, somebody with a special permission, or either."""

    ANY = "any"
    COMPLIANCE = "COMPLIANCE"
    GOVERNANCE = "GOVERNANCE"


class LockScope(StrEnum):
    """Which buckets need an object lock."""

    TAGGED = "tagged"
    """Those whose name or tags say that they hold audit, archive or cardholder data."""
    ALL = "all"
