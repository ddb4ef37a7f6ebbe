"""Whom each step of an agreement is told: its partners, the consortium, the school's side."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail
from accounts.models import User
from articulations.actions.signing_links import new_signing_link
from articulations.actions.telling import desk, people, seated, who_signs
from articulations.models import AgreementSigner, AgreementText, Articulation
from organizations.models import Seat
from sers.lib.moments import day

#: (address, the person behind it, the name of a partner outside of SERS)
Reader = tuple[str, User | None]


def tell_partners(text: AgreementText, what: str, *, words: str = "", by: User | None) -> int:
    """Mail what happens to a text. Who must sign: `to-sign` and `reminder-...` go to those who have not signed, an
    outside one by a link of their own; everything else to all partners and the consortium. How many were written."""
    asks = what == "to-sign" or what.startswith("reminder")
    written = 0
    for signer in AgreementSigner.objects.in_order().filter(text=text):
        if asks and signer.given is not None:
            continue
        if signer.is_outside and asks:
            written += tell_link(text, signer, what=what)
        elif signer.is_outside:
            written += _mail(text, what, [(signer.outside_email, None)], f"{signer.pk}", by=by, words=words)
        else:
            readers = people(who_signs(text, signer))
            if not readers and asks:
                written += _mail(
                    text, "no-signer", desk(text.consortium), f"{signer.pk}-{what}", by=by, words=signer.name
                )
            written += _mail(text, what, readers, f"{signer.pk}", by=by, words=words)
    if not asks:
        written += _mail(text, what, desk(text.consortium), "desk", by=by, words=words)
    return written


def tell_link(text: AgreementText, signer: AgreementSigner, *, what: str = "link") -> int:
    """Mail a partner outside of SERS a link that signs; of one reminder one mail and one link are made."""
    key = f"agreement-{text.pk}-{what}-{signer.pk}"
    if what == "link":
        key += f"-{signer.links.count()}"
    elif what.startswith("reminder") and signer.links.filter(created_at__date=timezone.localdate()).exists():
        return 0
    token = new_signing_link(signer)
    url = f"{settings.PUBLIC_URL}{reverse('articulations:signing_link', args=[token])}"
    mail = queue_mail(
        key=key,
        to=signer.outside_email,
        template="articulations/agreement",
        context=_context(text, what, url=url, name=signer.outside_name),
        reply_to=text.consortium.contact_email,
    )
    return int(mail is not None)


def tell_side(
    agreement: Articulation, what: str, *, words: str = "", until: date | None = None, by: User | None
) -> None:
    """Mail the teachers of an agreement's classes, the faculty of its college, and the school's district that it came
    into force or ends."""
    teachers = Seat.objects.held_on(timezone.localdate()).filter(
        sections__high_school_course__articulated__articulation=agreement, user__is_active=True
    )
    districts = list(
        agreement.courses.values_list("high_school_course__school__district", flat=True).distinct()
    )
    readers = [
        *people(teachers.select_related("user").order_by("id").distinct()),
        *people(seated(Role.FACULTY, college=agreement.college_id)),
        *people(seated(Role.DISTRICT, district__in=districts)),
    ]
    once = {to: person for to, person in reversed(readers) if to and (by is None or to != by.email)}
    for number, (to, person) in enumerate(once.items()):
        queue_mail(
            key=f"agreement-side-{agreement.pk}-{what}-{number}",
            to=to,
            person=person,
            template="articulations/agreement",
            context={
                "what": f"{what}-told",
                "number": agreement.number,
                "version": 1,
                "title": "",
                "school": "",
                "college": str(agreement.college),
                "consortium": str(agreement.consortium),
                "words": words,
                "until": day(until) if until else day(agreement.valid_until),
                "first_name": person.first_name if person else "",
                "url": f"{settings.PUBLIC_URL}{reverse('articulations:articulation', args=[agreement.public_id])}",
            },
        )


def _mail(
    text: AgreementText, what: str, readers: Sequence[Reader], about: str, *, by: User | None, words: str = ""
) -> int:
    once = {to: person for to, person in reversed(readers) if to and (by is None or to != by.email)}
    written = 0
    for number, (to, person) in enumerate(once.items()):
        mail = queue_mail(
            key=f"agreement-{text.pk}-{what}-{about}-{number}",
            to=to,
            person=person,
            template="articulations/agreement",
            context=_context(text, what, name=person.first_name if person else "", words=words),
        )
        written += mail is not None
    return written


def _context(
    text: AgreementText, what: str, *, name: str = "", words: str = "", url: str = ""
) -> dict[str, object]:
    return {
        "what": "reminder" if what.startswith("reminder") else what,
        "number": str(text),
        "version": text.version,
        "title": text.title,
        "school": str(text.school),
        "college": str(text.college),
        "consortium": str(text.consortium),
        "words": words,
        "until": day(text.valid_until),
        "first_name": name,
        "url": url or f"{settings.PUBLIC_URL}{reverse('articulations:agreement', args=[text.public_id])}",
    }
