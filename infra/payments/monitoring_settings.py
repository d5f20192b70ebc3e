"""What a stack may configure of its watch."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi

from components.configuration import read_choice, read_share, read_texts, refuse

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Adoption(StrEnum):
    """Who owns a service that an account has once in a Region.

    `adopt` relies on what the account has, `create` makes it, `skip` leaves it to others.
    """

    ADOPT = "adopt"
    CREATE = "create"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringSettings:
    """Who is told, and what the account's own services do.

    Args:
        alarm_emails: Addresses that every alarm goes to; each must confirm once.
        trace_rate: Share of requests that are traced beyond the first of each second, 0 to 1.
        guard_duty: Who owns the detector of the account.
        inspector: Who switched vulnerability scanning on.
        config_rules: Who owns the recorder of AWS Config that rules watch; with `skip` there are no rules either.
    """

    alarm_emails: tuple[str, ...]
    trace_rate: float
    guard_duty: Adoption
    inspector: Adoption
    config_rules: Adoption


def read_monitoring(config: pulumi.Config) -> MonitoringSettings:
    """Read the watch.

    Raises:
        pulumi.RunError: A key is wrong; the message names it and the fix.
    """
    return MonitoringSettings(
        alarm_emails=_read_addresses(config),
        trace_rate=read_share(config, "traceRate", default=0.05),
        guard_duty=read_choice(config, "guardDuty", Adoption.ADOPT),
        inspector=read_choice(config, "inspector", Adoption.ADOPT),
        config_rules=read_choice(config, "configRules", Adoption.ADOPT),
    )


def _read_addresses(config: pulumi.Config) -> tuple[str, ...]:
    addresses = read_texts(config, "alarmEmails")
    for address in addresses:
        if not _ADDRESS.fullmatch(address):
            key = config.full_key("alarmEmails")
            raise refuse(key, f"{address!r} is no address: name one such as oncall@example.com.")
    return addresses
