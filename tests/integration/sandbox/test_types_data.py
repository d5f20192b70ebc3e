"""Databases, tables, files and what backs them up: changed in the sandbox as the program changes them."""

import pytest

from integration.sandbox import Sandbox
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.surroundings import CLUSTER, DATABASE, INSTANCE_PARAMETERS

CHANGES = (
    Change(
        CLUSTER.type,
        {
            **CLUSTER.inputs,
            "engine": "postgres",
            "dbClusterInstanceClass": "db.m6gd.large",
            "allocatedStorage": 100,
            "iops": 1000,
        },
        {"autoMinorVersionUpgrade": False},
    ),
    Change(
        INSTANCE_PARAMETERS.type,
        {
            **INSTANCE_PARAMETERS.inputs,
            "parameters": [
                {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"},
                {"name": "log_statement", "value": "ddl", "applyMethod": "immediate"},
            ],
        },
        {"parameters": [{"name": "log_statement", "value": "all", "applyMethod": "pending-reboot"}]},
    ),
    Change(
        "aws:rds/globalCluster:GlobalCluster",
        {**DATABASE, "globalClusterIdentifier": "world", "deletionProtection": True, "tags": {"A": "1"}},
        {"deletionProtection": False, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)
