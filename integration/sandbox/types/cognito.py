"""User pools of Cognito."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.tags import wanted_tags


def _settings(subject: Subject) -> dict[str, Any]:
    # What a change leaves out goes back to its default, so everything is said each time.
    protection = subject.inputs.get("deletionProtection") or "INACTIVE"
    return {"DeletionProtection": protection, "UserPoolTags": wanted_tags(subject)}


def _create(subject: Subject) -> str:
    cognito = subject.aws.of("cognito-idp")
    return str(cognito.create_user_pool(PoolName=subject.inputs["name"], **_settings(subject))["UserPool"]["Id"])


def _change(subject: Subject) -> None:
    subject.aws.of("cognito-idp").update_user_pool(UserPoolId=subject.id, **_settings(subject))


def _read(subject: Subject) -> Properties:
    found: Any = subject.aws.of("cognito-idp").describe_user_pool(UserPoolId=subject.id)["UserPool"]
    return {
        "arn": found["Arn"],
        "deletionProtection": found["DeletionProtection"],
        "name": found["Name"],
        "tagsAll": dict(found["UserPoolTags"]),
    }


def _delete(subject: Subject) -> None:
    subject.aws.of("cognito-idp").delete_user_pool(UserPoolId=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:cognito/userPool:UserPool",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("name",),
        updates=put(_change, "deletionProtection", "tagsAll"),
    ),
)
