"""Steps of a request are decided: signed, screened, reviewed, sent back, denied; and what was approved is entered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Origin, Role
from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.actions.agreements import NewCourse, enter_articulation, keep_what_was_asked
from articulations.actions.requesting import held
from articulations.actions.telling import desk, school_side, tell, tell_next
from articulations.actions.texts import prepare_text
from articulations.models import (
    AgreementText,
    AlignmentRow,
    Articulation,
    ArticulationRequest,
    CareerCluster,
    CollegeCourse,
    PlannedStep,
    RequestStep,
    StepPlan,
    VCodeCheck,
)
from organizations.actions import give_access
from organizations.models import College, Consortium
from organizations.rules import Wanted, reach_of
from sers.lib.refusal import Refusal, Refused

State = ArticulationRequest.State
Outcome = RequestStep.Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the alignment matrix as it was typed and read."""

    course: str
    outcome: str
    competencies: Sequence[int]
    cover: str


def sign_step(
    *,
    asked: ArticulationRequest,
    step: RequestStep,
    typed_name: str,
    sha256: str,
    origin: Origin,
    by: User,
) -> ArticulationRequest:
    """Sign a version: the typed name, as what and for whom, what is declared, the moment, the text's fingerprint, and
    from where."""
    with transaction.atomic():
        asked, step = _at_hand(asked, step, Outcome.PASSED, by=by)
        refusal = rules.why_not_sign_so(by, typed_name, sha256, step.version.sha256)
        seat = rules.signing_seat(by, asked, step)
        if refusal is not None or seat is None or seat.signs_as is None:
            raise Refused(refusal or Refusal("not_yours", "This signature is not yours to give."))
        place = str(seat.place)
        step.signed_name = " ".join(typed_name.split())
        step.signed_as = f"{seat.signs_as}, {place}"
        step.intent = rules.intent_of(asked, step, str(seat.signs_as), place)
        step.signed_sha256 = step.version.sha256
        step.signed_network, step.signed_way = origin.network, origin.way
        fields = ("signed_name", "signed_as", "intent", "signed_sha256", "signed_network", "signed_way")
        _pass(asked, step, fields, by=by)
    return asked


def pass_screening(
    *, asked: ArticulationRequest, step: RequestStep, codes: Sequence[str], perkins_confirmed: bool, by: User
) -> ArticulationRequest:
    """Pass a request on to the faculty: what Perkins asks was looked at, and the V-code of each teacher."""
    with transaction.atomic():
        asked, step = _at_hand(asked, step, Outcome.PASSED, by=by)
        content = step.version.content
        refusal = rules.why_not_screen(content, codes, perkins_confirmed=perkins_confirmed)
        if refusal is not None:
            raise Refused(refusal)
        VCodeCheck.objects.bulk_create(
            VCodeCheck(
                step=step,
                position=position,
                name=f"{teacher['first_name']} {teacher['last_name']}",
                code=code,
            )
            for position, (teacher, code) in enumerate(zip(content["teachers"], codes, strict=True), 1)
        )
        step.perkins_confirmed, step.teachers_checked = True, len(codes)
        _pass(asked, step, ("perkins_confirmed", "teachers_checked"), by=by)
    return asked


def keep_matrix(
    *, asked: ArticulationRequest, step: RequestStep, rows: Sequence[Row], by: User
) -> RequestStep:
    """Keep the alignment matrix as far as it is; it can be gone on with later, by any of the faculty."""
    with transaction.atomic():
        asked, step = _at_hand(asked, step, Outcome.PASSED, by=by)
        _write_matrix(step, rows)
    return step


def pass_review(
    *, asked: ArticulationRequest, step: RequestStep, rows: Sequence[Row], note: str = "", by: User
) -> ArticulationRequest:
    """Faculty approve: the matrix stands, and the class covers at least what the college asks for."""
    with transaction.atomic():
        asked, step = _at_hand(asked, step, Outcome.PASSED, by=by)
        covers = [row.cover for row in rows]
        refusal = rules.why_not_approve(covers, step.least_alignment, asked.college)
        if refusal is not None:
            raise Refused(refusal)
        _write_matrix(step, rows)
        step.aligned, step.reason = rules.aligned_percent(covers), note
        _pass(asked, step, ("aligned", "reason"), by=by)
    return asked


def return_step(
    *,
    asked: ArticulationRequest,
    step: RequestStep,
    reason: str,
    rows: Sequence[Row] | None = None,
    by: User,
) -> ArticulationRequest:
    """Ask for more information: the request goes back to the school's side, with what is asked."""
    with transaction.atomic():
        asked, step = _at_hand(asked, step, Outcome.RETURNED, by=by)
        if rows is not None:
            _write_matrix(step, rows)
        _decide(step, Outcome.RETURNED, reason, (), by=by)
        _move(asked, State.RETURNED, None)
        record_event(
            by=by, kind="articulations.request_returned", subject=asked, data={"step": step.position}
        )
        tell(asked, "returned", school_side(asked), about=f"step-{step.pk}", by=by, step=step, words=reason)
    return asked


def deny_step(
    *,
    asked: ArticulationRequest,
    step: RequestStep,
    reason: str,
    rows: Sequence[Row] | None = None,
    by: User,
) -> ArticulationRequest:
    """Faculty deny a request, with reasons everybody concerned reads."""
    with transaction.atomic():
        asked, step = _at_hand(asked, step, Outcome.DENIED, by=by)
        if rows is not None:
            _write_matrix(step, rows)
        _decide(step, Outcome.DENIED, reason, (), by=by)
        _move(asked, State.DENIED, None, by=by)
        asked.pairs.all().delete()
        record_event(by=by, kind="articulations.request_denied", subject=asked, data={"step": step.position})
        readers = [*school_side(asked), *desk(asked.consortium)]
        tell(asked, "denied", readers, about=f"step-{step.pk}", by=by, step=step, words=reason)
    return asked


def enter_request(
    *,
    asked: ArticulationRequest,
    first_year: int,
    last_year: int,
    minimum_percent: Decimal | None,
    starts_on: date,
    by: User,
) -> list[Articulation]:
    """Enter what was approved: an agreement for each school, and a seat for each teacher who has none there.

    The consortium does it, because it enters agreements and gives seats; all of it stands, or nothing.
    """
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_enter(by, asked) or rules.why_not_run(first_year, last_year)
        version = asked.latest
        if refusal is not None or version is None:
            raise Refused(refusal or Refusal("no_version", "Nothing was handed in."))
        content = version.content
        valid_from, valid_until = rules.days_of(first_year, last_year)
        courses = [_course(asked.college, one) for one in content["courses"]]
        cluster = CareerCluster.objects.filter(pk=int(content.get("cluster_id") or 0)).first()
        # Opened by the pair no longer: the agreements hold the courses from now on.
        asked.pairs.all().delete()
        agreements = [
            enter_articulation(
                consortium=asked.consortium,
                college=asked.college,
                school=school,
                title=content["title"],
                cip=content.get("cip", ""),
                cluster=cluster,
                courses=courses,
                valid_from=valid_from,
                valid_until=valid_until,
                minimum_percent=minimum_percent,
                by=by,
            )
            for school in asked.schools.order_by("name", "pk")
        ]
        asked.agreements.set(agreements)
        keep_what_was_asked(agreements, content, by=by)
        _invite(asked, content["teachers"], starts_on, by=by)
        _move(asked, State.ENTERED, None, by=by)
        numbers = [str(one) for one in agreements]
        record_event(by=by, kind="articulations.request_entered", subject=asked, data={"agreements": numbers})
        tell(asked, "entered", school_side(asked), about="entered", by=by, words=", ".join(numbers))
    return agreements


def prepare_request(
    *,
    asked: ArticulationRequest,
    first_year: int,
    last_year: int,
    minimum_percent: Decimal | None,
    conditions: str = "",
    starts_on: date,
    by: User,
) -> list[AgreementText]:
    """Write what was approved as the text of an agreement for each school, for its partners to sign; teachers who are
    new are invited. The request is entered when every text is signed."""
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_enter(by, asked) or rules.why_not_run(first_year, last_year)
        version = asked.latest
        if refusal is not None or version is None:
            raise Refused(refusal or Refusal("no_version", "Nothing was handed in."))
        content = version.content
        valid_from, valid_until = rules.days_of(first_year, last_year)
        terms = rules.Terms(
            classes=[(content["title"], content.get("cip", ""), int(content.get("cluster_id") or 0))],
            courses=[(one["code"], one["title"], Decimal(one["credits"])) for one in content["courses"]],
            valid_from=valid_from,
            valid_until=valid_until,
            minimum_percent=minimum_percent,
            conditions=conditions,
        )
        done = asked.texts.filter(state=AgreementText.State.SIGNED).values("school")
        texts = []
        for school in asked.schools.exclude(pk__in=done).select_related("district").order_by("name", "pk"):
            old = asked.renews
            if old is not None and not old.courses.filter(high_school_course__school=school).exists():
                old = None  # the agreement that is renewed is another school's
            kind = AgreementText.Kind.NEW
            if old is not None:
                later = valid_from > old.valid_until
                kind = AgreementText.Kind.RENEWAL if later else AgreementText.Kind.AMENDMENT
            texts.append(
                prepare_text(
                    consortium=asked.consortium,
                    college=asked.college,
                    school=school,
                    terms=terms,
                    kind=kind,
                    amends=old,
                    asked=asked,
                    by=by,
                )
            )
        _invite(asked, content["teachers"], starts_on, by=by)
    return texts


def _course(college: College, told: Mapping[str, Any]) -> tuple[CollegeCourse | NewCourse, Decimal]:
    known = CollegeCourse.objects.filter(college=college, code=told["code"]).first()
    return known or NewCourse(told["code"], told["title"]), Decimal(told["credits"])


def _invite(
    asked: ArticulationRequest, teachers: Iterable[Mapping[str, Any]], starts_on: date, *, by: User
) -> None:
    """Teachers who are named without a seat get one at the school that asks: an account with an invitation, or a
    further seat of the account they have."""
    reach = reach_of(by)
    for teacher in teachers:
        if teacher["seat"] or asked.seats.filter(user__email__iexact=teacher["email"]).exists():
            continue
        wanted = Wanted(
            teacher["first_name"],
            teacher["last_name"],
            teacher["email"],
            Role.TEACHER,
            asked.school,
            starts_on,
        )
        given = give_access(
            wanted=wanted, reason=f"Named in request to articulate {asked}", by=by, reach=reach
        )
        asked.seats.add(given.seat)


def set_plan(
    *,
    consortium: Consortium,
    college: College | None,
    steps: Sequence[rules.Planned],
    minimum_alignment: int,
    by: User,
) -> StepPlan:
    """Set the steps of a consortium, or of one of its colleges. Requests under way keep theirs."""
    refusal = rules.why_not_set_plan(by, consortium) or rules.why_not_plan(steps)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        plan, _ = StepPlan.objects.update_or_create(
            consortium=consortium, college=college, defaults={"minimum_alignment": minimum_alignment}
        )
        plan.steps.all().delete()
        PlannedStep.objects.bulk_create(
            PlannedStep(
                plan=plan, position=position, kind=one.kind, signs_as=one.signs_as, or_signs_as=one.or_signs_as
            )
            for position, one in enumerate(steps, 1)
        )  # fmt: skip
        record_event(
            by=by,
            kind="articulations.steps_set",
            subject=plan,
            data={"steps": [one.name for one in steps], "minimum_alignment": minimum_alignment},
        )
    return plan


def _at_hand(
    asked: ArticulationRequest, step: RequestStep, outcome: str, *, by: User
) -> tuple[ArticulationRequest, RequestStep]:
    """Request and step, held until the transaction ends and read anew; Refused when the step is not this person's to
    decide so, or was decided while they looked."""
    asked = held(asked)
    step = RequestStep.objects.in_order().get(pk=step.pk)
    refusal = rules.why_not_decide(by, asked, step, outcome)
    if refusal is not None:
        raise Refused(refusal)
    return asked, step


def _decide(step: RequestStep, outcome: str, reason: str, fields: Sequence[str], *, by: User) -> None:
    step.outcome, step.reason = outcome, reason
    step.decided_by, step.decided_at = by, timezone.now()
    step.save(update_fields=("outcome", "reason", "decided_by", "decided_at", *fields))


def _pass(asked: ArticulationRequest, step: RequestStep, fields: Sequence[str], *, by: User) -> None:
    """The step is passed: the next one is at hand, or the request is approved."""
    _decide(step, Outcome.PASSED, step.reason, fields, by=by)
    record_event(
        by=by,
        kind="articulations.step_passed",
        subject=asked,
        data={"version": step.version.number, "step": step.position, "kind": step.kind},
    )
    following = step.version.steps.filter(position__gt=step.position).order_by("position").first()
    if following is not None:
        _move(asked, State.UNDER_WAY, following)
    else:
        _move(asked, State.APPROVED, None, by=by)
        tell(asked, "approved", school_side(asked), about=f"step-{step.pk}", by=by)
    tell_next(asked, by=by)


def _move(
    asked: ArticulationRequest, state: str, step: RequestStep | None, *, by: User | None = None
) -> None:
    """The request is in a new state, or at its next step; `by` is given where that decides it."""
    now = timezone.now()
    asked.state, asked.step, asked.changed_at = state, step, now
    asked.decided_by, asked.decided_at = by, now if by is not None else None
    asked.save(update_fields=("state", "step", "changed_at", "decided_by", "decided_at"))


def _write_matrix(step: RequestStep, rows: Sequence[Row]) -> None:
    try:
        with transaction.atomic():
            step.rows.all().delete()
            AlignmentRow.objects.bulk_create(
                AlignmentRow(
                    step=step, position=position, course=row.course, outcome=row.outcome,
                    competencies=", ".join(map(str, row.competencies)), cover=row.cover,
                )
                for position, row in enumerate(rows, 1)
            )  # fmt: skip
    except IntegrityError as error:
        if "what_covers_an_outcome_is_named" not in str(error):
            raise
        raise Refused(
            Refusal("no_competency", "Name the competencies that cover each outcome.", "By their numbers.")
        ) from None
