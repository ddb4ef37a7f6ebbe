"""Annual Teacher Assurances: the text is written, teachers sign it, district and college sign beside them, all are reminded."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail, record_event, record_events
from accounts.models import Mail, User
from articulations import rules
from articulations.models import (
    AssuranceText,
    Countersignature,
    TeacherAssurance,
    owed_listed,
    owed_to,
    text_fingerprint,
)
from organizations.models import AcademicYear, College, Seat
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused

REMINDER = "articulations/assurances_due"


def write_assurance_text(
    *,
    college: College,
    year: AcademicYear,
    text: str,
    due_on: date | None = None,
    district_signs: bool = False,
    college_signs: bool = False,
    blocks: str = AssuranceText.Blocks.NOTHING,
    asks_again: bool = True,
    seen: int = 0,
    by: User,
) -> AssuranceText:
    """Write the assurance of a college for a school year, or a new version of it.

    `asks_again`: who signed the version before signs again; otherwise what they signed holds. `seen` is the version the
    page showed, 0 for none: who else wrote one meanwhile is not overwritten.
    """
    refusal = rules.why_not_write_text(by, college, text)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        College.objects.select_for_update(no_key=True).get(pk=college.pk)
        year = AcademicYear.objects.get_or_create(first_year=year.first_year)[0]
        last = AssuranceText.objects.latest_of(college, year)
        number = last.number if last else 0
        if number != seen:
            raise Refused(
                Refusal("meanwhile", "Somebody else has written a version meanwhile.", "Look at it first.")
            )
        written = AssuranceText(
            college=college, year=year, number=number + 1, text=text, sha256=text_fingerprint(text),
            holds_from=last.holds_from if last is not None and not asks_again else number + 1,
            due_on=due_on, district_signs=district_signs, college_signs=college_signs, blocks=blocks, written_by=by,
        )  # fmt: skip
        asked = ("text", "due_on", "district_signs", "college_signs", "blocks")
        if last is not None and all(getattr(last, name) == getattr(written, name) for name in asked):
            raise Refused(Refusal("unchanged", "Nothing is changed.", "Change something, or leave the page."))
        written.save()
        record_event(
            by=by,
            kind="articulations.assurance_text_written",
            subject=written,
            data={"version": written.number},
        )
    return written


def sign_assurances(
    *,
    college: College,
    year: AcademicYear,
    owed: Sequence[tuple[int, int]],
    typed_name: str,
    sha256: str,
    network: str,
    by: User,
) -> list[TeacherAssurance]:
    """Sign a college's assurance for these agreements, as pairs of one's seat and the agreement (ids).

    What is signed already, or is owed no longer, is passed over: sent twice, it is signed once.
    """
    with transaction.atomic():
        # Locked, so that a text is not changed while it is signed.
        College.objects.select_for_update(no_key=True).get(pk=college.pk)
        text = AssuranceText.objects.latest_of(college, year)
        if text is None:
            raise Refused(Refusal("no_text", f"{college} asks for no assurance in {year}."))
        refusal = rules.why_not_assure(by, typed_name, sha256, text)
        if refusal is not None:
            raise Refused(refusal)
        pending = {
            (row["seat_key"], row["agreement_key"]): row
            for row in owed_listed(owed_to(by, year, Role.TEACHER).filter(signed_key__isnull=True))
            if row["college_key"] == college.pk
        }
        way = rules.way_of_signing_in(by)
        signed = TeacherAssurance.objects.bulk_create(
            TeacherAssurance(
                seat_id=row["seat_key"], articulation_id=row["agreement_key"], year=text.year, text=text,
                signed_sha256=text.sha256, signed_name=" ".join(typed_name.split()),
                signed_as=f"Teacher, {row['school']}",
                intent=rules.assurance_intent(text, row["school"], row["number"]),
                signed_by=by, network=network or None, signed_in_by=way,
            )
            for key, row in pending.items() if key in set(owed)
        )  # fmt: skip
        record_events(by=by, kind="articulations.assured", subjects=signed, data={"version": text.number})
    return signed


def countersign(
    *, assurances: Iterable[TeacherAssurance], side: str, typed_name: str, network: str, by: User
) -> list[Countersignature]:
    """Sign beside teachers, for the district or the college: all of these, or none."""
    if rules.name_in_words(typed_name) != rules.name_in_words(by.name):
        raise Refused(Refusal("other_name", f"Type your name as it stands in your account: {by.name}."))
    keys = [one.pk for one in assurances]
    way = rules.way_of_signing_in(by)
    try:
        with transaction.atomic():
            held = TeacherAssurance.objects.in_full().filter(pk__in=keys).order_by("pk")
            given: dict[int, set[str]] = {}
            for assurance, of in Countersignature.objects.filter(assurance__in=keys).values_list(
                "assurance", "side"
            ):
                given.setdefault(assurance, set()).add(of)
            rows = []
            for assurance in held:
                refusal = rules.why_not_countersign(by, assurance, side, given.get(assurance.pk, ()))
                seat = rules.countersigning_seat(by, assurance, side)
                if refusal is not None or seat is None:
                    raise Refused(refusal or Refusal("not_yours", "This signature is not yours to give."))
                title = str(Seat.objects.select_related("signs_as").get(pk=seat.id).signs_as)
                rows.append(
                    Countersignature(
                        assurance=assurance, side=side, signed_name=" ".join(typed_name.split()),
                        signed_as=f"{title}, {seat.place}",
                        intent=rules.countersigning_intent(assurance, title, str(seat.place)),
                        signed_by=by, network=network or None, signed_in_by=way,
                    )
                )  # fmt: skip
            signed = Countersignature.objects.bulk_create(rows)
            record_events(
                by=by, kind="articulations.countersigned", subjects=[one.assurance for one in signed],
                data={"side": str(side)},
            )  # fmt: skip
    except IntegrityError as error:
        if "countersigned_once_a_side" not in str(error):
            raise
        raise Refused(
            Refusal(
                "meanwhile", "Somebody else has signed one of these meanwhile.", "Look at the list again."
            )
        ) from None
    return signed


def remind_teachers(*, year: AcademicYear, seats: Iterable[Any], by: User) -> tuple[int, int]:
    """Remind teachers of the assurances they owe, by their seats' public ids: how many were mailed, and how many were
    left out because they were reminded within the last days."""
    refusal = rules.why_not_remind_of_assurances(by)
    if refusal is not None:
        raise Refused(refusal)
    asked = {str(key) for key in seats}
    owed: dict[int, list[dict[str, Any]]] = {}
    for row in owed_listed(owed_to(by, year, *rules.REMINDS).filter(signed_key__isnull=True)):
        if str(row["seat_id_public"]) in asked:
            owed.setdefault(row["seat_key"], []).append(row)
    return _remind(year, owed, timezone.localdate(), by=by)


def remind_of_assurances(*, on: date | None = None) -> int:
    """The daily sweep: remind whoever owes an assurance whose last day comes within two weeks or has passed, once a week.
    Safe to repeat: a teacher is written to once a day at most, whoever asks for it. How many letters were written."""
    today = on or timezone.localdate()
    year = AcademicYear.objects.on(today)
    return _remind(year, rules.due_by_teacher(year, today), today, by=None)[0]


def _remind(
    year: AcademicYear, owed: dict[int, list[dict[str, Any]]], on: date, *, by: User | None
) -> tuple[int, int]:
    seats = rules.teachers_seats(owed)
    since = (
        timezone.now() - rules.REMIND_EVERY + timedelta(hours=1)
    )  # the sweep of a week later is not too early
    lately = set(
        Mail.objects.filter(
            kind=REMINDER, person__in=[seat.user_id for seat in seats.values()], created_at__gt=since
        ).values_list("person", flat=True)
    )
    mailed = left_out = 0
    for key, rows in sorted(owed.items()):
        teacher = seats[key].user
        if teacher.pk in lately or not teacher.activated_at:
            left_out += 1
            continue
        due = min((row["due_on"] for row in rows if row["due_on"]), default=None)
        with transaction.atomic():  # each its own: who stops halfway goes on with the next
            mail = queue_mail(
                key=f"assurances-{year.first_year}-{key}-{on}",
                to=teacher.email,
                person=teacher,
                language="en",
                template=REMINDER,
                context={
                    "first_name": teacher.first_name,
                    "year": str(year),
                    "due_on": day(due),
                    "overdue": due is not None and due < on,
                    "items": [(row["college"], row["number"]) for row in rows],
                    "url": f"{settings.PUBLIC_URL}{reverse('articulations:my_assurances')}",
                },
            )
            if mail is not None:
                mailed += 1
                record_event(by=by, kind="articulations.assurance_reminded", subject=seats[key])
    return mailed, left_out
