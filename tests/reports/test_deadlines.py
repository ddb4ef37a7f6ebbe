"""The next last days at home: which of them a role hears of, in which words, and where one acts."""

import re
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.access import Role
from articulations.models import Articulation, AssuranceText
from organizations.models import CollegeYear, ConsortiumYear, FurtherAsk, Window
from reports.rules.deadlines import ASKED_BY, ASKS, DEADLINES, RUNS, WINDOW_WORDS, WINDOWS, Due, told
from tests.people import Cast, close_window, make_window
from tests.policing import PolicingClient
from tests.students.pages import text
from transcripts.models import PaperMailing, TranscriptionPlan

ON = date(2026, 6, 15)


def part(client: PolicingClient, person: Any) -> str:
    """What the page says of deadlines."""
    client.force_login(person)
    found = re.search(
        r'<section aria-labelledby="deadlines">(.*?)</section>', client.get("/").content.decode(), re.S
    )
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split())


@pytest.fixture
def bare(cast: Cast) -> Cast:
    """The cast without any day set."""
    Window.objects.all().delete()
    ConsortiumYear.objects.update(form_due_on=None, guardian_due_on=None, fee_due_on=None)
    FurtherAsk.objects.update(due_on=None)
    CollegeYear.objects.update(request_by=None)
    TranscriptionPlan.objects.update(starts_on=None, set_by=None)
    PaperMailing.objects.update(mail_by=ON.replace(year=2000))
    Articulation.objects.update(review_due_on=None)
    return cast


# --- In words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "note", "is_near"),
    [
        (0, "today, June 15", True),
        (1, "tomorrow, June 16", True),
        (12, "in 12 days, June 27", True),
        (14, "in 14 days, June 29", True),
        (15, "in 15 days, June 30", False),
        (16, "in 16 days, July 1, 2026", False),
    ],
)
def test_a_day_in_words(days: int, note: str, is_near: bool) -> None:
    (found,) = told([Due(ON + timedelta(days=days), "It ends", "", "reports:home")], ON)
    assert (found.note, found.is_near) == (note, is_near)


def test_next_first_once_for_all_and_no_more_than_six() -> None:
    dues = [Due(ON + timedelta(days=day), "It ends", "Here", "reports:home") for day in range(9, 0, -1)]
    dues += [
        Due(ON - timedelta(days=1), "Over", "Here", "reports:home"),
        Due(None, "Never", "Here", "reports:home"),
    ]
    dues += [Due(ON + timedelta(days=1), "It ends", who, "reports:home") for who in ("There", "Here", "")]
    found = told(dues, ON)
    assert [one.day.day for one in found] == [16, 17, 18, 19, 20, 21]
    assert len(found) == DEADLINES
    assert found[0].note == "tomorrow, June 16, Here, There"


# --- Who hears of what ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "hears", "not_of"),
    [
        ("teacher", ("Registration closes", "Grades are due"), ("Forms and fees", "Last day for students")),
        ("counselor", ("Registration closes", "Forms and fees are due", "Grades are due", "Last day for students"), ()),
        ("district", ("Registration closes", "Forms and fees are due", "Grades are due"), ("Last day for students",)),
        ("registrar", ("Grades are due", "Last day for students"), ("Registration closes", "Forms and fees")),
        ("consortium", ("Registration closes", "Forms and fees are due", "Grades are due", "Last day for students"), ()),
        ("state", ("Registration closes", "Forms and fees are due", "Grades are due", "Last day for students"), ()),
    ],
)  # fmt: skip
def test_the_windows_of_a_role(
    client: PolicingClient, bare: Cast, person: str, hears: tuple[str, ...], not_of: tuple[str, ...]
) -> None:
    for kind in Window.Kind:
        make_window(kind, bare.columbia_basin, bare.year)
    words = part(client, getattr(bare, person))
    for one in hears:
        assert one in words
    for one in not_of:
        assert one not in words
    assert "in 30 days" in words


def test_a_neighbours_days_are_not_ours(client: PolicingClient, bare: Cast) -> None:
    for kind in Window.Kind:
        make_window(kind, bare.walla_walla, bare.year)
    for person in ("teacher", "counselor", "district", "faculty", "registrar", "consortium"):
        assert part(client, getattr(bare, person)) == "Deadlines No last day is ahead for you."
    assert "Walla Walla" in part(client, bare.state)


def test_a_college_hears_of_its_own_dates_where_it_has_set_some(client: PolicingClient, bare: Cast) -> None:
    today = timezone.localdate()
    make_window(Window.Kind.GRADING, bare.columbia_basin, bare.year, closes_on=today + timedelta(days=20))
    assert "Grades are due in 20 days" in part(client, bare.registrar)
    make_window(
        Window.Kind.GRADING, bare.columbia_basin, bare.year, college=bare.cbc,
        closes_on=today + timedelta(days=9),
    )  # fmt: skip
    words = part(client, bare.registrar)
    assert "Grades are due Soon in 9 days" in words
    assert "Columbia Basin College" in words
    assert "in 20 days" not in words
    assert "in 20 days" in part(client, bare.consortium)


def test_what_opens_late_or_is_over_is_not_told(client: PolicingClient, bare: Cast) -> None:
    today = timezone.localdate()
    make_window(
        Window.Kind.REGISTRATION, bare.columbia_basin, bare.year,
        opens_on=today + timedelta(days=121), closes_on=today + timedelta(days=150),
    )  # fmt: skip
    make_window(Window.Kind.GRADING, bare.columbia_basin, bare.year)
    close_window(Window.Kind.GRADING, bare.columbia_basin, bare.year)
    assert "No last day is ahead" in part(client, bare.consortium)


def test_days_beside_the_windows(client: PolicingClient, bare: Cast) -> None:
    today = timezone.localdate()
    terms = ConsortiumYear.objects.get(consortium=bare.columbia_basin, year=bare.year)
    terms.form_due_on, terms.fee_due_on = today + timedelta(days=3), today + timedelta(days=4)
    terms.guardian_due_on = today + timedelta(days=5)
    terms.save()
    FurtherAsk.objects.create(terms=terms, names={"en": "College application"}, due_on=today)
    for person in ("counselor", "district", "consortium"):
        words = part(client, getattr(bare, person))
        assert words.index("College application is due Soon today") < words.index(
            "Signed forms are due Soon in 3 days"
        )
        assert "Fees are due Soon in 4 days" in words
        assert "Guardians’ signatures are due Soon in 5 days" in words
    assert "due" not in part(client, bare.registrar)


def test_assurances_reviews_requests_runs_and_letters(client: PolicingClient, bare: Cast) -> None:
    on = timezone.localdate() + timedelta(days=10)
    with pgtrigger.ignore("articulations.AssuranceText:assurance_text_is_ink"):
        AssuranceText.objects.update(due_on=on)
    Articulation.objects.filter(pk=bare.agreement.pk).update(review_due_on=on)
    college_year = CollegeYear.objects.get(college=bare.cbc, year=bare.year)
    college_year.mode, college_year.request_by = CollegeYear.Mode.ON_REQUEST, on
    college_year.save()
    TranscriptionPlan.objects.update_or_create(
        college_year=college_year, defaults={"starts_on": on, "set_by": bare.registrar, "tried_at": None}
    )
    PaperMailing.objects.filter(pk=bare.paper_mailing.pk).update(mail_by=on, mailed_on=None, mailed_by=None)
    told_to = {
        "Your Annual Teacher Assurance is due": {"teacher"},
        "Teachers sign the Annual Teacher Assurance": {
            "counselor",
            "district",
            "faculty",
            "registrar",
            "consortium",
        },
        "Reviews are due": {"district", "faculty", "consortium", "state"},
        "Last day for students to ask a college to transcribe": {"counselor", "registrar", "consortium"},
        "The calendar starts the transcription run": {"registrar", "consortium", "state"},
        "Letters on paper are in the mail": {"registrar"},
    }
    people = set().union(*told_to.values())
    words = {person: part(client, getattr(bare, person)) for person in people}
    for one, hearing in told_to.items():
        assert {person for person in people if one in words[person]} == hearing, one
    assert "1 agreement" in words["faculty"]


def test_without_a_seat_there_is_no_part_of_it(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.nobody)
    assert "Deadlines" not in text(client.get("/"))


#: Each role with the address where it acts.
ACTING = sorted(
    {(role, url) for role, kinds in WINDOWS.items() for url in kinds.values()}
    | {(role, url) for some in (ASKS, ASKED_BY, RUNS) for role, url in some.items()}
)


@pytest.mark.parametrize(("role", "url"), ACTING)
def test_one_may_act_where_a_deadline_leads(role: Role, url: str) -> None:
    policy = resolve(reverse(url)).func.policy  # type: ignore[attr-defined]
    assert role in policy


def test_every_window_has_its_words() -> None:
    assert set(WINDOW_WORDS) == set(Window.Kind)
