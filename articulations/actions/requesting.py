"""The school's side of a request: begun, answered page by page, handed in, taken back, and talked about."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Role, seats
from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.actions.telling import desk, people, school_side, seated, tell, tell_next
from articulations.models import (
    Articulation,
    ArticulationRequest,
    RequestFile,
    RequestMessage,
    RequestPair,
    RequestStep,
    RequestVersion,
    fingerprint,
    folded_title,
)
from organizations.models import College, Consortium, HighSchool, Seat
from sers.lib.folding import fold_parts
from sers.lib.refusal import Refusal, Refused
from sers.lib.uploads import Checked, keep

State = ArticulationRequest.State
#: Letters of a reference: none that is taken for another when it is read out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def start_request(
    *,
    kind: str,
    consortium: Consortium,
    college: College,
    school: HighSchool,
    renews: Articulation | None = None,
    modelled_on: Articulation | None = None,
    answers: Mapping[str, Any] | None = None,
    by: User,
) -> ArticulationRequest:
    """Begin a request; nobody is told before it is handed in. `answers` are what it begins with: those of the agreement
    it renews, or of one elsewhere it is modelled on."""
    started_as = rules.starts_as(by, school)
    if started_as is None:
        raise Refused(
            Refusal(
                "not_school_side",
                f"A teacher of {school}, its district or its consortium begins a request.",
            )
        )
    refusal = rules.why_not_start(
        consortium=consortium, college=college, school=school, kind=kind, renews_it=renews is not None
    )
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        asked: ArticulationRequest = ArticulationRequest.objects.create(
            reference="A-" + "".join(secrets.choice(LETTERS) for _ in range(8)),
            kind=kind,
            consortium=consortium,
            college=college,
            school=school,
            renews=renews,
            modelled_on=modelled_on,
            answers=dict(answers or {}),
            title=title_in(answers or {}),
            started_by=by,
            started_as=started_as,
        )
        asked.folded = words_of(asked)
        asked.save(update_fields=("folded",))
        asked.schools.add(school)
        if started_as == Role.TEACHER:
            own = [seat.id for seat in seats(by, Role.TEACHER) if seat.school_id == school.pk]
            asked.seats.add(*own)
        record_event(by=by, kind="articulations.request_started", subject=asked, data={"as": started_as})
    return asked


def title_in(answers: Mapping[str, Any]) -> str:
    """The class as the answers name it so far."""
    return str(answers.get("class", {}).get("title", ""))


def model_on(
    *, asked: ArticulationRequest, agreement: Articulation, answers: Mapping[str, Any], by: User
) -> ArticulationRequest:
    """Model a request that is being written on an agreement elsewhere: its answers fill the pages that are not begun
    yet, what was typed stays, and from then on the request says where they came from."""
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_change(by, asked)
        if refusal is not None:
            raise Refused(refusal)
        asked.modelled_on = agreement
        asked.answers = {**answers, **asked.answers}
        asked.title = asked.title or title_in(answers)
        asked.folded = words_of(asked)
        asked.changed_at = timezone.now()
        asked.save(update_fields=("modelled_on", "answers", "title", "folded", "changed_at"))
        record_event(
            by=by, kind="articulations.request_modelled", subject=asked, data={"on": agreement.number}
        )
    return asked


def words_of(asked: ArticulationRequest) -> str:
    """The folded words a request is found by."""
    return fold_parts(asked.reference, asked.title, asked.school.name, asked.college.name)[:400]


def save_answers(
    *,
    asked: ArticulationRequest,
    page: str,
    typed: Mapping[str, Any],
    title: str | None = None,
    schools: Iterable[HighSchool] | None = None,
    teachers: Iterable[Seat] | None = None,
    by: User,
) -> ArticulationRequest:
    """Keep what was typed on one page, right or not yet. Who is named and where it is taught is followed at once."""
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_change(by, asked)
        if refusal is not None:
            raise Refused(refusal)
        asked.answers = {**asked.answers, page: dict(typed)}
        asked.changed_at = timezone.now()
        if title is not None:
            asked.title = title
            asked.folded = words_of(asked)
        asked.save(update_fields=("answers", "changed_at", "title", "folded"))
        if schools is not None:
            asked.schools.set([asked.school, *schools])
        if teachers is not None:
            keeps = [seat.pk for seat in asked.seats.filter(user=asked.started_by)]
            asked.seats.set([*keeps, *(seat.pk for seat in teachers)])
    return asked


def add_file(*, asked: ArticulationRequest, kind: str, paper: Checked, by: User) -> RequestFile:
    """Attach a paper that was checked. Another of its kind takes the place of the one before."""
    refusal = rules.why_not_change(by, asked)
    if refusal is not None:
        raise Refused(refusal)
    path = keep(paper)
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_change(by, asked)
        if refusal is not None:
            raise Refused(refusal)
        now = timezone.now()
        asked.files.in_hand().filter(kind=kind).update(removed_at=now)
        file: RequestFile = RequestFile.objects.create(
            asked=asked, kind=kind, name=paper.name, mime=paper.mime, size=len(paper.content), sha256=paper.sha256,
            path=path, handed_in_by=by, handed_in_at=now,
        )  # fmt: skip
        asked.changed_at = now
        asked.save(update_fields=("changed_at",))
    return file


def take_file_out(*, asked: ArticulationRequest, file: RequestFile, by: User) -> None:
    """Take a paper out of what comes next; in versions that were handed in it stays."""
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_change(by, asked)
        if refusal is not None:
            raise Refused(refusal)
        asked.files.in_hand().filter(pk=file.pk).update(removed_at=timezone.now())


def hand_in(
    *, asked: ArticulationRequest, content: Mapping[str, Any], note: str = "", by: User
) -> RequestVersion:
    """Hand a request in, or hand it in again: a version in ink, its steps, and a letter to who acts first.

    Refused while another open request asks for the same class and college course. Every version goes through every
    step: a signature holds for the text it was given for, and for no other.
    """
    try:
        with transaction.atomic():
            asked = held(asked)
            refusal = rules.why_not_change(by, asked)
            files = asked.files.in_hand().by_kind()
            said = {
                **content,
                "files": [
                    {"id": str(one.public_id), "kind": one.kind, "name": one.name, "sha256": one.sha256}
                    for one in files
                ],
            }
            before = asked.latest
            refusal = refusal or rules.why_not_hand_in(asked.kind, said, [one.kind for one in files])
            if refusal is None and before is not None and asked.state == State.RETURNED:
                refusal = rules.why_not_again(before.sha256, fingerprint(said))
            planned, least = rules.plan_for(asked.consortium, asked.college)
            refusal = refusal or rules.why_not_plan(planned)
            if refusal is not None:
                raise Refused(refusal)
            now = timezone.now()
            version = RequestVersion.objects.create(
                asked=asked,
                number=before.number + 1 if before else 1,
                content=said,
                sha256=fingerprint(said),
                handed_to=asked.college,
                handed_in_by=by,
                handed_in_at=now,
                note=note,
            )
            version.files.set(files)
            steps = RequestStep.objects.bulk_create(
                RequestStep(
                    version=version, position=position, kind=one.kind, signs_as=one.signs_as,
                    or_signs_as=one.or_signs_as, least_alignment=least,
                )
                for position, one in enumerate(planned, 1)
            )  # fmt: skip
            asked.pairs.all().delete()
            RequestPair.objects.bulk_create(
                RequestPair(
                    asked=asked, school=school, folded=folded_title(said["title"]), college=asked.college,
                    code=course["code"],
                )
                for school in asked.schools.order_by("pk")
                for course in said["courses"]
            )  # fmt: skip
            asked.state, asked.step, asked.title, asked.changed_at = (
                State.UNDER_WAY,
                steps[0],
                said["title"],
                now,
            )
            asked.decided_by = asked.decided_at = None
            asked.folded = words_of(asked)
            asked.save(
                update_fields=("state", "step", "title", "folded", "changed_at", "decided_by", "decided_at")
            )
            record_event(
                by=by, kind="articulations.request_handed_in", subject=asked, data={"version": version.number}
            )
            tell_next(asked, by=by)
            others = [one for one in school_side(asked) if one[1] != by]
            tell(asked, "handed-in", others, about=f"version-{version.number}", by=by, step=steps[0])
    except IntegrityError as error:
        if "one_open_request_for_a_course_pair" not in str(error):
            raise
        raise Refused(
            Refusal(
                "under_way",
                f"Another request for this class and one of these courses of {asked.college} is under way.",
                "Ask your district or consortium about it, or take that course out.",
            )
        ) from None
    return version


def withdraw_request(*, asked: ArticulationRequest, by: User) -> ArticulationRequest:
    """The school's side takes a request back; it can be changed and handed in again."""
    with transaction.atomic():
        asked = held(asked)
        refusal = rules.why_not_withdraw(by, asked)
        if refusal is not None:
            raise Refused(refusal)
        step = asked.step
        now = timezone.now()
        asked.state, asked.step, asked.changed_at = State.WITHDRAWN, None, now
        asked.decided_by, asked.decided_at = by, now
        asked.save(update_fields=("state", "step", "changed_at", "decided_by", "decided_at"))
        asked.pairs.all().delete()
        event = record_event(by=by, kind="articulations.request_withdrawn", subject=asked)
        if asked.latest is not None:
            tell(
                asked,
                "withdrawn",
                [*desk(asked.consortium), *school_side(asked)],
                about=f"event-{event.pk}",
                by=by,
                step=step,
            )
    return asked


def write_message(
    *, asked: ArticulationRequest, text: str, wants_meeting: bool = False, by: User
) -> RequestMessage:
    """Write on a request; the other side is mailed. Faculty and the consortium may ask for a meeting with it."""
    written_as = rules.writes_as(by, asked)
    if written_as is None:
        raise Refused(
            Refusal("not_concerned", "The school’s side, the consortium and the faculty write here.")
        )
    refusal = rules.why_not_meet(written_as, asked) if wants_meeting else None
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        message = RequestMessage.objects.create(
            asked=asked, text=text, written_by=by, written_as=written_as, wants_meeting=wants_meeting
        )
        readers = school_side(asked)
        if asked.latest is not None:
            readers += desk(asked.consortium)
            if asked.step is not None and asked.step.kind == RequestStep.Kind.REVIEW:
                readers += people(seated(Role.FACULTY, college=asked.college))
        what = "meeting" if wants_meeting else "message"
        tell(asked, what, readers, about=f"message-{message.pk}", by=by, step=asked.step, words=text)
        record_event(by=by, kind=f"articulations.request_{what}", subject=asked)
    return message


def held(asked: ArticulationRequest) -> ArticulationRequest:
    """The request, kept from everyone else until the transaction ends, and read afterwards: whoever waited here sees
    what the one before has decided."""
    ArticulationRequest.objects.select_for_update(no_key=True).get(pk=asked.pk)
    fresh: ArticulationRequest = ArticulationRequest.objects.with_names().get(pk=asked.pk)
    return fresh
