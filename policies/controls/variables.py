"""What every control says that asks for environment variables without secrets."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from policies.facts.lambda_functions import Variable
from policies.model import PASS, Verdict, fail

_WORDS: Final = ("passw", "secret", "token", "apikey", "api_key", "private_key", "credential")
_REFERENCE: Final = ("_ARN", "_NAME", "_ID")
_NAMES: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[^:\s]*:[^:\s]*:\S+|[A-Za-z0-9/_.+=@-]{1,512}")
_SECRETS: Final = {
    "an access key id": re.compile(r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
    "a PEM block": re.compile(r"-----BEGIN [A-Z0-9 ]+-----"),
    "a URL with a password": re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/@]+@", re.IGNORECASE),
    "a connection string with a password": re.compile(r"(?<![a-z])(password|pwd)\s*=\s*[^\s;]+", re.IGNORECASE),
}


def without_secrets(variables: Iterable[Variable], further_words: Collection[str]) -> Verdict:
    """Return the failure of the first variable that holds a secret, by its name or by its value; else PASS.

    Args:
        variables: The variables.
        further_words: Words that give a secret away in a name, beside those that are always looked for.
    """
    words = tuple(each.lower() for each in (*_WORDS, *further_words))
    for variable in variables:
        problem = _problem(variable, words)
        if problem:
            message = "an environment variable holds a secret"
            return fail(message, found=f"{variable.name}: {problem}", wanted="the ARN of a secret")
    return PASS


def _problem(variable: Variable, words: tuple[str, ...]) -> str:
    name, value = variable.name, variable.value
    telling = any(word in name.lower() for word in words)
    if telling and not (name.upper().endswith(_REFERENCE) and _NAMES.fullmatch(value)):
        return "its name says so"
    return next((kind for kind, pattern in _SECRETS.items() if pattern.search(value)), "")
