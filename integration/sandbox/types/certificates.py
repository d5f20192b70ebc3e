"""ACM certificates."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel
from integration.sandbox.types.tags import as_tags, retag, tags_from

_REQUEST: Final = ("domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod")


def _create(subject: Subject) -> str:
    acm = subject.aws.of("acm")
    if subject.inputs.get("certificateBody"):
        return str(acm.import_certificate(**_imported(subject))["CertificateArn"])
    return str(acm.request_certificate(**subject.given(*_REQUEST))["CertificateArn"])


def _imported(subject: Subject) -> dict[str, Any]:
    names = {"certificateBody": "Certificate", "privateKey": "PrivateKey", "certificateChain": "CertificateChain"}
    wanted = subject.inputs
    return {call: wanted[name].encode() for name, call in names.items() if wanted.get(name)}


def _import_again(subject: Subject) -> None:
    subject.aws.of("acm").import_certificate(CertificateArn=subject.id, **_imported(subject))


def _read(subject: Subject) -> Properties:
    acm = subject.aws.of("acm")
    found: Any = acm.describe_certificate(CertificateArn=subject.id)["Certificate"]
    texts = {camel(name): found[name].isoformat() for name in ("NotAfter", "NotBefore") if name in found}
    if found["Type"] == "IMPORTED":
        texts["certificateBody"] = acm.get_certificate(CertificateArn=subject.id)["Certificate"]
    return {
        **texts,
        "arn": found["CertificateArn"],
        "domainName": found["DomainName"],
        "domainValidationOptions": [_validation(each) for each in found.get("DomainValidationOptions", ())],
        "keyAlgorithm": found.get("KeyAlgorithm", ""),
        "status": found["Status"],
        "subjectAlternativeNames": found.get("SubjectAlternativeNames", []),
        "tagsAll": tags_from(acm.list_tags_for_certificate(CertificateArn=subject.id)["Tags"]),
        "type": found["Type"],
    }


def _validation(found: Any) -> dict[str, str]:
    record = found.get("ResourceRecord", {})
    texts = {f"resourceRecord{name}": text for name, text in record.items()}
    return {"domainName": found["DomainName"], **texts}


def _set_tags(subject: Subject) -> None:
    acm, arn = subject.aws.of("acm"), subject.id
    retag(
        subject,
        lambda tags: acm.add_tags_to_certificate(CertificateArn=arn, Tags=as_tags(tags)),
        lambda keys: acm.remove_tags_from_certificate(CertificateArn=arn, Tags=[{"Key": key} for key in keys]),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("acm").delete_certificate(CertificateArn=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:acm/certificate:Certificate",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=_REQUEST,
        updates=put(_import_again, "certificateBody", "certificateChain", "privateKey"),
        settings={"tagsAll": _set_tags},
    ),
)
