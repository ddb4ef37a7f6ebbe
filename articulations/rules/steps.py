"""The steps of a request: which there are, who decides each, and what each refuses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts.access import Role, stands_on
from accounts.models import User
from articulations.models import (
    AlignmentRow,
    ArticulationRequest,
    RequestStep,
    StepKind,
    StepPlan,
)
from articulations.rules.requesting import why_not_perkins
from articulations.rules.signers import signing_seat
from organizations.models import College, Consortium, HighSchool, SignerTitle
from sers.lib.moments import day
from sers.lib.refusal import Refusal

State = ArticulationRequest.State
Outcome = RequestStep.Outcome
V_CODE: Final = re.compile(r"V[0-9]{6}")
#: What faculty ask for at least where no plan says otherwise; South Puget Sound's figure.
USUAL_ALIGNMENT: Final = 80
#: What may come of a step beside passing it.
OTHER_OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    StepKind.SIGN: (Outcome.RETURNED,),
    StepKind.SCREEN: (Outcome.RETURNED,),
    StepKind.REVIEW: (Outcome.RETURNED, Outcome.DENIED),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One step as a plan asks for it."""

    kind: str
    signs_as: SignerTitle | None = None
    or_signs_as: SignerTitle | None = None

    @property
    def name(self) -> str:
        """`Signature of the CTE director, at a skills center of the Skills-center director`."""
        if self.signs_as is None:
            return str(StepKind(self.kind).label)
        other = f", at a skills center of the {self.or_signs_as}" if self.or_signs_as else ""
        return f"Signature of the {self.signs_as}{other}"


def usual_steps() -> list[Planned]:
    """What every request goes through unless a plan says otherwise: the signature of the district's CTE director or the
    skills center's director (RCW 28B.50.531), screening, faculty review."""
    titles = list(SignerTitle.objects.all())
    district = next((one for one in titles if one.role == Role.DISTRICT), None)
    center = next((one for one in titles if one.school_kind == HighSchool.Kind.SKILLS_CENTER), None)
    signature = [Planned(StepKind.SIGN, district, center)] if district else []
    return [*signature, Planned(StepKind.SCREEN), Planned(StepKind.REVIEW)]


def steps_of_plan(plan: StepPlan | None) -> tuple[list[Planned], int]:
    """The steps of a plan and the least alignment; the usual ones where there is no plan."""
    if plan is None:
        return usual_steps(), USUAL_ALIGNMENT
    rows = plan.steps.select_related("signs_as", "or_signs_as").order_by("position")
    return [Planned(one.kind, one.signs_as, one.or_signs_as) for one in rows], plan.minimum_alignment


def why_not_set_plan(user: User, consortium: Consortium) -> Refusal | None:
    """The steps of a consortium and of its colleges are set by its staff."""
    if not stands_on(user, Role.CONSORTIUM, consortium.pk):
        return Refusal("not_consortium", f"Staff of {consortium} set the steps of its requests.")
    return None


def why_not_plan(steps: Sequence[Planned]) -> Refusal | None:
    """A plan has at least one signature of the school's side, exactly one screening, and exactly one faculty review after it."""
    kinds = [one.kind for one in steps]
    if kinds.count(StepKind.SCREEN) != 1 or kinds.count(StepKind.REVIEW) != 1:
        return Refusal(
            "one_of_each",
            "A request is screened once and reviewed once.",
            "Choose Screening and Faculty review once each.",
        )
    if kinds.index(StepKind.REVIEW) < kinds.index(StepKind.SCREEN):
        return Refusal(
            "screened_first", "Faculty review what was screened.", "Put Screening before Faculty review."
        )
    signers = {one.signs_as.role for one in steps if one.signs_as is not None}
    if not signers & {Role.DISTRICT, Role.COUNSELOR}:
        return Refusal(
            "nobody_signs",
            "Nobody signs for the school’s side.",
            "Add the signature of the CTE director or of the skills center’s director.",
        )
    return None


# --- Who decides ------------------------------------------------------------------------------------------


def decides(user: User, asked: ArticulationRequest, step: RequestStep) -> bool:
    """A signature is given by who holds its title there; staff of the consortium screen; faculty of the college review."""
    if step.kind == StepKind.SIGN:
        return signing_seat(user, asked, step) is not None
    if step.kind == StepKind.SCREEN:
        return stands_on(user, Role.CONSORTIUM, asked.consortium_id)
    return stands_on(user, Role.FACULTY, asked.college_id)


def why_not_decide(
    user: User, asked: ArticulationRequest, step: RequestStep, outcome: str = Outcome.PASSED
) -> Refusal | None:
    """A step is decided by its own people, while it is at hand, once. Who handed the version in does not review it."""
    if not decides(user, asked, step):
        return Refusal("not_yours", f"{step.name} of this request is not yours to decide.")
    if step.is_decided and step.decided_by is not None and step.decided_at is not None:
        return Refusal(
            "decided",
            f"{step.decided_by.name} has decided this step on {day(step.decided_at)}: "
            f"{Outcome(step.outcome).label.lower()}.",
            "Nothing of yours was saved. What stands now is shown below.",
        )
    if asked.step_id != step.pk:
        return Refusal(
            "not_at_hand",
            f"Request {asked} does not wait for this step: {State(asked.state).label.lower()}.",
            "What stands now is shown below.",
        )
    if outcome != Outcome.PASSED and outcome not in OTHER_OUTCOMES[step.kind]:
        return Refusal("no_such_outcome", "Only faculty deny a request, in their review.")
    if step.kind == StepKind.REVIEW and step.version.handed_in_by_id == user.pk:
        return Refusal(
            "own_request",
            "You handed this request in: somebody else of the college reviews it.",
            "Ask a colleague.",
        )
    return None


def name_in_words(typed: str) -> str:
    """A name as it is compared: capitals and spaces make no difference."""
    return " ".join(typed.split()).casefold()


def why_not_sign_so(user: User, typed: str, signed: str, sha256: str) -> Refusal | None:
    """A signature is the name of the account, typed, for the very text that was on the screen."""
    if name_in_words(typed) != name_in_words(user.name):
        return Refusal("other_name", f"Type your name as it stands in your account: {user.name}.")
    if signed != sha256:
        return Refusal(
            "other_text",
            "The request has changed since you opened it.",
            "Read the version below before you sign it.",
        )
    return None


def intent_of(asked: ArticulationRequest, step: RequestStep, title: str, place: str) -> str:
    """What a signer declares."""
    return (
        f"As {title} for {place} I have read version {step.version.number} of request {asked} and sign it. "
        "My typed name stands for my signature."
    )


def why_not_screen(
    content: Mapping[str, Any], codes: Iterable[str], *, perkins_confirmed: bool
) -> Refusal | None:
    """A screening cannot pass without what Perkins asks and without the V-code of each teacher named."""
    refusal = why_not_perkins(content)
    if refusal is not None:
        return refusal
    if not perkins_confirmed:
        return Refusal(
            "perkins_unconfirmed", "Confirm that the request says what Perkins asks.", "Tick each point."
        )
    teachers, given = content.get("teachers", ()), list(codes)
    if not teachers or len(given) != len(teachers):
        return Refusal("v_code_missing", "Each teacher’s V-code must be checked.", "Enter all of them.")
    if any(V_CODE.fullmatch(code) is None for code in given):
        return Refusal("v_code", "Enter each V-code as V and six digits.", "For example V140100.")
    return None


# --- Alignment --------------------------------------------------------------------------------------------


def aligned_percent(covers: Sequence[str]) -> int | None:
    """Of the outcomes of the college course, the percent that the class covers wholly, rounded down; partly counts as
    not yet. None without outcomes."""
    if not covers:
        return None
    whole = sum(cover == AlignmentRow.Cover.WHOLLY for cover in covers)
    return whole * 100 // len(covers)


def why_not_approve(covers: Sequence[str], least: int, college: College | str) -> Refusal | None:
    """Faculty approve when the class covers at least the college's share of the outcomes."""
    percent = aligned_percent(covers)
    if percent is None:
        return Refusal("no_matrix", "The alignment matrix is empty.", "Enter the outcomes of the course.")
    if percent < least:
        return Refusal(
            "below_least",
            f"The class covers {percent} % of the outcomes; {college} asks for {least} %.",
            "Ask for more information or a meeting, or deny the request.",
        )
    return None


def numbers_of(typed: str, most: int) -> list[int]:
    """`1, 3 7` as numbers of competencies; ValueError in words for what is none."""
    found = []
    for one in re.split(r"[\s,;]+", typed.strip()):
        if not one:
            continue
        if not (one.isascii() and one.isdigit() and 1 <= int(one) <= most):
            raise ValueError(f"Enter numbers of competencies from 1 to {most}")
        if int(one) not in found:
            found.append(int(one))
    return found


def plan_for(consortium: Consortium, college: College) -> tuple[list[Planned], int]:
    """The steps a request to this college goes through, and the least alignment it asks for."""
    return steps_of_plan(StepPlan.objects.for_college(consortium, college))


def plan_of_consortium(consortium: Consortium) -> tuple[list[Planned], int]:
    """The steps of a consortium's colleges that have none of their own."""
    return steps_of_plan(StepPlan.objects.filter(consortium=consortium, college=None).first())


def rail_of(asked: ArticulationRequest, steps: Sequence[RequestStep]) -> list[dict[str, str]]:
    """The steps of the last version for components/rail.html: handed in, each step, agreement."""
    ended = asked.state in (State.DENIED, State.WITHDRAWN)
    rail = [{"state": "past" if steps else "here", "name": "Request", "note": ""}]
    if steps:
        rail[0]["note"] = f"Version {steps[0].version.number}, {day(steps[0].version.handed_in_at)}"
    for step in steps:
        if step.outcome == Outcome.PASSED and step.decided_by is not None:
            state, note = "past", f"{step.decided_by.name}, {day(step.decided_at)}"
        elif step.is_decided:
            state, note = "owed", str(Outcome(step.outcome).label)
        elif asked.step_id == step.pk:
            state, note = "here", "Waits since " + day(asked.changed_at)
        else:
            state, note = "ahead", ""
        rail.append({"state": state, "name": step.name, "note": note})
    if asked.state == State.ENTERED:
        rail.append({"state": "past", "name": "Agreement", "note": day(asked.decided_at)})
    elif not ended:
        waits = asked.state == State.APPROVED
        rail.append(
            {
                "state": "here" if waits else "ahead",
                "name": "Agreement",
                "note": f"{asked.consortium} enters it" if waits else "",
            }
        )
    return rail
