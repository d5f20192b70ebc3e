"""The types whose names take no hyphen, held to what the services themselves say in botocore's models."""

import re
from typing import Any, Final

import pytest
from botocore.session import get_session

from policies.controls.common import naming

SESSION: Final = get_session()
NAMED: Final = {
    "aws:appsync/dataSource:DataSource": ("appsync", "CreateDataSource", "name"),
    "aws:appsync/function:Function": ("appsync", "CreateFunction", "name"),
    "aws:backup/framework:Framework": ("backup", "CreateFramework", "FrameworkName"),
    "aws:backup/reportPlan:ReportPlan": ("backup", "CreateReportPlan", "ReportPlanName"),
    "aws:bedrock/agentcoreAgentRuntimeEndpoint:AgentcoreAgentRuntimeEndpoint": (
        "bedrock-agentcore-control",
        "CreateAgentRuntimeEndpoint",
        "name",
    ),
    "aws:bedrock/agentcoreBrowser:AgentcoreBrowser": ("bedrock-agentcore-control", "CreateBrowser", "name"),
    "aws:bedrock/agentcoreCodeInterpreter:AgentcoreCodeInterpreter": (
        "bedrock-agentcore-control",
        "CreateCodeInterpreter",
        "name",
    ),
    "aws:bedrock/agentcoreMemory:AgentcoreMemory": ("bedrock-agentcore-control", "CreateMemory", "name"),
    "aws:iot/topicRule:TopicRule": ("iot", "CreateTopicRule", "ruleName"),
    "aws:keyspaces/keyspace:Keyspace": ("keyspaces", "CreateKeyspace", "keyspaceName"),
    "aws:lex/bot:Bot": ("lex-models", "PutBot", "name"),
    "aws:lex/botAlias:BotAlias": ("lex-models", "PutBotAlias", "name"),
    "aws:lex/intent:Intent": ("lex-models", "PutIntent", "name"),
    "aws:lex/slotType:SlotType": ("lex-models", "PutSlotType", "name"),
    "aws:s3tables/table:Table": ("s3tables", "CreateTable", "name"),
    "aws:signer/signingProfile:SigningProfile": ("signer", "PutSigningProfile", "profileName"),
}
"""Type → service, operation, member."""
IN_WORDS_ALONE: Final = {
    "aws:athena/database:Database",
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    "aws:glue/catalogDatabase:CatalogDatabase",
}
"""Types of which the documentation says it, and no pattern."""


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_the_service_refuses_a_hyphen(named: tuple[str, str, str]) -> None:
    """A name of words is taken with underscores between them, and never with hyphens."""
    service, operation, member = named
    shape: Any = SESSION.get_service_model(service).operation_model(operation).input_shape
    pattern = shape.members[member].metadata["pattern"]
    taken = [name for name in ("telemetry_positions_dev", "telemetry-positions-dev") if re.fullmatch(pattern, name)]
    assert taken == ["telemetry_positions_dev"]


def test_no_type_is_there_without_reason() -> None:
    """Each type of the control's list stands in one of the two here."""
    assert NAMED.keys() | IN_WORDS_ALONE == naming._WITHOUT_HYPHEN
