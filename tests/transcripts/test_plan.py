"""The plan of a year: the day of the run, college IDs, the term; and the calendar that keeps to it."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Event, Mail
from organizations.models import CollegeYear, Window
from sers.lib.refusal import Refused
from students.models import Registration
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, TranscriptionPlan, TranscriptionRun

URL = "/transcripts/plan/"


def address(cast: Cast) -> str:
    return f"{URL}?college={cast.cbc.public_id}&year={cast.year.first_year}"


def typed(day: datetime.date | None = None, **more: Any) -> dict[str, Any]:
    parts = {
        "starts_on_month": day.month if day else "", "starts_on_day": day.day if day else "",
        "starts_on_year": day.year if day else "",
    }  # fmt: skip
    return {"sids": "college", "sid_from": "", "sid_to": "", "term": "", **parts, **more}


def in_days(count: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=count)


def plan_of(cast: Cast) -> TranscriptionPlan:
    return TranscriptionPlan.objects.get(college_year__college=cast.cbc, college_year__year=cast.year)


def test_a_plan_is_saved(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert "Empty: 2275, the summer after the school year." in client.get(address(cast)).content.decode()
    answer = client.post(
        address(cast),
        typed(
            in_days(40),
            sids="range",
            sid_from="900000000",
            sid_to="900000009",
            sid_required="on",
            term="2277",
        ),
    )
    assert answer.status_code == 302
    plan = plan_of(cast)
    assert (plan.starts_on, plan.set_by, plan.term, plan.sid_required) == (
        in_days(40),
        cast.registrar,
        "2277",
        True,
    )
    assert "10 IDs of the range are left." in client.get(address(cast)).content.decode()
    client.post(address(cast), typed())
    assert plan_of(cast).starts_on is None
    assert Event.objects.filter(kind="transcripts.plan_saved").count() == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"day": 0}, "Choose a day after today"),
        ({"day": 900}, "Choose a day within a year"),
        ({"sids": "range"}, "Enter the first ID of the range"),
        ({"sids": "range", "sid_from": "900000000"}, "Enter the last ID of the range"),
        ({"sids": "range", "sid_from": "900000009", "sid_to": "900000001"}, "not below the first"),
        ({"sids": "range", "sid_from": "12", "sid_to": "900000001"}, "Enter the first ID with nine digits"),
        ({"sids": "zz"}, "Choose from the list"),
        ({"term": "2276"}, "Enter four digits like 2275"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    cast: Cast, client: Client, more: dict[str, Any], words: str
) -> None:
    day = more.pop("day", None)
    client.force_login(cast.registrar)
    page = client.post(address(cast), typed(in_days(day) if day is not None else None, **more))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not TranscriptionPlan.objects.filter(college_year__year=cast.year).exists()


def test_a_day_while_grades_are_entered_is_warned_of(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    client.post(address(cast), typed(in_days(20)))
    assert "Grades are still entered on that day" in client.get(address(cast)).content.decode()
    client.post(address(cast), typed(in_days(31)))
    assert "Grades are still entered" not in client.get(address(cast)).content.decode()


def test_a_year_without_rules_has_no_plan(cast: Cast, client: Client) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).delete()
    client.force_login(cast.registrar)
    assert "The college has no rules for that year." in client.get(address(cast)).content.decode()


def test_nobody_else_plans(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(address(cast)).context["place"].college == cast.wwcc
    for user in (cast.state, cast.consortium, cast.teacher):
        client.force_login(user)
        assert client.get(address(cast)).status_code == 403
    terms = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    with pytest.raises(Refused, match="Only the registrar"):
        actions.save_plan(plan=TranscriptionPlan(college_year=terms), by=cast.other_registrar)


# --- The calendar ---------------------------------------------------------------------------------------


@pytest.fixture
def planned(cast: Cast) -> TranscriptionPlan:
    """The run of this year starts today, as the registrar had set before."""
    terms = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    return TranscriptionPlan.objects.create(
        college_year=terms, starts_on=timezone.localdate(), set_by=cast.registrar
    )


def test_the_calendar_starts_the_run_once(cast: Cast, planned: TranscriptionPlan, client: Client) -> None:
    assert actions.start_planned_runs(on=timezone.localdate() - datetime.timedelta(days=1)) == 0
    assert actions.start_planned_runs() == 1
    run = TranscriptionRun.objects.live().get()
    assert (run.by_calendar, run.started_by) == (True, cast.registrar)
    assert actions.start_planned_runs() == 0
    planned.refresh_from_db()
    assert (planned.tried_at is not None, planned.outcome) == (True, "")
    client.force_login(cast.registrar)
    assert "the calendar" in client.get("/transcripts/runs/").content.decode()


def test_a_day_that_was_missed_is_caught_up(cast: Cast, planned: TranscriptionPlan) -> None:
    assert actions.start_planned_runs(on=timezone.localdate() + datetime.timedelta(days=3)) == 1


def test_what_cannot_start_is_told_once(cast: Cast, planned: TranscriptionPlan, client: Client) -> None:
    actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    assert actions.start_planned_runs() == 0
    assert actions.start_planned_runs() == 0
    mail = Mail.objects.get(key__startswith="plan-")
    assert mail.to == cast.registrar.email
    assert "A transcription of this college and year is under way." in mail.text
    client.force_login(cast.registrar)
    assert "The calendar could not start the run" in client.get(address(cast)).content.decode()


def test_a_plan_that_breaks_keeps_no_other_from_starting(
    cast: Cast, planned: TranscriptionPlan, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = actions.plans.start_run
    terms = CollegeYear.objects.get(college=cast.wwcc, year=cast.year)
    TranscriptionPlan.objects.create(
        college_year=terms, starts_on=timezone.localdate(), set_by=cast.other_registrar
    )

    def broken(*, college: Any, **rest: Any) -> Any:
        if college == cast.cbc:
            raise RuntimeError("no such scale")
        return real(college=college, **rest)

    monkeypatch.setattr(actions.plans, "start_run", broken)
    assert actions.start_planned_runs() == 1
    assert TranscriptionRun.objects.live().get().college == cast.wwcc
    assert f"The run of plan {planned.pk} was not started" in caplog.text
    planned.refresh_from_db()
    assert planned.tried_at is None  # it is due still
    monkeypatch.undo()
    assert actions.start_planned_runs() == 1


def test_a_registrar_whose_seat_has_ended_starts_nothing(cast: Cast, planned: TranscriptionPlan) -> None:
    cast.registrar.seats.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert actions.start_planned_runs() == 0
    planned.refresh_from_db()
    assert "Only the registrar" in planned.outcome


# --- College IDs of a range -----------------------------------------------------------------------------


def test_ids_of_a_range_are_given_in_order_and_never_twice(cast: Cast) -> None:
    plan = cast.plan
    first = actions.assign_sid(student=cast.classmate, plan=plan, by=None)
    assert first is not None
    assert (first.sid, first.source, first.given_by) == ("900000000", "assigned", None)
    assert actions.assign_sid(student=cast.classmate, plan=plan, by=None) is None
    actions.undo_identity(identity=first, by=cast.registrar)
    second = actions.assign_sid(student=cast.owing, plan=plan, by=None)
    assert second is not None
    assert second.sid == "900000001"  # a number that was undone is not given again
    assert rules.ids_left(plan) == 998


def test_a_range_that_is_used_up_gives_nothing(cast: Cast) -> None:
    people.make_identity(cast.owing, cast.cbc, "900000999")
    assert rules.ids_left(cast.plan) == 0
    assert actions.assign_sid(student=cast.classmate, plan=cast.plan, by=None) is None


def test_the_run_gives_ids_to_those_who_earn_and_to_nobody_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transcripts.documents.draw", lambda *_: (b"%PDF-1.7\n%%EOF\n",) * 2)
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year),
        sids="range", sid_from=800_000_000, sid_to=800_000_100, sid_required=True,
    )  # fmt: skip
    # Until somebody has said that the ID of the open conflict is nobody's here, it may be one of theirs.
    actions.decide_conflict(conflict=cast.conflict, student=None, by=cast.registrar)
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    while actions.transcribe_next(run_id=run.pk):
        pass
    assert CollegeIdentity.objects.get(student=cast.classmate).sid == "800000000"
    assert run.transcripts.get(student=cast.classmate).sid == "800000000"
    assert not CollegeIdentity.objects.filter(student=cast.owing).exists()
    assert dict(run.lines.values_list("registration__student", "problem")) == {
        cast.classmate.pk: "", cast.owing.pk: "fees_req",
    }  # fmt: skip


@pytest.mark.parametrize(("last", "left"), [(800_000_000, 1), (800_000_100, 101)])
def test_what_is_foretold_counts_on_the_ids_a_run_gives(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, last: int, left: int
) -> None:
    """The ID is required and SERS gives it: nobody waits for it, neither in the forecast nor in the list of what waits."""
    monkeypatch.setattr("transcripts.documents.draw", lambda *_: (b"%PDF-1.7\n%%EOF\n",) * 2)
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year),
        sids="range", sid_from=800_000_000, sid_to=last, sid_required=True,
    )  # fmt: skip
    actions.decide_conflict(conflict=cast.conflict, student=None, by=cast.registrar)
    found = rules.forecast(cast.cbc, cast.year)
    assert (found.awarded, found.without_sid, found.ids_left, found.ids_come) == (1, 1, left, True)
    waits = Registration.objects.in_full().get(student=cast.classmate, status="completed")
    line = next(
        one
        for one in rules.explained(waits, on=timezone.localdate(), reader=cast.registrar).lines
        if one.rule == "no_sid"
    )
    assert (line.value, line.met) == ("SERS gives the next college ID with the credit", True)
    client.force_login(cast.registrar)
    page = client.get(
        f"/transcripts/runs/?college={cast.cbc.public_id}&year={cast.year.first_year}"
    ).content.decode()
    assert "The run gives it the next one of the college’s range." in page
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    while actions.transcribe_next(run_id=run.pk):
        pass
    assert rules.totals(run).awarded == found.awarded
    assert run.lines.by_problem() == {"fees_req": 1} == {str(one): count for one, count in found.held.items()}


def test_a_range_that_is_too_short_is_said_before_the_run(cast: Cast, client: Client) -> None:
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    plan = TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year),
        sids="range", sid_from=800_000_000, sid_to=800_000_000,
    )  # fmt: skip
    people.make_identity(cast.owing, cast.cbc, "800000000")
    actions.decide_conflict(conflict=cast.conflict, student=None, by=cast.registrar)
    found = rules.forecast(cast.cbc, cast.year)
    assert (found.awarded, found.without_sid, found.ids_left, found.ids_come) == (1, 1, 0, False)
    client.force_login(cast.registrar)
    address = f"/transcripts/runs/?college={cast.cbc.public_id}&year={cast.year.first_year}"
    assert "The college’s range holds 0: make it longer under" in client.get(address).content.decode()
    TranscriptionPlan.objects.filter(pk=plan.pk).update(sid_required=True)
    found = rules.forecast(cast.cbc, cast.year)
    assert (found.awarded, {str(one): count for one, count in found.held.items()}) == (
        0, {"no_sid": 1, "fees_req": 1},
    )  # fmt: skip


def test_credit_waits_for_the_college_id_where_it_is_required(cast: Cast, client: Client) -> None:
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year), sid_required=True
    )
    found = rules.forecast(cast.cbc, cast.year)
    assert (found.awarded, {str(problem): count for problem, count in found.held.items()}) == (
        0, {"no_sid": 1, "fees_req": 1},
    )  # fmt: skip
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    while actions.transcribe_next(run_id=run.pk):
        pass
    assert sorted(run.lines.values_list("problem", flat=True)) == ["fees_req", "no_sid"]
