"""What every control says that asks for environment variables without secrets."""

from collections.abc import Collection, Iterable
from typing import Final

from policies.facts.variables import SECRETS, Holding, Variable
from policies.model import PASS, Verdict, fail

_WORDS: Final = ("passw", "secret", "token", "apikey", "api_key", "private_key", "credential")
_REFERENCE: Final = ("_ARN", "_NAME", "_ID")
"""Endings of a variable that says where a secret is. An ARN says so by itself, a name has the form of a password."""


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
    name = variable.name
    telling = any(word in name.lower() for word in words)
    pointing = name.upper().endswith(_REFERENCE) and variable.holds is Holding.NAME
    if telling and variable.holds is not Holding.ARN and not pointing:
        return "its name says so"
    return variable.holds if variable.holds in SECRETS else ""
