"""Figures: who reads which, that they agree with every list and sheet, and that a year is published once."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event, Job
from organizations.models import AcademicYear, CollegeYear
from reports import actions, rules
from reports.models import Figure, Figures
from reports.rules import standing
from reports.rules.figures import grade_in
from reports.rules.reporting import change, share, tuition_in_words
from reports.tasks import count_asked, count_tonight
from sers.lib.refusal import Refused
from sers.lib.workbooks import sheet_text
from students.models import Registration, RosterEntry, Student
from tests.people import (
    Cast,
    make_entry,
    make_person,
    make_registration,
    make_school,
    make_student,
    make_year,
)
from tests.policing import PolicingClient
from tests.reports.inventing import invent
from tests.students.pages import text
from transcripts.models import CreditAward

URL = reverse("reports:figures")
FILE = reverse("reports:figures_file")
Area, By, Kind, Status = Figure.Area, Figure.By, Figures.Kind, Registration.Status
LATE = date(2200, 1, 1)


def publish(year: AcademicYear) -> Figures:
    """As the first night after the year's summer does."""
    then = timezone.now().replace(year=year.first_year + 1, month=9, day=20)
    Figures.objects.filter(year=year).delete() if not Figure.objects.filter(figures__year=year) else None
    actions.count_figures(year=year, now=then)
    return Figures.objects.get(year=year, kind=Kind.PUBLISHED)


def told(figures: Figures, area: str, place: int, by: str = By.WHOLE) -> dict[str, Figure]:
    return {one.value: one for one in Figure.objects.filter(figures=figures, area=area, place=place, by=by)}


def whole(figures: Figures, area: str = Area.STATE, place: int = 0) -> Figure:
    return Figure.objects.get(figures=figures, area=area, place=place, by=By.WHOLE)


@pytest.fixture
def full(cast: Cast) -> Figures:
    return actions.count_figures(year=cast.year)


# --- What is counted ------------------------------------------------------------------------------------


def test_a_registration_is_counted_at_its_stage(cast: Cast, full: Figures) -> None:
    """Columbia Basin this year: one In Progress, two Completed, one Not Attained; the one who withdrew is not counted."""
    figure = whole(full, Area.COLLEGE, cast.cbc.pk)
    assert (figure.registered, figure.graded, figure.completed, figure.transcribed) == (4, 3, 2, 0)
    assert figure.students == 4
    last = actions.count_figures(year=cast.last_year)
    figure = whole(last, Area.COLLEGE, cast.cbc.pk)
    assert (figure.registered, figure.transcribed, figure.credits) == (1, 1, Decimal("5.0"))
    assert figure.tuition == Decimal("660.00")


def test_tuition_of_a_college_without_a_price_is_unknown_not_nothing(cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.last_year).update(tuition_per_credit=None)
    figure = whole(actions.count_figures(year=cast.last_year), Area.COLLEGE, cast.cbc.pk)
    assert (figure.tuition, figure.credits_unpriced) == (0, Decimal("5.0"))
    assert tuition_in_words(figure) == "not known"


def test_a_merged_record_is_the_same_person(cast: Cast) -> None:
    twice = make_student(cast.kamiakin, "Marisol", "Vega")
    make_registration(twice, cast.colleague_section, cast.welding_agreement)
    Student.objects.filter(pk=twice.pk).update(merged_into=cast.student)
    figure = whole(actions.count_figures(year=cast.year), Area.COLLEGE, cast.cbc.pk)
    assert (figure.registered, figure.students) == (5, 4)


def test_counting_again_replaces_what_was_counted(cast: Cast, full: Figures) -> None:
    before = Figure.objects.filter(figures=full).count()
    again = actions.count_figures(year=cast.year)
    assert again.pk == full.pk
    assert again.counted_at > full.counted_at
    assert Figure.objects.filter(figures=full).count() == before


@pytest.mark.parametrize(
    ("graduates", "last", "grade"),
    [(2027, 2027, 12), (2028, 2027, 11), (2030, 2027, 9), (2031, 2027, None), (2026, 2027, None)],
)
def test_grade_level_is_that_of_the_year_counted(graduates: int, last: int, grade: int | None) -> None:
    assert grade_in(graduates, last) == grade


# --- Figures agree with each other ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_the_lists_count(cast: Cast, seed: int) -> None:
    """The same question asked of the registrations themselves, area by area and group by group."""
    invent(cast, seed)
    figures = actions.count_figures(year=cast.year)
    paths = {
        Area.CONSORTIUM: "articulation__consortium", Area.COLLEGE: "college", Area.DISTRICT: "student__school__district",
        Area.SCHOOL: "student__school",
    }  # fmt: skip
    values = {
        By.CONSORTIUM: "articulation__consortium", By.COLLEGE: "college", By.DISTRICT: "student__school__district",
        By.SCHOOL: "student__school", By.CLUSTER: "high_school_course__cluster", By.COURSE: "high_school_course__title",
        By.GENDER: "student__gender", By.ETHNICITY: "student__ethnicity",
    }  # fmt: skip
    checked = 0
    for figure in Figure.objects.filter(figures=figures).exclude(by=By.GRADE):
        rows = Registration.objects.live().of_year(cast.year)
        if figure.area != Area.STATE:
            rows = rows.filter(**{paths[figure.area]: figure.place})
        if figure.by != By.WHOLE:
            path = values[figure.by]
            missing = Q(**{f"{path}__isnull": True}) if figure.by == By.CLUSTER else Q(**{path: ""})
            rows = rows.filter(missing if figure.value == "none" else Q(**{path: figure.value}))
        counted = rows.order_by().aggregate(
            registered=Count("pk"),
            graded=Count("pk", filter=Q(pk__in=Registration.objects.graded())),
            completed=Count("pk", filter=Q(status=Status.COMPLETED)),
            transcribed=Count("pk", filter=Q(awarded_at__isnull=False)),
            students=Count("student", distinct=True),
        )
        assert counted == {name: getattr(figure, name) for name in counted}, figure
        checked += 1
    assert checked > 60


# --- In class: what schools' rosters add ------------------------------------------------------------------


def test_in_class_are_the_registered_and_those_whom_rosters_name_beside_them(cast: Cast) -> None:
    """At the school and district of the class and at every college and consortium that covers it; elsewhere unknown."""
    RosterEntry.objects.all().delete()
    make_entry(cast.section, student=cast.student, key="1")
    figures = actions.count_figures(year=cast.year)
    places = (
        (Area.STATE, 0), (Area.SCHOOL, cast.kamiakin.pk), (Area.DISTRICT, cast.kamiakin.district_id),
        (Area.COLLEGE, cast.cbc.pk), (Area.CONSORTIUM, cast.columbia_basin.pk),
    )  # fmt: skip
    assert [whole(figures, *place).not_registered for place in places] == [0] * 5
    make_entry(cast.section, first_name="Nobody", last_name="Known", key="2")
    make_entry(cast.section, first_name="Gone", last_name="Since", key="3", gone_at=timezone.now())
    figures = actions.count_figures(year=cast.year)
    assert [whole(figures, *place).not_registered for place in places] == [1] * 5
    one = whole(figures, Area.SCHOOL, cast.kamiakin.pk)
    assert one.in_class == one.registered + 1
    known = set(
        Figure.objects.filter(figures=figures).exclude(not_registered=None).values_list("area", "place")
    )
    assert known == set(places), "nobody else has heard of a roster"
    there, registered, without = standing.in_class(cast.counselor, cast.year)[cast.kamiakin.pk]
    assert (there, registered, without) == (2, 1, 1), "as the report of rosters counts"


def test_what_rosters_told_stays_when_they_are_forgotten(cast: Cast) -> None:
    before = whole(actions.count_figures(year=cast.last_year), Area.SCHOOL, cast.kamiakin.pk)
    assert before.not_registered == 1
    RosterEntry.objects.filter(section__year=cast.last_year).delete()
    after = whole(actions.count_figures(year=cast.last_year), Area.SCHOOL, cast.kamiakin.pk)
    assert (after.pk == before.pk, after.not_registered) == (False, 1)
    assert set(
        Figure.objects.filter(figures=publish(cast.last_year)).values_list("not_registered", flat=True)
    ) <= {None}


def test_one_entry_that_is_kept_says_nothing_of_a_year_that_is_over(cast: Cast) -> None:
    """It stays because somebody has asked to inspect a record; the others are forgotten."""
    kept = RosterEntry.objects.filter(section__year=cast.last_year).earliest("pk")
    assert whole(actions.count_figures(year=cast.last_year), Area.STATE, 0).not_registered == 2
    RosterEntry.objects.filter(section__year=cast.last_year).exclude(pk=kept.pk).delete()
    assert whole(actions.count_figures(year=cast.last_year), Area.STATE, 0).not_registered == 2


def test_a_school_with_a_roster_and_nobody_registered_has_its_figure(cast: Cast) -> None:
    make_entry(cast.section, first_name="Nobody", last_name="Known", key="2")
    Registration.objects.of_year(cast.year).update(status=Status.WITHDRAWN)
    figure = whole(actions.count_figures(year=cast.year), Area.SCHOOL, cast.kamiakin.pk)
    assert (figure.registered, figure.in_class) == (0, 1)


def test_groups_have_no_rosters(full: Figures) -> None:
    group = Figure.objects.exclude(by=By.WHOLE).first()
    assert group is not None
    with pytest.raises(IntegrityError, match="rosters_are_of_a_whole"), transaction.atomic():
        Figure.objects.filter(pk=group.pk).update(not_registered=3)


@pytest.mark.parametrize(
    ("not_registered", "first", "sentence"),
    [
        (None, ("Registered", "29", 1000), ""),
        (0, ("In class", "29", 1000), "By the rosters that schools have sent, 0 places in classes are not registered: 29 in all."),
        (1, ("In class", "30", 1000), "By the rosters that schools have sent, 1 place in a class is not registered: 30 in all."),
    ],
)  # fmt: skip
def test_the_picture_begins_with_those_in_class(
    not_registered: int | None, first: tuple[str, str, int], sentence: str
) -> None:
    figure = Figure(registered=29, graded=20, completed=15, transcribed=0, not_registered=not_registered)
    bars = rules.funnel_bars(figure)
    assert (bars[0].label, bars[0].words, bars[0].filled) == first
    assert [bar.label for bar in bars[-4:]] == ["Registered", "Graded", "Completed", "Transcribed"]
    assert bars[-4].filled == 1000 * 29 // (29 + (not_registered or 0))
    assert rules.in_class_finding(figure) == sentence


def test_the_table_behind_the_picture_tells_in_class(client: PolicingClient, cast: Cast) -> None:
    """Where rosters tell of some year; of a year without them it is not known, and nobody is 0 in class."""
    client.force_login(cast.counselor)
    actions.count_figures(year=cast.last_year)
    make_entry(cast.section, first_name="Nobody", last_name="Known", key="2")
    figure = whole(actions.count_figures(year=cast.year), Area.SCHOOL, cast.kamiakin.pk)
    Figure.objects.filter(figures__year=cast.last_year).update(not_registered=None)
    heads, *rows = cells(client, "")
    place = heads.index("In class")
    assert heads[place + 1] == "Registered"
    assert [(row[0], row[place]) for row in rows[:2]] == [
        (str(cast.year), str(figure.in_class)),
        (str(cast.last_year), "not known"),
    ]
    Figure.objects.update(not_registered=None)
    assert "In class" not in cells(client, "")[0]


def test_credits_are_those_of_the_standing_awards(cast: Cast) -> None:
    figures = actions.count_figures(year=cast.last_year)
    for area, path in ((Area.STATE, ""), (Area.COLLEGE, "college")):
        for figure in Figure.objects.filter(figures=figures, area=area, by=By.WHOLE):
            awards = CreditAward.objects.standing().filter(year=cast.last_year)
            awards = awards.filter(**{path: figure.place}) if path else awards
            assert awards.aggregate(n=Sum("credits"))["n"] == figure.credits


def cells(client: PolicingClient, query: str) -> list[list[str]]:
    """The numbers of the tables on the page, row by row."""
    page = client.get(f"{URL}?{query}").content.decode()
    rows = re.findall(r'<tr role="row">(.*?)</tr>', page, re.DOTALL)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def test_page_sheet_workbook_home_and_list_give_the_same_number(client: PolicingClient, cast: Cast) -> None:
    invent(cast, 7)
    actions.count_figures(year=cast.year)
    client.force_login(cast.consortium)
    of = f"of=consortium.{cast.columbia_basin.public_id}&by=college"
    listed = Registration.objects.visible_to(cast.consortium).live().of_year(cast.year)
    registered = listed.count()
    students = listed.order_by().values("student").distinct().count()
    page = cells(client, of)
    years = dict(zip(page[0], page[1], strict=True))
    assert (years["School year"], years["Students"], years["Registered"]) == (
        str(cast.year), str(students), str(registered),
    )  # fmt: skip
    assert page[4][:3] == ["Columbia Basin College", str(students), str(registered)]
    home = text(client.get("/"))
    assert f"students registered {students} " in home
    assert f"registrations {registered} " in home
    taken = client.post(f"{FILE}?{of}", {"as": "csv"}).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(taken, newline="")))
    assert lines[1][1:6] == [str(cast.year), "", "", "", str(registered)]
    assert lines[3][3:6] == ["Columbia Basin College", "", str(registered)]
    assert lines[-1][0].startswith("Notice: These figures are in full")
    book = sheet_text(client.post(f"{FILE}?{of}", {"as": "xlsx"}).content)
    assert list(csv.reader(io.StringIO(book, newline=""))) == lines[:-1]
    assert Event.objects.filter(kind="reports.figures_taken", actor=cast.consortium).count() == 2


# --- Who reads which ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "full_of"),
    [
        ("counselor", {"school"}),
        ("district", {"district", "school"}),
        ("faculty", set()),
        ("registrar", {"college"}),
        ("consortium", {"consortium"}),
        ("state", {"state", "consortium", "college", "district", "school"}),
        ("other_counselor", set()),
        ("other_district", set()),
        ("other_registrar", set()),
        ("other_consortium", set()),
    ],
)
def test_who_reads_in_full(cast: Cast, person: str, full_of: set[str]) -> None:
    places = {
        "state": rules.STATE,
        **{
            area: rules.place_named(f"{area}.{place.public_id}")
            for area, place in (
                ("consortium", cast.columbia_basin), ("college", cast.cbc), ("district", cast.kennewick), ("school", cast.kamiakin),
            )
        },
    }  # fmt: skip
    user = getattr(cast, person)
    assert {area for area, place in places.items() if place and rules.reads_in_full(user, place)} == full_of


def test_the_state_reads_published_figures_until_it_says_what_for(
    client: PolicingClient, cast: Cast, full: Figures
) -> None:
    client.force_login(make_person(Role.STATE, None))
    page = text(client.get(URL))
    assert "what you read records for" in page
    assert "No school year has been published yet" in page


def test_the_state_with_a_purpose_reads_all(client: PolicingClient, cast: Cast, full: Figures) -> None:
    client.force_login(cast.state)
    assert "In full, because you may see each student counted" in text(client.get(URL))


@pytest.mark.parametrize("path", [URL, FILE])
def test_a_stranger_of_a_place_reads_it_only_as_published(
    client: PolicingClient, cast: Cast, full: Figures, path: str
) -> None:
    client.force_login(cast.other_registrar)
    ask = client.post if path == FILE else client.get
    answer = ask(f"{path}?of=college.{cast.cbc.public_id}&kind=full")
    if path == FILE:
        assert answer.status_code == 404
    else:
        page = text(answer)
        assert "Too few students here to be told apart" in page
        assert "Count again" not in page


@pytest.mark.parametrize(
    "of", ["college", "college.x", "planet.1", "college.00000000-0000-0000-0000-000000000000"]
)
def test_a_place_that_is_none_is_not_there(client: PolicingClient, cast: Cast, of: str) -> None:
    client.force_login(cast.state)
    assert client.get(f"{URL}?of={of}").status_code == 404


@pytest.mark.parametrize("query", ["year=zzzz", "year=9999", "by=planet", "by=gender&year=٢٠٢٦", "page=99"])
def test_nonsense_shows_the_usual(client: PolicingClient, cast: Cast, full: Figures, query: str) -> None:
    client.force_login(cast.registrar)
    assert "2 of 4 registrations" in text(client.get(f"{URL}?{query}"))


# --- Published ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("month", "day", "over"), [(9, 14, False), (9, 15, True), (12, 1, True)])
def test_a_year_is_published_after_its_summer(cast: Cast, month: int, day: int, over: bool) -> None:
    year = AcademicYear(first_year=2025)
    assert rules.is_to_publish(year, date(2026, month, day)) is over


def test_a_year_is_published_once(cast: Cast) -> None:
    for number in range(12):
        make_registration(make_student(cast.kamiakin, f"A{number}"), cast.section, cast.agreement)
        make_registration(make_student(cast.wahi, f"B{number}"), cast.other_section, cast.other_agreement)
    Registration.objects.filter(year=cast.year).exclude(status=Status.IN_PROGRESS).update(
        status=Status.WITHDRAWN
    )
    published = publish(cast.year)
    before = whole(published)
    assert (before.registered, before.students) == (26, None)
    assert set(told(published, Area.STATE, 0, By.COLLEGE)) == {str(cast.cbc.pk), str(cast.wwcc.pk)}
    assert set(told(published, Area.STATE, 0, By.GENDER)) == {"none"}
    make_registration(make_student(cast.kamiakin, "Late"), cast.section, cast.agreement)
    assert publish(cast.year).counted_at == published.counted_at
    assert whole(published).registered == 26
    assert whole(Figures.objects.get(year=cast.year, kind=Kind.FULL)).registered == 27
    assert Event.objects.filter(kind="reports.figures_published").count() == 1


def test_a_year_of_few_is_published_as_nothing(cast: Cast) -> None:
    assert not Figure.objects.filter(figures=publish(cast.last_year)).exists()


def test_published_figures_tell_no_students_and_hold_their_notice(client: PolicingClient, cast: Cast) -> None:
    test_a_year_is_published_once(cast)
    client.force_login(cast.faculty)
    page = text(client.get(f"{URL}?of=state&by=college"))
    assert "no group of fewer than 10 students is told apart" in page
    assert "Students" not in [cell for row in cells(client, "of=state") for cell in row]
    taken = client.post(f"{FILE}?of=state&by=college").content.decode("utf-8-sig")
    assert "Notice: Published figures." in taken
    assert not Event.objects.filter(kind="reports.figures_taken").exists()


# --- Counted by a worker --------------------------------------------------------------------------------


def test_every_night_counts_the_running_year_the_last_and_those_that_never_were(cast: Cast) -> None:
    old = make_year(cast.year.first_year - 4)
    Registration.objects.filter(pk=cast.graduate_registration.pk).update(year=old)
    count_tonight()
    assert set(Figures.objects.first_years(Kind.FULL)) == {
        old.first_year,
        cast.last_year.first_year,
        cast.year.first_year,
    }
    assert {year.first_year for year in rules.years_to_count(timezone.localdate())} == {
        cast.last_year.first_year, cast.year.first_year,
    }  # fmt: skip


def test_figures_are_counted_again_on_request(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    for _ in range(2):
        client.post(reverse("reports:count_again"), {"year": cast.year.first_year})
    job = Job.objects.get(task=actions.COUNT_TASK)
    count_asked(job.pk)
    assert (
        whole(Figures.objects.get(year=cast.year, kind=Kind.FULL), Area.COLLEGE, cast.cbc.pk).registered == 4
    )
    with pytest.raises(Refused) as refused:
        actions.ask_to_count(year=cast.year, by=cast.registrar)
    assert refused.value.refusal.rule == "just_counted"
    Figures.objects.update(counted_at=timezone.now() - timedelta(minutes=11))
    assert actions.ask_to_count(year=cast.year, by=cast.registrar) != job


@pytest.mark.parametrize(("person", "rule"), [("faculty", "not_yours"), ("counselor", None), ("state", None)])
def test_who_may_have_them_counted(cast: Cast, person: str, rule: str | None) -> None:
    refusal = rules.why_not_count(getattr(cast, person), None, now=timezone.now())
    assert (refusal and refusal.rule) == rule


# --- The page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_a_report_asks_the_same_queries_whatever_it_holds(
    client: PolicingClient, cast: Cast, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        student = make_student(make_school(f"School {number}", cast.kennewick), f"Kim{number}")
        make_registration(student, cast.section, cast.agreement)
    actions.count_figures(year=cast.year)
    client.force_login(cast.district)
    client.get(f"{URL}?by=school")
    with django_assert_num_queries(13):
        client.get(f"{URL}?by=school")


def test_rows_lead_to_the_figures_of_their_place(client: PolicingClient, cast: Cast, full: Figures) -> None:
    client.force_login(cast.district)
    page = client.get(f"{URL}?by=school").content.decode()
    assert f"?of=school.{cast.kamiakin.public_id}&amp;year={cast.year.first_year}" in page
    page = text(client.get(f"{URL}?of=school.{cast.kamiakin.public_id}"))
    assert "In full, because you may see each student counted" in page


def test_more_groups_than_a_page_are_paged(client: PolicingClient, cast: Cast) -> None:
    for number in range(55):
        student = make_student(make_school(f"School {number}", cast.kennewick), f"Kim{number}")
        make_registration(student, cast.section, cast.agreement)
    actions.count_figures(year=cast.year)
    client.force_login(cast.district)
    assert len(cells(client, "by=school")) == 1 + 2 + 1 + 50
    assert len(cells(client, "by=school&page=2")) == 1 + 2 + 1 + 6


def test_a_year_beside_the_one_before(client: PolicingClient, cast: Cast, full: Figures) -> None:
    actions.count_figures(year=cast.last_year)
    client.force_login(cast.registrar)
    page = text(client.get(URL))
    assert (
        f"2 of 4 registrations of {cast.year} are Completed (50 %); 3 more registered than in {cast.last_year}."
        in page
    )
    assert "about $660" in page


@pytest.mark.parametrize(
    ("part", "of", "words"),
    [
        (0, 0, ""),
        (0, 5, "0 %"),
        (1, 3, "33 %"),
        (2, 3, "67 %"),
        (1, 2, "50 %"),
        (1, 200, "1 %"),
        (5, 5, "100 %"),
    ],
)
def test_shares_are_rounded(part: int, of: int, words: str) -> None:
    assert share(part, of) == words


@pytest.mark.parametrize(
    ("now", "before", "words"), [(5, None, ""), (5, 5, "as many"), (1005, 5, "1,000 more"), (0, 3, "3 fewer")]
)
def test_changes_in_words(now: int, before: int | None, words: str) -> None:
    assert change(now, before) == words


# --- What must always be true ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"graded": 5}, {"completed": 4}, {"transcribed": 3}, {"area": "planet"}, {"by": "planet"}, {"place": 7},
        {"area": "college"}, {"credits_unpriced": 1},
    ],
)  # fmt: skip
def test_the_database_keeps_no_figure_that_cannot_be(
    cast: Cast, full: Figures, facts: dict[str, Any]
) -> None:
    usual = {
        "figures": full,
        "area": "state",
        "place": 0,
        "by": "whole",
        "value": "x",
        "registered": 4,
        "graded": 3,
        "completed": 2,
        "transcribed": 1,
    }
    Figure.objects.create(**usual)
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(**{**usual, "value": "y", **facts})
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(**usual)


def test_figures_are_found_by_an_index(cast: Cast, full: Figures) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Figure.objects.told(Kind.FULL, Area.COLLEGE, cast.cbc.pk, By.CLUSTER).explain()
    assert "figure_once" in plan
