"""Controls of what Lambda functions run, and with which variables."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.controls.variables import without_secrets
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.lambda_functions import Function, FunctionKey, FunctionNetwork
from policies.facts.variables import variable_of
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, shown, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_SYSTEMS: Final = "Demand of the banking, payments and fraud systems"
PYTHON: Final = Function(runtime="python3.13", support_days_left=942)


def _with(name: str, value: str) -> Function:
    return replace(PYTHON, variables=(variable_of("TABLE", "scores"), variable_of(name, value)))


@control(
    id="Lambda.2",
    slug="lambda-function-supported-runtime",
    severity=Severity.MEDIUM,
    requirements=("12.3.4",),
    families=("pci", "supply-chain"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="Once AWS ends support no security patch arrives for the language runtime, and later the function can "
    "no longer be updated, even in an emergency.",
    remediation="Set runtime of the aws.lambda_.Function to one that AWS goes on supporting, such as python3.13.",
    passes=[
        example("a runtime with time to go", PYTHON),
        example("its last day is tomorrow", replace(PYTHON, support_days_left=1)),
    ],
    fails=[
        example("its last day is today", replace(PYTHON, support_days_left=0)),
        example("its end is past", Function(runtime="nodejs20.x", support_days_left=-214)),
        example("a runtime that the list does not hold", Function(runtime="python2.7")),
        example("no runtime", Function()),
    ],
    unknowns=[
        example("the runtime comes later", replace(PYTHON, runtime=UNKNOWN, support_days_left=UNKNOWN)),
        example("the kind of package comes later", replace(PYTHON, package_type=UNKNOWN)),
    ],
    not_applicable=[example("an image", Function(package_type="Image"))],
)
def supported_runtime(function: Function) -> Verdict:
    """A Lambda function runs on a runtime that AWS supports.

    The runtime is in the list of runtimes kept here (policies/data/lambda_runtimes.csv), and the day on which AWS ends
    it lies after the day of the judgement. A function of packageType Image brings its own runtime and is not
    applicable; packageType is Zip when unset.
    """
    if function.package_type == "Image":
        return not_applicable("an image brings its own runtime")
    left, found = function.support_days_left, function.runtime or "no runtime"
    if left is None:
        return fail("the runtime is not among those that AWS supports", found=found, wanted="a supported runtime")
    return require(left > 0, "AWS no longer supports the runtime", found=found, wanted="a supported runtime")


@control(
    id="LG-IAM-10",
    slug="lambda-function-secret-free-environment",
    severity=Severity.HIGH,
    requirements=("8.3.2", "8.6.2"),
    families=("pci", "identity"),
    source=f"{_SYSTEMS}, read 2026-11-20",
    rationale="Everyone who may look at the function in the console reads the password, and it ends up in crash "
    "reports and deployment logs, from where it is reused.",
    remediation="Keep the secret in an aws.secretsmanager.Secret, hand the function its ARN in a variable called "
    "…_ARN, and let the function read it.",
    parameters=("secret_name_words",),
    passes=[
        example("a variable that says nothing", PYTHON),
        example(
            "the ARN of a secret", _with("DB_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db")
        ),
        example(
            "the ARN of a secret, whatever the variable is called",
            _with("SECRET", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"),
        ),
        example("the name of a secret", _with("DB_PASSWORD_NAME", "ledger/db")),
        example("a URL without a password", _with("ENDPOINT", "https://ledger@example.com/a:b")),
        example("no variables", Function()),
    ],
    fails=[
        example("a password", _with("DB_PASSWORD", "correct horse")),
        example("a token in other letters", _with("apiToken", "x")),
        example("what may be a name or a password", _with("SECRET", "ledger/db")),
        example("a secret under the name of a reference", _with("DB_SECRET_ARN", "correct horse")),
        example("a word of the profile", _with("PIN", "1234"), params={"secret_name_words": ("pin",)}),
        example("an access key id", _with("HINT", "AKIAIOSFODNN7EXAMPLE")),
        example("a key in PEM", _with("CERT", "-----BEGIN PRIVATE KEY-----\nMII")),
        example("a URL with a password", _with("DSN", "postgres://app:hunter2@db:5432/ledger")),
        example("a connection string", _with("DSN", "Server=db;User=app;Password=hunter2")),
    ],
    unknowns=[
        example("a value comes later", _with("TABLE_2", UNKNOWN)),
        example("a password or its ARN comes later", _with("DB_PASSWORD", UNKNOWN)),
        example("the variables come later", replace(PYTHON, variables=UNKNOWN)),
    ],
)
def secret_free_environment(function: Function, settings: "Settings") -> Verdict:
    """The environment variables of a Lambda function hold no secret.

    No name holds passw, secret, token, apikey, api_key, private_key, credential or a word of secret_name_words, in
    capitals or not, unless the value is an ARN, or it ends in _ARN, _NAME or _ID and the value is a name. No value
    holds an access key id, the head of a PEM block, or a URL or connection string with a password. What a resource of
    the stack is called counts as a name. A value that nobody knows yet is undecided. So are, in an account, the
    variables of a function with a key of its own until whoever audits may decrypt with it: Lambda shows them to nobody
    else.
    """
    return without_secrets(function.variables, settings.secret_name_words)


CUSTOMER: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
KEYED: Final = FunctionKey(has_variables=True, kms_key_arn=CUSTOMER)


@control(
    id="LG-ENC-17",
    slug="lambda-function-environment-encrypted-with-customer-key",
    severity=Severity.LOW,
    requirements=("3.5.1", "3.6.1"),
    families=("pci", "encryption"),
    source=f"{_SYSTEMS}, read 2026-11-20",
    rationale="Anyone who may view the function's configuration sees its variables decrypted by default; a key of "
    "your own asks each of them for kms:Decrypt and records it.",
    remediation="Set kms_key_arn of the aws.lambda_.Function to the ARN of a customer managed key.",
    passes=[
        example("a customer's key", KEYED),
        example("a key that is looked up", replace(KEYED, kms_key_arn=replace(CUSTOMER, manager=KeyManager.UNSEEN))),
    ],
    fails=[
        example("no key named", replace(KEYED, kms_key_arn=None)),
        example("the key that AWS manages", replace(KEYED, kms_key_arn=replace(CUSTOMER, manager=KeyManager.AWS))),
    ],
    unknowns=[
        example("nobody knows which key it names", replace(KEYED, kms_key_arn=UNKNOWN)),
        example("nobody knows whether it has variables", replace(KEYED, has_variables=UNKNOWN)),
        example(
            "what it names is no key",
            replace(KEYED, kms_key_arn=replace(CUSTOMER, manager=KeyManager.UNREADABLE)),
        ),
    ],
    not_applicable=[example("no variables", FunctionKey())],
)
def environment_encrypted(function: FunctionKey) -> Verdict:
    """The environment variables of a Lambda function are encrypted with a key that somebody chose.

    kmsKeyArn is set, and no alias under alias/aws/ stands there; unset, Lambda takes the key that AWS manages for it. A
    key that is only looked up counts: it was named. Functions without environment variables are not applicable.
    """
    if not function.has_variables:
        return not_applicable("the function has no environment variables")
    key = function.kms_key_arn
    if key is None:
        return fail("no key is named for the environment", found="no kmsKeyArn", wanted="a customer managed key")
    if key.manager is KeyManager.AWS:
        return fail("AWS manages the key of the environment", found="alias/aws/…", wanted="a customer managed key")
    if key.manager is KeyManager.UNREADABLE:
        return undecided("kmsKeyArn is no ARN of a key, so nobody knows whose key it is")
    return PASS


NETWORKED: Final = FunctionNetwork(name="scorer", security_group_ids=("sg-1",), zones=("eu-west-1a", "eu-west-1b"))


@control(
    id="LG-NET-08",
    slug="lambda-function-in-vpc",
    severity=Severity.MEDIUM,
    requirements=("1.3.1", "1.4.2"),
    families=("pci", "network"),
    source=f"{_SYSTEMS}, after Security Hub Lambda.3 and Lambda.5, read 2026-11-20",
    rationale="A function outside talks to any address in the world unfiltered and unlogged, so stolen data leaves "
    "that way; with one zone, its failure stops payments.",
    remediation="Set vpc_config of the aws.lambda_.Function to subnets in several zones and to its security groups.",
    parameters=("functions_outside_vpc", "min_function_zones"),
    passes=[
        example("subnets in two zones", NETWORKED),
        example("two known zones are enough", replace(NETWORKED, zones=(*NETWORKED.zones, UNKNOWN))),
    ],
    fails=[
        example("no VPC", FunctionNetwork(name="scorer")),
        example("no security group", replace(NETWORKED, security_group_ids=())),
        example("two subnets in one zone", replace(NETWORKED, zones=("eu-west-1a", "eu-west-1a"))),
        example("fewer zones than the profile asks for", NETWORKED, params={"min_function_zones": 3}),
    ],
    unknowns=[
        example("a subnet that the stack does not create", replace(NETWORKED, zones=("eu-west-1a", UNKNOWN))),
        example("the security groups come later", replace(NETWORKED, security_group_ids=UNKNOWN)),
    ],
    not_applicable=[
        example(
            "a function of the edge", FunctionNetwork(name="headers"), params={"functions_outside_vpc": ("headers",)}
        )
    ],
)
def in_vpc(function: FunctionNetwork, settings: "Settings") -> Verdict:
    """A Lambda function runs in a VPC, in more than one zone.

    vpcConfig has securityGroupIds, and subnetIds in at least min_function_zones availability zones, taken from the
    subnets of the stack; a subnet from elsewhere has a zone that nobody knows, which is undecided unless the others are
    enough. Functions named in functions_outside_vpc are not applicable.
    """
    outside, least = settings.functions_outside_vpc, settings.min_function_zones
    if function.name in outside:
        return not_applicable("the function is named as one outside any VPC")
    if not function.security_group_ids:
        return fail("the function is in no VPC with security groups", found="none", wanted="vpcConfig")
    zones: list[str] = []
    for zone in function.zones:
        if zone not in zones:
            zones.append(zone)
        if len(zones) == least:
            return PASS
    return fail("the function's subnets are in too few zones", found=shown(zones), wanted=f"{least} zones")
