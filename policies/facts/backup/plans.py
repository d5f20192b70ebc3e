"""Backup plans: how often, for how long, and where to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.backup.vaults import VAULT
from policies.facts.copies import region_behind
from policies.facts.declared import known_first
from policies.facts.properties import flag, lift, literal, record, records, region_of, settings_of, whole
from policies.facts.registry import adapter

PLAN: Final = ("aws:backup/plan:Plan",)

DEFAULT_SCHEDULE: Final = "cron(0 5 ? * * *)"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRule:
    """One rule of a plan.

    Args:
        schedule: `schedule`; `cron(0 5 ? * * *)` when unset.
        continuous: `enableContinuousBackup`; false when unset.
        delete_after_days: `lifecycle.deleteAfter`; None when unset: what it makes is kept for good.

    Source of the defaults: BackupRule, AWS Backup API reference, read 2026-11-30.
    """

    schedule: str = DEFAULT_SCHEDULE
    continuous: bool = False
    delete_after_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlan:
    """The rules of a plan.

    Args:
        rules: `rules`.
    """

    rules: tuple[BackupRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCopy:
    """A copy that a rule makes.

    Args:
        region: Region of the vault that takes it.
        delete_after_days: As in `BackupRule`.
    """

    region: str
    delete_after_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedRule:
    """The copies of one rule.

    Args:
        name: `ruleName`; empty when unset.
        copies: `copyActions`.
    """

    name: str = ""
    copies: tuple[BackupCopy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedPlan:
    """Where a plan copies to.

    Args:
        region: Region of the plan.
        rules: Its rules.
    """

    region: str
    rules: tuple[CopiedRule, ...] = ()


@adapter(types=PLAN)
def backup_plan_from_graph(_graph: Graph, resource: Resource) -> BackupPlan:
    """Build how often a plan backs up and for how long."""
    return BackupPlan(rules=records(settings_of(resource), "rules", _rule))


def _rule(rule: Mapping[str, Value]) -> BackupRule:
    return BackupRule(
        schedule=lift(literal(rule, "schedule", default=""), lambda text: text or DEFAULT_SCHEDULE),
        continuous=flag(rule, "enableContinuousBackup", default=False),
        delete_after_days=_kept(rule),
    )


def _kept(holder: Mapping[str, Value]) -> Any:
    # Outputs hold 0 where nothing ends it.
    return record(
        holder, "lifecycle", lambda life: lift(whole(life, "deleteAfter", default=None), lambda days: days or None)
    )


@adapter(types=PLAN, joined=True)
def copied_plan_from_graph(graph: Graph, resource: Resource) -> CopiedPlan:
    """Build where a plan copies to."""

    def copied(action: Mapping[str, Value]) -> BackupCopy:
        vault = action.get("destinationVaultArn")
        return BackupCopy(region=region_behind(graph, resource, "rules", vault, VAULT), delete_after_days=_kept(action))

    def of_rule(rule: Mapping[str, Value]) -> CopiedRule:
        copies = lift(records(rule, "copyActions", copied), known_first)
        return CopiedRule(name=literal(rule, "ruleName", default=""), copies=copies)

    rules = records(settings_of(resource), "rules", of_rule)
    return CopiedPlan(region=region_of(graph, resource), rules=rules)
