"""Which requests AWS X-Ray keeps a trace of."""

from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names

ONE_A_SECOND: Final = 1

_PRIORITY: Final = 1000
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSamplingArgs:
    """How many requests are traced.

    Args:
        names: Names of the deployment.
        region: Where the services are.
        rate: Share of requests that are traced beyond the first of each second, 0 to 1.
    """

    names: Names
    region: str
    rate: float


class TraceSampling(pulumi.ComponentResource):
    """A sampling rule for the services of the system, whose names begin with the system's.

    Args:
        name: Logical name.
        args: How many requests are traced.
        opts: Resource options.
    """

    def __init__(self, name: str, args: TraceSamplingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:TraceSampling", name, None, opts)
        aws.xray.SamplingRule(
            name,
            region=args.region,
            rule_name=args.names.of("requests"),
            priority=_PRIORITY,
            version=_VERSION,
            reservoir_size=ONE_A_SECOND,
            fixed_rate=args.rate,
            service_name=f"{args.names.system}-*-{args.names.suffix}",
            service_type="*",
            host="*",
            http_method="*",
            url_path="*",
            resource_arn="*",
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.register_outputs({})
