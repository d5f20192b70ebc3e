"""API Gateway: moto demands a package for the import of OpenAPI documents, which the sandbox does not take.

Its extra `apigateway` would bring thirteen packages for two calls, PutRestApi and ImportRestApi. Without them the whole
service is missing, and with it the answer that there is no API.
"""

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Final

_PACKAGE: Final = "openapi_spec_validator"
_ERRORS: Final = f"{_PACKAGE}.validation.exceptions"


class OpenAPIValidationError(Exception):
    """A document is not valid; never raised here."""


def refuse(*_: object) -> None:
    """Refuse to import a document.

    Raises:
        NotImplementedError: Always; the caller sees an operation that does not exist.
    """
    raise NotImplementedError("the sandbox imports no OpenAPI documents")


def _stand_in() -> None:
    package, validation, errors = (ModuleType(name) for name in (_PACKAGE, f"{_PACKAGE}.validation", _ERRORS))
    vars(package).update(validate=refuse, validation=validation)
    vars(validation).update(exceptions=errors)
    vars(errors).update(OpenAPIValidationError=OpenAPIValidationError)
    sys.modules.update({each.__name__: each for each in (package, validation, errors)})


if find_spec(_PACKAGE) is None:
    _stand_in()
