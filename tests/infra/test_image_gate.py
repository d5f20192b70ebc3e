"""The image gate: what it decides, and how it reads revisions and scans."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, Final

import boto3
import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from functions.image_gate import handler
from functions.image_gate.decision import FORBIDDEN, HookStatus, Scan, ScanState, decide
from functions.image_gate.scans import parse_image, read_scan

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
DIGEST: Final = f"sha256:{'0a' * 32}"
REGISTRY: Final = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
PUBLIC: Final = f"public.ecr.aws/nginx/nginx@{DIGEST}"

EVENT: Final[Mapping[str, Any]] = {
    "executionId": "e8d5a28f-eb01-4f3c-9454-a30ba6dc54bc",
    "lifecycleStage": "PRE_SCALE_UP",
    "resourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service-deployment/my-cluster/my-service/EZe5RNVLH6PPzHXINuP28",
    "executionDetails": {
        "serviceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/my-cluster/my-service",
        "targetServiceRevisionArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:service-revision/my-cluster/my-service/93134235",
        "testTrafficWeights": {},
        "productionTrafficWeights": {},
    },
}
"""What ECS sends. Source: Amazon ECS developer guide, Lambda hooks, read 2026-11-30."""

SCANS: Final = st.builds(
    Scan,
    image=st.sampled_from(["a", "b", "c"]),
    state=st.sampled_from(ScanState),
    findings=st.dictionaries(
        st.sampled_from(["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"]), st.integers(0, 3)
    ),
)

requirement = pytest.mark.requirement("B-22")


def severe(scan: Scan) -> bool:
    """Tell whether a scan found something that must not run."""
    return any(scan.findings.get(severity, 0) for severity in FORBIDDEN)


@requirement
@given(scans=st.lists(SCANS, min_size=1), allow_unscanned=st.booleans())
def test_nothing_severe_and_nothing_unread_goes_on(scans: list[Scan], *, allow_unscanned: bool) -> None:
    """A deployment goes on only if every image has a clean result, or none and that is allowed."""
    decision = decide(scans, allow_unscanned=allow_unscanned)
    good = {ScanState.FINISHED, ScanState.ABSENT} if allow_unscanned else {ScanState.FINISHED}

    assert (decision.status is HookStatus.SUCCEEDED) == all(scan.state in good and not severe(scan) for scan in scans)


@requirement
@given(scans=st.lists(SCANS), further=SCANS, allow_unscanned=st.booleans())
def test_a_further_image_never_helps(scans: list[Scan], further: Scan, *, allow_unscanned: bool) -> None:
    """What was stopped stays stopped, whatever else the revision runs."""
    before = decide(scans, allow_unscanned=allow_unscanned) if scans else None
    after = decide([*scans, further], allow_unscanned=allow_unscanned)

    assert before is None or before.status is not HookStatus.FAILED or after.status is HookStatus.FAILED


@requirement
@given(scans=st.lists(SCANS, min_size=1))
def test_waiting_ends_with_the_last_scan(scans: list[Scan]) -> None:
    """The gate waits only while some scan runs and nothing has been found yet."""
    status = decide(scans, allow_unscanned=True).status
    running = any(scan.state is ScanState.RUNNING for scan in scans)
    stopped = any(scan.state is ScanState.BROKEN or severe(scan) for scan in scans)

    assert (status is HookStatus.IN_PROGRESS) == (running and not stopped)


@requirement
def test_answers_have_the_form_that_ecs_takes() -> None:
    """Only waiting names a delay."""
    running, clean = (Scan(image="a", state=state) for state in (ScanState.RUNNING, ScanState.FINISHED))
    answers = [decide(scans, allow_unscanned=False).answer for scans in ([running], [clean], [])]

    assert answers == [
        {"hookStatus": "IN_PROGRESS", "callBackDelay": 30},
        {"hookStatus": "SUCCEEDED"},
        {"hookStatus": "FAILED"},
    ]


@pytest.mark.parametrize(
    ("reference", "repository", "image_id"),
    [
        (f"{REGISTRY}/pay@{DIGEST}", "pay", {"imageDigest": DIGEST}),
        (f"{REGISTRY}/team/pay:1.2@{DIGEST}", "team/pay", {"imageDigest": DIGEST}),
        (f"{REGISTRY}/team/pay:1.2", "team/pay", {"imageTag": "1.2"}),
        (f"{REGISTRY}/pay", "pay", {"imageTag": "latest"}),
    ],
)
def test_reference_is_read_as_a_pull_reads_it(reference: str, repository: str, image_id: dict[str, str]) -> None:
    """A digest wins over a tag, and neither means latest."""
    found = parse_image(reference)

    assert found
    assert (found.account, found.region, found.repository, found.image_id) == (ACCOUNT, REGION, repository, image_id)


@pytest.mark.parametrize("reference", [PUBLIC, "nginx", f"{REGISTRY}.evil.example/pay", f"x{REGISTRY}/pay:1", ""])
def test_foreign_reference_is_in_no_private_registry(reference: str) -> None:
    """What only looks like a private registry is none."""
    assert parse_image(reference) is None


def post(url: str, body: Any) -> None:
    """Send JSON to moto's own interface on loopback; anything but success raises."""
    content = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), content)  # noqa: S310 - loopback
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 - loopback


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Start moto as a server and return its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def registry(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client of an empty ECR that answers over HTTP."""
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    post(f"{endpoint}/moto-api/reset", {})
    return boto3.client("ecr", region_name=REGION, endpoint_url=endpoint)


def push(registry: Any, *, scanned: bool) -> str:
    """Push an image, scan it or not, and return its reference by digest."""
    registry.create_repository(repositoryName="pay")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []})
    pushed = registry.put_image(repositoryName="pay", imageManifest=manifest, imageTag="1")
    if scanned:
        registry.start_image_scan(repositoryName="pay", imageId={"imageTag": "1"})
    return f"{REGISTRY}/pay@{pushed['image']['imageId']['imageDigest']}"


def answer_scans(endpoint: str, reference: str, *, status: str, **findings: int) -> None:
    """Let ECR say this of the scan of an image."""
    digest = reference.partition("@")[2]
    result = {
        "registryId": ACCOUNT,
        "repositoryName": "pay",
        "imageId": {"imageDigest": digest},
        "imageScanStatus": {"status": status},
        "imageScanFindings": {"findingSeverityCounts": findings},
    }
    body = {"results": [result], "account_id": ACCOUNT, "region": REGION}
    post(f"{endpoint}/moto-api/static/ecr/scan-finding-results", body)


@requirement
@pytest.mark.parametrize(
    ("status", "findings", "verdict"),
    [
        ("COMPLETE", {}, HookStatus.SUCCEEDED),
        ("COMPLETE", {"MEDIUM": 4, "LOW": 9}, HookStatus.SUCCEEDED),
        ("COMPLETE", {"HIGH": 1}, HookStatus.FAILED),
        ("ACTIVE", {"CRITICAL": 1}, HookStatus.FAILED),
        ("ACTIVE", {"MEDIUM": 1}, HookStatus.SUCCEEDED),
        ("IN_PROGRESS", {}, HookStatus.IN_PROGRESS),
        ("PENDING", {}, HookStatus.IN_PROGRESS),
        ("FAILED", {}, HookStatus.FAILED),
        ("UNSUPPORTED_IMAGE", {}, HookStatus.FAILED),
        ("SCAN_ELIGIBILITY_EXPIRED", {}, HookStatus.FAILED),
    ],
)
def test_scan_decides(registry: Any, endpoint: str, status: str, findings: dict[str, int], verdict: HookStatus) -> None:
    """What ECR says over HTTP decides whether the deployment goes on."""
    image = push(registry, scanned=True)
    answer_scans(endpoint, image, status=status, **findings)

    assert decide([read_scan(registry, image, region=REGION)], allow_unscanned=True).status is verdict


@requirement
@pytest.mark.parametrize("allow_unscanned", [True, False])
def test_image_without_a_scan_needs_permission(registry: Any, *, allow_unscanned: bool) -> None:
    """An image that nobody scanned, and one outside every private registry, pass only where that is allowed."""
    scans = [read_scan(registry, image, region=REGION) for image in (push(registry, scanned=False), PUBLIC)]

    assert {scan.state for scan in scans} == {ScanState.ABSENT}
    assert (decide(scans, allow_unscanned=allow_unscanned).status is HookStatus.SUCCEEDED) is allow_unscanned


@requirement
def test_image_in_another_region_has_no_scan_here(registry: Any) -> None:
    """The gate asks its own Region only, so an image elsewhere counts as not scanned."""
    image = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/pay@{DIGEST}"

    assert read_scan(registry, image, region=REGION).state is ScanState.ABSENT


def revision(stub: Stubber, *images: str) -> None:
    """Let ECS answer with a revision that runs these images; botocore checks both calls and both answers."""
    revision_arn, definition_arn = (
        EVENT["executionDetails"]["targetServiceRevisionArn"],
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/pay:7",
    )
    stub.add_response(
        "describe_service_revisions",
        {"serviceRevisions": [{"serviceRevisionArn": revision_arn, "taskDefinition": definition_arn}], "failures": []},
        {"serviceRevisionArns": [revision_arn]},
    )
    containers = [{"name": f"container-{number}", "image": image} for number, image in enumerate(images)]
    stub.add_response(
        "describe_task_definition",
        {"taskDefinition": {"taskDefinitionArn": definition_arn, "containerDefinitions": containers}},
        {"taskDefinition": definition_arn},
    )


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, registry: Any) -> Iterator[Stubber]:
    """Let the handler find ECS with prepared answers, and the registry above."""
    monkeypatch.setenv("AWS_REGION", REGION)
    ecs = boto3.client("ecs", region_name=REGION)
    clients = {"ecs": ecs, "ecr": registry}
    monkeypatch.setattr("functions.image_gate.handler.boto3.client", lambda name, region_name: clients[name])
    with Stubber(ecs) as stub:
        yield stub


@requirement
@pytest.mark.parametrize(("findings", "status"), [({}, "SUCCEEDED"), ({"CRITICAL": 2}, "FAILED")])
def test_event_is_answered(
    services: Stubber, registry: Any, endpoint: str, findings: dict[str, int], status: str
) -> None:
    """From the event as ECS sends it to the answer as ECS takes it, by way of revision, task definition and scan."""
    image = push(registry, scanned=True)
    answer_scans(endpoint, image, status="COMPLETE", **findings)
    revision(services, image)

    assert handler.handle(EVENT, None) == {"hookStatus": status}


@requirement
@pytest.mark.parametrize(("variable", "status"), [("true", "SUCCEEDED"), ("false", "FAILED"), ("yes", "FAILED")])
def test_environment_allows_images_without_a_scan(
    services: Stubber, monkeypatch: pytest.MonkeyPatch, variable: str, status: str
) -> None:
    """Only the exact word lets a public placeholder pass."""
    monkeypatch.setenv("ALLOW_UNSCANNED", variable)
    revision(services, PUBLIC)

    assert handler.handle(EVENT, None) == {"hookStatus": status}


@requirement
@pytest.mark.parametrize("event", [{}, {"executionDetails": {}}, EVENT])
def test_whatever_goes_wrong_stops_the_deployment(services: Stubber, event: Mapping[str, Any]) -> None:
    """An event without a revision and a refused call both end as FAILED."""
    services.add_client_error("describe_service_revisions", "AccessDeniedException")

    assert handler.handle(event, None) == {"hookStatus": "FAILED"}


@requirement
def test_missing_image_stops_the_deployment(services: Stubber, registry: Any) -> None:
    """An image that the registry does not know is an error, not an image without findings."""
    push(registry, scanned=True)
    revision(services, f"{REGISTRY}/pay@{DIGEST}")

    assert handler.handle(EVENT, None) == {"hookStatus": "FAILED"}


@requirement
def test_result_without_counts_is_no_pass() -> None:
    """A finished scan without its counts is an answer that nobody can read."""

    class Silent:
        def describe_image_scan_findings(self, **request: Any) -> dict[str, Any]:
            return {"imageScanStatus": {"status": "COMPLETE"}, "imageScanFindings": {}}

    with pytest.raises(KeyError, match="findingSeverityCounts"):
        read_scan(Silent(), f"{REGISTRY}/pay@{DIGEST}", region=REGION)
