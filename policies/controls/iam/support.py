"""Controls of access to AWS Support."""

from ledgergate.finding import Severity, Stage
from policies.facts.support_access import SupportAccess
from policies.model import PASS, UNKNOWN, Verdict, control, deferred, example, fail


@control(
    id="IAM.18",
    slug="iam-supportrole-present",
    severity=Severity.LOW,
    requirements=("12.10.3",),
    families=("pci", "identity"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="In an outage on a Sunday nobody on call may open a case with AWS, and hours pass until someone finds "
    "the root user's password.",
    remediation="Attach AWSSupportAccess to a role with an aws.iam.RolePolicyAttachment, in one stack of the account.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a role that is made elsewhere",
    passes=[
        example("the stack gives it to a role", SupportAccess(roles=1)),
        example("a role of the account has it", SupportAccess(roles=2, whole_account=True)),
    ],
    fails=[example("no role of the account has it", SupportAccess(whole_account=True))],
    unknowns=[
        example("nobody knows who has it", SupportAccess(roles=UNKNOWN)),
        example("nobody knows whether there are more", SupportAccess(whole_account=UNKNOWN)),
    ],
)
def support_role_present(access: SupportAccess) -> Verdict:
    """Somebody can turn to AWS Support: a role has AWSSupportAccess attached.

    Any role of the account will do, by RolePolicyAttachment, RolePolicyAttachmentsExclusive, PolicyAttachment with
    roles, or managedPolicyArns. A stack that attaches it passes; one that does not is left to the audit, since the role
    is needed once an account.
    """
    if access.roles:
        return PASS
    if not access.whole_account:
        return deferred(Stage.RUN, "the stack makes no such role, so only the account shows whether there is one")
    return fail("no role can open cases with AWS Support", found="no role", wanted="AWSSupportAccess on a role")
