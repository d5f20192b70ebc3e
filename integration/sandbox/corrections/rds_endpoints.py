"""RDS: endpoints that somebody made. Moto makes none, so there are none."""

from collections.abc import Callable

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from integration.sandbox.corrections.registry import provides


def _none(items: str) -> Callable[[RDSResponse], ActionResult]:
    return lambda _response: ActionResult({items: []})


for _name, _items in (
    ("describe_db_cluster_endpoints", "DBClusterEndpoints"),
    ("describe_db_proxy_endpoints", "DBProxyEndpoints"),
):
    provides(
        RDSResponse,
        _name,
        fact="Endpoints are listed, also when there are none",
        source="Amazon RDS API reference, DescribeDBClusterEndpoints and DescribeDBProxyEndpoints",
    )(_none(_items))
