"""The profile tells the gate what a stack is; it agrees with what the stack configures."""

from policies.settings import load_profile
from policies.vocabulary import EnvironmentClass
from tests.infra.recording import PAYMENTS, Recording


def test_profile_describes_the_stack_beside_it(payments: Recording) -> None:
    """Class, Region and required tags of the profile are those of the resources."""
    settings = load_profile(PAYMENTS / "ledgergate.toml", payments.graph.stack).settings
    (vpc,) = payments.graph.of_type("aws:ec2/vpc:Vpc")

    assert (settings.system, settings.environment_class) == ("payments", vpc.inputs["tags"]["Environment"])
    assert set(settings.required_tags) <= set(vpc.inputs["tags"])
    assert vpc.inputs["region"] in settings.regions


def test_profile_calls_no_production_stack_destroyable(payments: Recording) -> None:
    """In production the deviation is a waiver; elsewhere the profile says what the stack says."""
    settings = load_profile(PAYMENTS / "ledgergate.toml", payments.graph.stack).settings
    (cluster,) = payments.graph.of_type("aws:rds/cluster:Cluster")
    production = settings.environment_class is EnvironmentClass.PROD

    assert settings.destroyable == (cluster.inputs["skipFinalSnapshot"] and not production)
