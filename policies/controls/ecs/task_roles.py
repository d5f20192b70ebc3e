"""Controls of the roles that tasks run under."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.ecs.containers import SYSTEMS
from policies.facts.ecs_tasks import TaskRole, TaskRoles
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

_API: Final = TaskRole(family="api", role="arn:aws:iam::111122223333:role/api")
_WEB: Final = TaskRole(family="web", role="arn:aws:iam::111122223333:role/web")
SEPARATE: Final = TaskRoles(task=_API, execution_role="arn:aws:iam::111122223333:role/api-start", others=(_WEB,))


@control(
    id="LG-IAM-13",
    slug="ecs-taskdefinition-roles-separate",
    severity=Severity.MEDIUM,
    requirements=("7.2.1", "7.2.5"),
    families=("pci", "identity"),
    source=SYSTEMS,
    rationale="Break into the weakest service and you hold the rights of all that share its role, and with the "
    "execution role also its image pulls and start-up secrets.",
    remediation="Set task_role_arn and execution_role_arn of the aws.ecs.TaskDefinition to two different aws.iam.Role, "
    "and give every service a task role of its own.",
    passes=[
        example("a role for the task, one for its start, and none shared", SEPARATE),
        example("another revision of the same service", replace(SEPARATE, others=(_API,))),
        example("another service without a role", replace(SEPARATE, others=(replace(_WEB, role=""),))),
    ],
    fails=[
        example("no task role", replace(SEPARATE, task=replace(_API, role=""))),
        example("no execution role", replace(SEPARATE, execution_role="")),
        example("one role for both", replace(SEPARATE, execution_role=_API.role)),
        example("the task role of another service", replace(SEPARATE, others=(_WEB, replace(_WEB, role=_API.role)))),
    ],
    unknowns=[
        example("the task role comes later", replace(SEPARATE, task=replace(_API, role=UNKNOWN))),
        example("the execution role comes later", replace(SEPARATE, execution_role=UNKNOWN)),
        example("another service's role comes later", replace(SEPARATE, others=(replace(_WEB, role=UNKNOWN),))),
    ],
)
def roles_separate(roles: TaskRoles) -> Verdict:
    """A task runs under a role of its service alone, and another one starts it.

    taskRoleArn and executionRoleArn are both set and differ, and no task definition of another family in the stack has
    the same taskRoleArn. Task definitions of one family are revisions of one service. A role of the stack is the same
    by its name and by its ARN.

    In an account the newest active revision of each family is judged, and every other one that a service runs, beside
    all of these in its Region.
    """
    role, start = roles.task.role, roles.execution_role
    if not role or not start:
        missing = "taskRoleArn" if not role else "executionRoleArn"
        return fail("it has no role of its own", found=f"no {missing}", wanted="taskRoleArn and executionRoleArn")
    if role == start:
        return fail("one role runs it and starts it", found="the same role", wanted="two roles")
    for other in roles.others:
        if other.role == role and other.family != roles.task.family:
            return fail("another service has the same task role", found=other.family, wanted="a role for each service")
    return PASS
