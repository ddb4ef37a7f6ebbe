"""A report beside earlier years: what is up and what is down, each year as it stood on the same day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from articulations.models import Articulation, AssuranceText, TeacherAssurance
from grading.models import ClassCompletion
from organizations.models import AcademicYear
from reports import rules
from reports.actions import count_state_years, count_tonight
from reports.models import StateYear
from reports.rules.earlier import BESIDE, YEARS, compared, finding_of, on_the_same_day
from reports.rules.standing import KINDS
from sers.lib.moments import moment
from students.models import Registration, Requirement
from tests import raw
from tests.owing import make_fee
from tests.people import Cast, make_entry, make_year
from tests.policing import PolicingClient
from tests.students.pages import text
from transcripts.models import CreditAward, PostingEvent

URL = reverse("reports:standing")
KIND = {kind.key: kind for kind in KINDS}


def beside(
    user: Any, key: str, year: AcademicYear, on: date | None = None
) -> tuple[str, dict[str, list[str]]]:
    """What is found, and the numbers of each year in words."""
    standing = rules.standing_of(user, KIND[key], year=year)
    found = compared(user, standing, on or timezone.localdate())
    return found.finding, {line.year: [words for _, words in line.named] for line in found.lines}


def test_every_report_is_set_beside_earlier_years() -> None:
    assert BESIDE.keys() == KIND.keys()


# --- The sentence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "finding"),
    [
        ({2026: [4, 3, 1], 2025: [4, 2, 2]}, "75 %, up from 50 % in 2025-26."),
        ({2026: [4, 1, 3], 2025: [4, 2, 2]}, "25 %, down from 50 % in 2025-26."),
        ({2026: [2, 1, 1], 2025: [4, 2, 2]}, "50 %, as in 2025-26."),
        ({2026: [4, 3, 1], 2024: [4, 4, 0]}, "75 %, down from 100 % in 2024-25."),
        ({2026: [4, 3, 1]}, "75 %. Nothing is known of earlier years."),
        ({2025: [4, 3, 1]}, "nothing is known of 2026-27 yet."),
        ({}, "nothing is known of 2026-27 yet."),
    ],
)
def test_it_says_up_or_down(numbers: dict[int, list[int]], finding: str) -> None:
    counted = {first: numbers.get(first) for first in range(2026, 2026 - YEARS, -1)}
    assert finding_of(BESIDE["assurances"], counted, 2026) in (
        f"Assurances signed in time: {finding}", f"Assurances signed in time{finding}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "finding"),
    [
        ({2026: 30, 2025: 41}, "From grade to posting: 30 days, down from 41 days in 2025-26."),
        ({2026: 1, 2025: None, 2024: 0}, "From grade to posting: 1 day, up from 0 days in 2024-25."),
        ({2026: None, 2025: 4}, "From grade to posting: nothing is known of 2026-27 yet."),
    ],
)
def test_days_are_compared_where_they_are_known(numbers: dict[int, int | None], finding: str) -> None:
    counted: dict[int, Any] = dict.fromkeys(range(2026, 2026 - YEARS, -1))
    for first, long in numbers.items():
        counted[first] = [7, 5, long, 4]
    assert finding_of(BESIDE["posting"], counted, 2026) == finding


@pytest.mark.parametrize(
    ("day", "back", "before"),
    [
        (date(2026, 11, 26), 0, date(2026, 11, 26)),
        (date(2026, 11, 26), 3, date(2023, 11, 26)),
        (date(2028, 2, 29), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
    ],
)
def test_the_same_day_of_earlier_years(day: date, back: int, before: date) -> None:
    assert on_the_same_day(day, back) == before


# --- The numbers ----------------------------------------------------------------------------------------


def test_years_without_data_say_so(client: PolicingClient, cast: Cast) -> None:
    finding, years = beside(cast.consortium, "rosters", cast.year)
    assert list(years) == [str(cast.year), str(cast.last_year), *list(years)[2:]]
    assert len(years) == YEARS
    assert years[list(years)[3]] == []
    client.force_login(cast.consortium)
    page = text(client.get(URL, {"what": "rosters"}))
    assert finding in page
    assert "Nothing is known of this year." in page


def test_agreements_in_force_on_the_same_day(cast: Cast) -> None:
    today = timezone.localdate()
    ours = Articulation.objects.filter(consortium=cast.columbia_basin)
    ours.filter(pk=cast.agreement.pk).update(valid_from=on_the_same_day(today, 1) + timedelta(days=1))
    finding, years = beside(cast.consortium, "agreements", cast.year)
    now = ours.in_force(today).count()
    before = ours.in_force(on_the_same_day(today, 1)).count()
    assert before == now - 1
    assert years[str(cast.year)][0] == str(now)
    assert finding == f"Agreements in force: {now}, up from {before} in {cast.last_year}."


def test_assurances_in_time(cast: Cast) -> None:
    signed = TeacherAssurance.objects.get(pk=cast.assurance.pk)
    finding, years = beside(cast.consortium, "assurances", cast.year)
    assert years[str(cast.year)] == ["1", "1", "0"]
    assert finding == "Assurances signed in time: 100 %. Nothing is known of earlier years."
    with pgtrigger.ignore():
        AssuranceText.objects.update(due_on=timezone.localdate(signed.signed_at) - timedelta(days=1))
    assert beside(cast.consortium, "assurances", cast.year)[1][str(cast.year)] == ["1", "0", "1"]
    yesterday = timezone.localdate(signed.signed_at) - timedelta(days=1)
    assert beside(cast.consortium, "assurances", cast.year, yesterday)[1][str(cast.year)] == []


def test_fees_of_a_year_as_it_stood(cast: Cast) -> None:
    make_fee(cast.registration, 20)
    make_fee(cast.classmate_registration, Decimal("12.50"), state=Requirement.State.PROCESSED)
    _, years = beside(cast.consortium, "fees", cast.year)
    asked, processed, _, paid = years[str(cast.year)]
    live = Requirement.objects.standing().filter(
        registration__articulation__consortium=cast.columbia_basin, registration__year=cast.year
    ).exclude(registration__status__in=Registration.ENDED)  # fmt: skip
    assert asked == str(live.count())
    assert processed == str(live.filter(state="processed").count())
    assert paid == "$12.50"
    Requirement.objects.filter(state="processed").update(decided_at=F("decided_at") + timedelta(days=1))
    assert beside(cast.consortium, "fees", cast.year)[1][str(cast.year)][1] == "0"


def test_students_in_class_who_are_registered(cast: Cast) -> None:
    make_entry(cast.section, key="7", first_name="Ximena")
    finding, years = beside(cast.counselor, "rosters", cast.year)
    assert years[str(cast.year)] == ["1", "0"]
    assert finding.startswith("Students in class who are registered: 0 %, ")


def test_classes_graded_in_time(cast: Cast) -> None:
    _, years = beside(cast.consortium, "graded", cast.last_year)
    assert years[str(cast.last_year)][1] == "1"
    assert ClassCompletion.objects.filter(section=cast.last_section).exists()
    yesterday = timezone.localdate(cast.completion.declared_at) - timedelta(days=1)
    _, before = beside(cast.consortium, "graded", cast.last_year, yesterday)
    assert before[str(cast.last_year)][1:] == ["0", "0"]


def test_from_grade_to_posting(cast: Cast) -> None:
    award = CreditAward.objects.standing().get(student=cast.graduate)
    PostingEvent.objects.create(
        college=cast.cbc, award=award, kind=PostingEvent.Kind.POSTED, on=timezone.localdate(), sid="9" * 9,
        term="2255", course_id="012001", grade="3.8", said_by=cast.registrar,
    )  # fmt: skip
    finding, years = beside(cast.registrar, "posting", cast.last_year)
    assert years[str(cast.last_year)][:3] == ["1", "1", "0 days"]
    assert finding == "From grade to posting: 0 days. Nothing is known of earlier years."


@pytest.mark.parametrize("key", KIND)
def test_a_neighbours_years_are_not_ours(cast: Cast, key: str) -> None:
    year = cast.last_year if key == "posting" else cast.year
    before = beside(cast.consortium, key, year)
    make_fee(cast.other_registration, 20)
    make_entry(cast.other_section, key="7", first_name="Ximena")
    cast.credential.classes.add(cast.other_section.high_school_course)
    Articulation.objects.filter(consortium=cast.walla_walla).update(valid_until=timezone.localdate())
    ClassCompletion.objects.create(
        section=cast.other_section, number=1, declared_by=cast.other_teacher, completed=1, not_attained=0,
        ended=0,
    )  # fmt: skip
    PostingEvent.objects.create(
        college=cast.wwcc, award=cast.other_award, kind=PostingEvent.Kind.POSTED, on=timezone.localdate(),
        sid="9" * 9, term="2255", course_id="012001", grade="3.8", said_by=cast.other_registrar,
    )  # fmt: skip
    with pgtrigger.ignore():
        TeacherAssurance.objects.filter(pk=cast.other_assurance.pk).update(signed_at=timezone.now())
    assert beside(cast.consortium, key, year) == before
    assert beside(cast.other_consortium, key, year)[1][str(year)] != []


def test_the_picture_shows_the_years(client: PolicingClient, cast: Cast) -> None:
    make_year(cast.year.first_year - 2)
    client.force_login(cast.consortium)
    page = client.get(URL, {"what": "agreements"}).content.decode()
    years = page.split('aria-labelledby="years"')[1]
    assert years.count("<rect") == 2 * years.count('class="s-bars-name"')
    assert f'<span class="s-bars-name">{cast.last_year}</span>' in years


# --- The State's, counted at night ----------------------------------------------------------------------


def test_the_states_years_are_counted_at_night(
    client: PolicingClient, cast: Cast, django_assert_num_queries: Any
) -> None:
    on = timezone.localdate()
    live = {key: beside(cast.state, key, cast.last_year) for key in ("graded", "posting")}
    count_state_years(now=timezone.now())
    assert {key: beside(cast.state, key, cast.last_year) for key in live} == live
    standing = rules.standing_of(cast.state, KIND["graded"], year=cast.last_year)
    with django_assert_num_queries(2):  # the years, and what was counted
        compared(cast.state, standing, on)
    # What happens afterwards is told after the next night.
    ClassCompletion.objects.create(
        section=cast.other_section, number=1, declared_by=cast.other_teacher, completed=1, not_attained=0,
        ended=0,
    )  # fmt: skip
    before = beside(cast.state, "graded", cast.year)
    assert before[1][str(cast.year)][1] == "0"
    assert beside(cast.other_consortium, "graded", cast.year)[1][str(cast.year)][1] == "1"
    client.force_login(cast.state)
    page = text(client.get(URL, {"what": "graded"}))
    (row,) = StateYear.objects.filter(report="graded", year=cast.year, until=on)
    assert f"Counted {moment(row.counted_at)}." in page
    count_state_years(now=timezone.now())
    assert beside(cast.state, "graded", cast.year)[1][str(cast.year)][1] == "1"
    assert StateYear.objects.filter(report="graded", year=cast.year, until=on).count() == 1


def test_it_is_part_of_the_nightly_round(cast: Cast) -> None:
    on = timezone.localdate() - timedelta(days=2)
    count_tonight(on=on)
    assert set(StateYear.objects.values_list("on", flat=True)) == {on}
    finding, years = beside(cast.state, "graded", cast.last_year)
    assert finding.startswith("Classes graded in time: ")
    standing = rules.standing_of(cast.state, KIND["graded"], year=cast.last_year)
    found = compared(cast.state, standing, timezone.localdate())
    assert found.on == on
    assert rules.sheet_of_years(found)[1][-1] == on.isoformat()
    assert years[str(cast.last_year)]


def test_nobody_else_reads_what_was_counted_for_the_state(cast: Cast) -> None:
    count_state_years(now=timezone.now())
    StateYear.objects.update(numbers=[999, 999, 999, 999])
    for person in (cast.consortium, cast.counselor, cast.district, cast.registrar):
        assert "999" not in str(beside(person, "graded", cast.year))


def test_a_state_year_in_raw_sql(cast: Cast) -> None:
    count_state_years(now=timezone.now())
    row = StateYear.objects.order_by("id")[0]
    with raw.breaks("state_year_once_a_day"):
        raw.copy(row)
    with raw.breaks("state_year_is_no_forecast"):
        raw.copy(row, until=row.on + timedelta(days=1))
    with raw.stands():
        raw.copy(row, until=row.on - timedelta(days=9))
