"""A college's year and a consortium's windows are set, with a history."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from accounts.actions import record_event
from accounts.models import User
from grading import rules
from organizations.models import AcademicYear, College, CollegeYear, Consortium, Window
from organizations.rules import can_keep_rules
from sers.lib.refusal import Refusal, Refused


def set_college_year(
    *, college: College, year: AcademicYear, terms: Mapping[str, Any], seen: int, by: User
) -> CollegeYear:
    """Set what a college asks in a year. Grades entered before stay as they are; who else saved meanwhile is not
    overwritten: `seen` is the last event the page showed, 0 for none."""
    if not can_keep_rules(by, college):
        raise Refused(
            Refusal("not_in_charge", "Staff of the college’s consortium and its registrar set its year.")
        )
    refusal = rules.why_not_these_terms(terms["scale"], college, every_row=terms["scale"].rows.exists())
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        College.objects.select_for_update(no_key=True).get(pk=college.pk)
        year = AcademicYear.objects.get_or_create(first_year=year.first_year)[0]
        stands = rules.terms_of(college, year)
        events = rules.history_of("organizations.collegeyear", stands.pk) if stands else []
        if (events[0].pk if events else 0) != seen:
            raise Refused(
                Refusal("meanwhile", "Somebody else has changed this year meanwhile.", "Look at it again.")
            )
        before = {name: getattr(stands, name) for name in rules.TERMS} if stands else {}
        changes = rules.differences(before, terms)
        if not changes:
            raise Refused(Refusal("unchanged", "Nothing is changed.", "Change something, or leave the page."))
        college_year = stands or CollegeYear(college=college, year=year)
        for name, value in terms.items():
            setattr(college_year, name, value)
        college_year.full_clean(exclude=("college", "year"), validate_unique=False)
        college_year.save()
        record_event(
            by=by,
            kind="grading.college_year_set",
            subject=college_year,
            data={"changes": [[one.name, one.before, one.after] for one in changes]},
        )
    return college_year


def set_window(
    *,
    consortium: Consortium,
    college: College | None,
    year: AcademicYear,
    kind: str,
    opens_on: date,
    closes_on: date,
    instead_of: Window | None = None,
    by: User,
) -> Window:
    """Open a window from a day to a day, or move one; a college's own overrides its consortium's."""
    if not rules.can_set_windows(by, consortium):
        raise Refused(Refusal("not_consortium", "Staff of the consortium set its windows."))
    is_member = college is None or consortium.colleges.filter(pk=college.pk).exists()
    refusal = rules.why_not_window(kind, opens_on, closes_on, year, college_is_member=is_member)
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            year = AcademicYear.objects.get_or_create(first_year=year.first_year)[0]
            was = f"{instead_of.opens_on} to {instead_of.closes_on}" if instead_of else ""
            if instead_of is not None and not Window.objects.filter(
                pk=instead_of.pk, opens_on=instead_of.opens_on, closes_on=instead_of.closes_on
            ).update(opens_on=opens_on, closes_on=closes_on):
                raise Refused(
                    Refusal(
                        "meanwhile", "Somebody else has changed this window meanwhile.", "Look at it again."
                    )
                )
            window = instead_of or Window.objects.create(
                consortium=consortium,
                college=college,
                year=year,
                kind=kind,
                opens_on=opens_on,
                closes_on=closes_on,
            )
            _record(consortium, college, year, kind, was, f"{opens_on} to {closes_on}", by)
    except IntegrityError as error:
        if "windows_do_not_overlap" not in str(error):
            raise
        raise Refused(
            Refusal(
                "overlap",
                "Another window of this kind covers some of these days.",
                "Change or remove that one.",
            )
        ) from None
    return window


def remove_window(*, window: Window, by: User) -> None:
    """A window that is not wanted any more is taken away; its history stays."""
    if not rules.can_set_windows(by, window.consortium):
        raise Refused(Refusal("not_consortium", "Staff of the consortium set its windows."))
    with transaction.atomic():
        gone, _ = Window.objects.filter(
            pk=window.pk, opens_on=window.opens_on, closes_on=window.closes_on
        ).delete()
        if not gone:
            raise Refused(
                Refusal("meanwhile", "Somebody else has changed this window meanwhile.", "Look at it again.")
            )
        was = f"{window.opens_on} to {window.closes_on}"
        _record(window.consortium, window.college, window.year, window.kind, was, "", by)


def _record(
    consortium: Consortium,
    college: College | None,
    year: AcademicYear,
    kind: str,
    was: str,
    now: str,
    by: User,
) -> None:
    record_event(
        by=by,
        kind="grading.window_set",
        subject=consortium,
        data={
            "year": str(year),
            "what": str(Window.Kind(kind).label),
            "college": str(college or ""),
            "before": was,
            "after": now,
        },
    )
