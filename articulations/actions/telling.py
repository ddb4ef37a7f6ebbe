"""Whom each step of a request is told: who acts next, and who waits for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail
from accounts.models import User
from articulations import rules
from articulations.models import AgreementSigner, AgreementText, ArticulationRequest, RequestStep, StepKind
from organizations.models import Consortium, Seat

State = ArticulationRequest.State


def seated(role: Role, **where: Any) -> list[Seat]:
    """Seats held today by people who can sign in."""
    held = Seat.objects.held_on(timezone.localdate()).filter(role=role, user__is_active=True, **where)
    return list(held.select_related("user").order_by("id"))


def desk(consortium: Consortium) -> list[tuple[str, User | None]]:
    """Where a consortium reads its mail: its contact address, else everybody who works there."""
    if consortium.contact_email:
        return [(consortium.contact_email, None)]
    return people(seated(Role.CONSORTIUM, consortium=consortium))


def people(found: Iterable[Seat]) -> list[tuple[str, User | None]]:
    """The addresses of these seats, with the person behind each."""
    return [(seat.user.email, seat.user) for seat in found]


def who_signs(what: ArticulationRequest | AgreementText, signer: RequestStep | AgreementSigner) -> list[Seat]:
    """The seats that sign a step of a request, or as a partner of an agreement: they hold its title where that stands."""
    found: list[Seat] = []
    for title in (signer.signs_as, signer.or_signs_as):
        if title is not None:
            where = {
                Role.DISTRICT: {"district": what.school.district_id},
                Role.COUNSELOR: {"school": what.school_id},
                Role.FACULTY: {"college": what.college_id},
                Role.REGISTRAR: {"college": what.college_id},
                Role.CONSORTIUM: {"consortium": what.consortium_id},
            }[Role(title.role)]
            found += seated(Role(title.role), signs_as=title, **where)
    return found


def school_side(asked: ArticulationRequest) -> list[tuple[str, User | None]]:
    """Who answers for a request: who started it, who handed it in last, and the teachers who follow it."""
    latest = asked.latest
    found: list[User] = [asked.started_by, *([latest.handed_in_by] if latest else [])]
    follows = Seat.objects.held_on(timezone.localdate()).filter(articulation_requests=asked)
    found += [seat.user for seat in follows.select_related("user").order_by("id")]
    return [(user.email, user) for user in dict.fromkeys(found) if user.is_active]


def tell_next(asked: ArticulationRequest, *, by: User) -> None:
    """Mail whoever must act next. A signature nobody can give is the consortium's to arrange: it says who signs."""
    step = asked.step
    if asked.state == State.APPROVED:
        tell(asked, "to-enter", desk(asked.consortium), about="approved", by=by)
    elif step is not None:
        about = f"step-{step.pk}"
        if step.kind == StepKind.SIGN:
            signers = people(who_signs(asked, step))
            tell(asked, "to-sign", signers, about=about, by=by, step=step)
            if not signers:
                tell(asked, "no-signer", desk(asked.consortium), about=about, by=by, step=step)
        elif step.kind == StepKind.SCREEN:
            tell(asked, "to-screen", desk(asked.consortium), about=about, by=by, step=step)
        else:
            faculty = people(seated(Role.FACULTY, college=asked.college))
            tell(asked, "to-review", faculty, about=about, by=by, step=step)


def tell(
    asked: ArticulationRequest,
    what: str,
    readers: Sequence[tuple[str, User | None]],
    *,
    about: str,
    by: User,
    step: RequestStep | None = None,
    words: str = "",
) -> None:
    """One message an address about one happening; not to the person who did it. Said twice, it is written once."""
    once = {to: person for to, person in reversed(readers) if to and to != by.email}
    for number, (to, person) in enumerate(once.items()):
        queue_mail(
            key=f"articulation-request-{asked.pk}-{about}-{what}-{number}",
            to=to,
            person=person,
            template="articulations/articulation_request",
            context={
                "first_name": person.first_name if person else "",
                "what": what,
                "reference": asked.reference,
                "kind": asked.get_kind_display(),
                "who": by.name,
                "title": asked.title,
                "school": str(asked.school),
                "college": str(asked.college),
                "step": step.name if step else "",
                "words": words,
                "state": rules.state_in_words(asked.state, None, None)
                if step is None
                else rules.state_in_words(
                    asked.state, step.kind, step.signs_as.name if step.signs_as else None
                ),
                "url": f"{settings.PUBLIC_URL}{reverse('articulations:request', args=[asked.public_id])}",
            },
        )
