"""Which type of resource an ARN names, by the ARN templates of the table of identities."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from ledgergate.engine.symbolic.identities import identity_of, types


def type_of(arn: str) -> str:
    """Return the type token of the most exact template that an ARN fits, the plainest of several; empty for none."""
    parts = arn.split(":", 3)
    fitting = _patterns().get(parts[2], ()) if len(parts) > 3 else ()  # noqa: PLR2004 - prefix, partition, service, rest
    return next((token for pattern, token in fitting if pattern.fullmatch(arn)), "")


@cache
def _patterns() -> Mapping[str, list[tuple[re.Pattern[str], str]]]:
    found: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for token in types():
        identity = identity_of(token)
        if identity is not None and identity.arn is not None and identity.arn.text.startswith("arn:"):
            template = identity.arn
            literal = len(re.sub(r"\{[^}]*\}", "", template.text))
            found[template.text.split(":", 3)[2]].append((-literal, len(token), token, template.pattern({})))
    return {
        service: [(re.compile(pattern), token) for _, _, token, pattern in sorted(rows)]
        for service, rows in found.items()
    }
