"""Databases, the keys they name and the global databases they belong to."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.controls.rds.database import encrypted_with_customer_key
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.rds import Database, GlobalDatabase, cluster_from_graph, instance_from_graph
from policies.model import UNKNOWN, Verdict
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import ALIAS, CLUSTER, GLOBAL_CLUSTER, INSTANCE, KEY, graph, resource

KEY_ID: Final = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY_ARN: Final = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
OWN_KEY: Final = resource(KEY, "key", id=KEY_ID, outputs={"keyId": KEY_ID, "arn": KEY_ARN})
OWN_ALIAS: Final = resource(
    ALIAS,
    "alias",
    {"name": "alias/ledger", "targetKeyId": KEY_ID},
    outputs={"arn": "arn:aws:kms:eu-west-1:111122223333:alias/ledger"},
)
CUSTOMER: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
ENCRYPTED: Final = Database(region="eu-west-1", storage_encrypted=True, kms_key_id=CUSTOMER)
GLOBAL: Final = resource(GLOBAL_CLUSTER, "world", {"globalClusterIdentifier": "world", "storageEncrypted": True})


def cluster(key: Any = KEY_ARN, name: str = "main", **fields: Any) -> Resource:
    """Return an encrypted cluster; names in camelCase are inputs."""
    inputs = {"clusterIdentifier": name, "storageEncrypted": True, "kmsKeyId": key}
    known = {"property_dependencies", "outputs", "id", "kind"}
    inputs |= {each: fields.pop(each) for each in list(fields) if each not in known}
    return resource(CLUSTER, name, {each: value for each, value in inputs.items() if value is not None}, **fields)


def instance(**inputs: Any) -> Resource:
    """Return an instance with these inputs."""
    return resource(INSTANCE, "one", {"identifier": "one", **inputs})


def of_cluster(subject: Resource, *others: Resource) -> Database:
    """Build the fact of a cluster."""
    return cluster_from_graph(graph(subject, *others), subject)


def of_instance(subject: Resource, *others: Resource) -> Database:
    """Build the fact of an instance."""
    return instance_from_graph(graph(subject, *others), subject)


def verdict(fact: Database) -> Verdict:
    """Judge a fact by the control."""
    return Judge([encrypted_with_customer_key], Settings()).verdict(encrypted_with_customer_key, fact)


@pytest.mark.parametrize("reference", [KEY_ARN, KEY_ID, "alias/ledger", OWN_ALIAS.outputs["arn"]])
def test_key_of_the_stack_counts_by_every_name(reference: str) -> None:
    """Key id, key ARN, alias name and alias ARN are one identity."""
    assert of_cluster(cluster(reference), OWN_KEY, OWN_ALIAS) == ENCRYPTED


@pytest.mark.parametrize(
    "reference", [KEY_ARN, KEY_ID, "alias/theirs", "arn:aws:kms:eu-west-1:999988887777:alias/theirs"]
)
def test_key_that_is_written_out_counts_as_the_customers(reference: str) -> None:
    """A key of another stack cannot be seen, and the condition asks only that one is named."""
    assert of_cluster(cluster(reference)) == ENCRYPTED


@pytest.mark.parametrize(
    "reference", ["alias/aws/rds", "arn:aws:kms:eu-west-1:111122223333:alias/aws/rds", Secret("alias/aws/rds")]
)
def test_aws_managed_key_fails(reference: object) -> None:
    """The key that AWS manages is no customer's key, by name or by ARN."""
    assert verdict(of_cluster(cluster(reference))).status == "fail"


def test_aws_managed_key_that_is_looked_up_fails() -> None:
    """Looking the alias up does not make it the customer's."""
    minted = f"arn:aws:kms:eu-west-1:111122223333:alias/{SYMBOL_MARK}"
    read = resource(ALIAS, "rds", outputs={"arn": minted}, id="alias/aws/rds", kind=Kind.READ)

    assert verdict(of_cluster(cluster("alias/aws/rds"), read)).status == "fail"
    assert verdict(of_cluster(cluster(minted), read)).status == "fail"


def test_aws_managed_key_that_is_looked_up_by_its_arn_is_left_to_the_audit() -> None:
    """A read says that a key exists, not who manages it."""
    read = resource(KEY, "rds", id=KEY_ID, outputs={"arn": KEY_ARN}, kind=Kind.READ)

    assert verdict(of_cluster(cluster(), read)).status == "deferred"


def test_minted_key_of_no_resource_is_left_to_the_audit() -> None:
    """What an invoke made up may stand for any key, also the one that AWS manages."""
    assert verdict(of_cluster(cluster(f"arn:aws:kms:eu-west-1:111122223333:key/{SYMBOL_MARK}"))).status == "deferred"


def test_key_filled_in_by_the_service_is_left_to_the_audit() -> None:
    """Outputs hold a key id even where the program named none, and then it is the one that AWS manages."""
    deployed = resource(CLUSTER, "main", outputs={"storageEncrypted": True, "kmsKeyId": KEY_ARN})

    assert verdict(of_cluster(deployed)).status == "deferred"
    assert verdict(of_cluster(deployed, OWN_KEY)).status == "pass"


def test_unknown_key_is_followed_by_dependency() -> None:
    """In a real preview the id of a new key is unknown, but not where it comes from."""
    subject = cluster(UNKNOWN, property_dependencies={"kmsKeyId": (OWN_KEY.urn,)})

    assert of_cluster(subject, OWN_KEY) == ENCRYPTED
    assert of_cluster(cluster(UNKNOWN), OWN_KEY) == replace(ENCRYPTED, kms_key_id=UNKNOWN)


def test_unknown_key_that_comes_from_several_is_undecided() -> None:
    """A value made of two keys may be either, so neither is picked."""
    other = replace(OWN_KEY, urn=OWN_KEY.urn + "-other", id="")
    both = cluster(UNKNOWN, property_dependencies={"kmsKeyId": (OWN_KEY.urn, other.urn)})
    with_alias = cluster(Secret(UNKNOWN), property_dependencies={"kmsKeyId": (OWN_ALIAS.urn, OWN_KEY.urn)})

    assert of_cluster(both, OWN_KEY, other).kms_key_id == UNKNOWN
    assert of_cluster(with_alias, OWN_KEY, OWN_ALIAS).kms_key_id == UNKNOWN
    assert verdict(of_cluster(both, OWN_KEY, other)).status == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        " alias/aws/rds",
        "alias/",
        "Alias/aws/rds",
        "aws/rds",
        "ledger",
        f"{KEY_ID} ",
        f" {KEY_ARN}",
        f"{KEY_ARN}\n",
        KEY_ARN.replace(":kms:", ":s3:"),
        KEY_ARN.replace("eu-west-1", ""),
        "arn:aws:kms:eu-west-1:111122223333: alias/aws/rds",
    ],
)
def test_text_that_names_no_key_is_undecided(text: str) -> None:
    """What is no key id, alias name or ARN may still end as the key that AWS manages."""
    said = verdict(of_cluster(cluster(text)))

    assert said.status == "unknown"
    assert said.message.startswith("kmsKeyId is no key id")


@pytest.mark.parametrize("text", [f"mrk-{'0' * 32}", KEY_ID.upper(), KEY_ARN.replace("arn:aws:", "arn:aws-us-gov:")])
def test_every_form_of_a_key_counts(text: str) -> None:
    """Keys of several Regions and of other partitions are keys."""
    assert verdict(of_cluster(cluster(text))).status == "pass"


def test_key_of_an_equal_alias_in_another_region_is_not_joined() -> None:
    """An alias name means the Region of the database."""
    elsewhere = replace(OWN_ALIAS, urn=OWN_ALIAS.urn + "-us", inputs={**OWN_ALIAS.inputs, "region": "us-east-1"})

    assert of_cluster(cluster("alias/ledger"), replace(elsewhere, outputs={})) == ENCRYPTED


def test_no_key_is_no_key() -> None:
    """Without kmsKeyId RDS takes the key that AWS manages."""
    assert of_cluster(cluster(None)) == replace(ENCRYPTED, kms_key_id=None)
    assert of_cluster(cluster("")) == replace(ENCRYPTED, kms_key_id=None)


def test_encryption_is_off_unless_set() -> None:
    """Unset means off, except for serverless clusters of the first generation."""
    assert of_cluster(cluster(storageEncrypted=None)).storage_encrypted is False
    assert of_cluster(cluster(storageEncrypted=None, engineMode="serverless")).storage_encrypted is True
    assert of_instance(instance()).storage_encrypted is False


def test_outputs_give_the_same_fact_as_inputs() -> None:
    """A stage that knows outputs only judges the same database."""
    deployed = resource(CLUSTER, "main", outputs=dict(cluster().inputs))

    assert of_cluster(deployed, OWN_KEY) == of_cluster(cluster(), OWN_KEY)


def test_replica_within_a_region_is_recognised() -> None:
    """An identifier names a database of the same Region, an ARN says its Region."""
    own = "arn:aws:rds:eu-west-1:111122223333:db:primary"
    other = "arn:aws:rds:us-east-1:111122223333:db:primary"
    found = [of_instance(instance(replicateSourceDb=each)).same_region_replica for each in ("primary", own, other, "")]

    assert found == [True, True, False, False]
    assert of_cluster(cluster(replicationSourceIdentifier=own)).same_region_replica is True


def test_replica_of_an_unknown_source_is_followed_by_dependency() -> None:
    """In a real preview the ARN of a new source is unknown, its Region is not."""
    source = resource(INSTANCE, "source", {"identifier": "source", "region": "us-east-1"})
    inputs = {"replicateSourceDb": UNKNOWN}
    replica = resource(INSTANCE, "one", inputs, property_dependencies={"replicateSourceDb": (source.urn,)})

    assert of_instance(replica, source).same_region_replica is False
    assert of_instance(resource(INSTANCE, "one", inputs), source).same_region_replica == UNKNOWN


def test_replica_of_another_region_is_encrypted_by_naming_a_key() -> None:
    """The provider ignores storageEncrypted there; a false one still counts as asked for."""
    source = {"replicateSourceDb": "arn:aws:rds:us-east-1:111122223333:db:primary"}

    assert verdict(of_instance(instance(**source, kmsKeyId=KEY_ARN))).status == "pass"
    assert verdict(of_instance(instance(**source))).status == "fail"
    assert verdict(of_instance(instance(**source, kmsKeyId=KEY_ARN, storageEncrypted=False))).status == "fail"


def test_member_of_a_global_database_needs_a_key_of_its_own_region() -> None:
    """A key of the primary's Region cannot encrypt a secondary."""
    near = cluster(globalClusterIdentifier="world")
    far = cluster(name="far", globalClusterIdentifier="world", region="us-east-1")

    assert of_cluster(near, GLOBAL) == replace(ENCRYPTED, global_database=GlobalDatabase(storage_encrypted=True))
    assert verdict(of_cluster(near, GLOBAL)).status == "pass"
    assert verdict(of_cluster(far, GLOBAL)).found == "eu-west-1"


def test_global_database_must_be_encrypted() -> None:
    """Unset means not encrypted, or what the cluster has that it is made from."""
    plain = resource(GLOBAL_CLUSTER, "world", {"globalClusterIdentifier": "world"})
    primary = cluster(outputs={"arn": "arn:aws:rds:eu-west-1:111122223333:cluster:main"})
    made_from = {"globalClusterIdentifier": "world", "sourceDbClusterIdentifier": primary.outputs["arn"]}

    assert verdict(of_cluster(cluster(globalClusterIdentifier="world"), plain)).status == "fail"
    made = of_cluster(primary, resource(GLOBAL_CLUSTER, "world", made_from))
    assert made.global_database == GlobalDatabase(storage_encrypted=True)


@pytest.mark.parametrize("others", [(), (replace(GLOBAL, kind=Kind.READ, inputs={}, id="world"),)])
def test_global_database_of_another_stack_is_left_to_the_audit(others: tuple[Resource, ...]) -> None:
    """Its encryption shows in the account, whether it is looked up or only named."""
    assert verdict(of_cluster(cluster(globalClusterIdentifier="world"), *others)).status == "deferred"


def test_unknown_global_database_is_undecided() -> None:
    """Nobody knows whether it is encrypted, nor whether there is one."""
    assert of_cluster(cluster(globalClusterIdentifier=UNKNOWN)).global_database == UNKNOWN


def test_region_comes_from_the_resource_before_its_provider() -> None:
    """In version 7 of the provider every regional resource may have a Region of its own."""
    assert of_cluster(cluster(region="us-east-1")).region == "us-east-1"
    assert of_cluster(replace(cluster(), provider="")).region == UNKNOWN


def test_secret_key_shows_nowhere() -> None:
    """A key id that is secret is judged and stays out of the fact's text."""
    fact = of_cluster(cluster(Secret(KEY_ARN)), OWN_KEY)

    assert KEY_ID not in repr(fact)
    assert verdict(fact).status == "pass"
