"""How the work of a year stands: who reads which report, and that its numbers are those of the lists behind it."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from articulations.models import Articulation, CareerCluster, HighSchoolCourse, owed_to
from articulations.rules import FOLLOWS, reviews_for, until
from grading.models import ClassCompletion, GradeEntry
from organizations.models import Window
from reports import rules
from reports.rules.pathways import pathway_total
from reports.rules.standing import KINDS, days
from students.models import Registration, Requirement, RosterEntry, Student
from students.rules import pathways_of
from tests.owing import make_fee
from tests.people import (
    Cast,
    enter_grade,
    make_agreement,
    make_entry,
    make_high_school_course,
    make_person,
    make_registration,
    make_student,
    make_window,
)
from tests.policing import PolicingClient
from tests.students.pages import text
from transcripts.models import CreditAward, PostingEvent

URL = reverse("reports:standing")
KIND = {kind.key: kind for kind in KINDS}


def report(user: Any, key: str, year: Any, by: str = "") -> tuple[dict[str, list[str]], list[str]]:
    """The rows of a report by their group, and its total."""
    found = rules.standing_of(user, KIND[key], year=year, by=by)
    return {line.label: line.cells for line in found.lines}, [words for _, words in found.named_total]


# --- Who reads which ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "keys"),
    [
        ("counselor", ["assurances", "rosters", "graded", "pathways", "credentials"]),
        ("district", ["agreements", "assurances", "rosters", "graded", "pathways", "credentials"]),
        ("faculty", ["agreements", "assurances"]),
        ("registrar", ["assurances", "fees", "graded", "posting"]),
        (
            "consortium",
            ["agreements", "assurances", "fees", "rosters", "graded", "posting", "pathways", "credentials"],
        ),
        (
            "state",
            ["agreements", "assurances", "fees", "rosters", "graded", "posting", "pathways", "credentials"],
        ),
    ],
)
def test_each_seat_has_its_reports(cast: Cast, person: str, keys: list[str]) -> None:
    assert [kind.key for kind in rules.standings_for(getattr(cast, person))] == keys


def test_without_a_purpose_the_state_reads_none_of_students(client: PolicingClient, cast: Cast) -> None:
    other = make_person(Role.STATE)
    assert [kind.key for kind in rules.standings_for(other)] == ["agreements", "assurances", "graded"]
    client.force_login(other)
    page = text(client.get(URL, {"what": "fees"}))
    assert "say first what you read records for" in page
    assert "Forms and fees" not in page


@pytest.mark.parametrize("key", KIND)
def test_a_neighbour_counts_nothing_of_ours(cast: Cast, key: str) -> None:
    year = cast.last_year if key == "posting" else cast.year
    make_fee(cast.registration, 20)
    make_entry(cast.section, key="7", first_name="Ximena")
    for by in KIND[key].by:
        if by == "cluster":
            continue  # clusters are everybody's; the numbers are those of the reader's registrations, see below
        ours, _ = report(cast.consortium, key, year, by)
        theirs, _ = report(cast.other_consortium, key, year, by)
        assert ours
        assert not ours.keys() & theirs.keys()


def test_another_report_and_another_year_than_there_are(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    for query in ({"what": "posting"}, {"by": "moon"}, {"year": "20x6"}, {"year": "1999"}):
        page = client.get(URL, query)
        assert page.status_code == 200
        assert "in force today" in text(page)


# --- The numbers are those of the lists -----------------------------------------------------------------


def test_agreements_are_those_of_home_and_of_the_calendar(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    Articulation.objects.filter(pk=cast.agreement.pk).update(review_due_on=today - timedelta(days=1))
    _, total = report(cast.consortium, "agreements", cast.year)
    ours = reviews_for(cast.consortium, Articulation.objects.all())
    assert total[0] == str(ours.in_force(today).count())
    assert total[2] == str(ours.due(until("overdue", today)).count()) == "1"
    assert int(total[2]) + int(total[3]) == ours.due(until("soon", today)).count()
    client.force_login(cast.consortium)
    assert f"agreements in force {total[0]} " in text(client.get("/"))
    page = text(client.get(URL))
    assert f"{total[0]} agreements in force today; 1 review is overdue." in page
    assert f"{total[2]} agreement " in text(client.get(reverse("articulations:reviews"), {"when": "overdue"}))


def test_a_districts_agreement_of_two_classes_counts_once(cast: Cast) -> None:
    before, _ = report(cast.district, "agreements", cast.year)
    line = cast.agreement.courses.get()
    line.pk = None
    line.high_school_course = make_high_school_course(cast.kamiakin, "Accounting 2")
    line.save()
    after, _ = report(cast.district, "agreements", cast.year)
    assert after == before


def test_assurances_are_those_of_the_work_list(client: PolicingClient, cast: Cast) -> None:
    owed = owed_to(cast.consortium, cast.year, *FOLLOWS)
    rows, total = report(cast.consortium, "assurances", cast.year)
    assert total[0] == str(len(owed))
    assert total[2] == str(len(owed.filter(signed_key__isnull=True)))
    assert int(total[0]) == int(total[1]) + int(total[2])
    assert rows.keys() == {"Columbia Basin College"}
    by_school, again = report(cast.consortium, "assurances", cast.year, "school")
    assert again == total
    assert "Kamiakin High School" in by_school
    client.force_login(cast.consortium)
    page = text(client.get(reverse("articulations:assurances")))
    assert f"{total[2]} pending, {total[1]} of {total[0]} signed by their teachers" in page


def test_forms_and_fees_are_those_of_the_rows(client: PolicingClient, cast: Cast) -> None:
    make_fee(cast.registration, 20)
    make_fee(cast.classmate_registration, Decimal("12.50"))
    gone = make_registration(
        cast.newcomer, cast.section, cast.agreement, status=Registration.Status.WITHDRAWN
    )
    make_fee(gone, 99)
    live = Requirement.objects.standing().filter(
        registration__articulation__consortium=cast.columbia_basin, registration__year=cast.year
    ).exclude(registration=gone)  # fmt: skip
    _, total = report(cast.consortium, "fees", cast.year)
    assert total[0] == str(live.values("registration").distinct().count())
    assert total[1] == str(live.count())
    assert total[4] == str(live.filter(state="pending").count())
    assert int(total[1]) == sum(map(int, total[2:5]))
    owed = live.filter(kind="fee", state="pending").aggregate(sum=Sum("amount"))["sum"]
    assert total[6] == f"${owed:.2f}"
    for by in KIND["fees"].by:
        assert report(cast.consortium, "fees", cast.year, by)[1] == total
    client.force_login(cast.consortium)
    assert f"{total[4]} of {total[1]} forms and fees of {cast.year} are Pending" in text(
        client.get(URL, {"what": "fees"})
    )


def test_in_class_and_registered_are_those_of_the_class(client: PolicingClient, cast: Cast) -> None:
    make_entry(cast.section, key="7", first_name="Ximena")
    at = {"section__high_school_course__school": cast.kamiakin, "section__year": cast.year}
    standing, missing = (
        RosterEntry.objects.standing().filter(**at),
        RosterEntry.objects.unregistered().filter(**at),
    )
    for reader in (cast.counselor, cast.district, cast.consortium, cast.state):
        rows, _ = report(reader, "rosters", cast.year)
        there, registered, without = map(int, rows["Kamiakin High School"])
        assert (there, without) == (standing.count(), missing.count())
        assert registered == there - without
    client.force_login(cast.counselor)
    assert "in the classes of" in text(client.get(URL, {"what": "rosters"}))


def test_grades_in_time_are_those_of_the_classes(client: PolicingClient, cast: Cast) -> None:
    ClassCompletion.objects.create(
        section=cast.section, number=1, declared_by=cast.teacher, completed=1, not_attained=0, ended=0
    )
    with_registrations = (
        Registration.objects.live()
        .filter(year=cast.year, articulation__consortium=cast.columbia_basin)
        .values("section")
        .distinct()
        .count()
    )
    rows, total = report(cast.consortium, "graded", cast.year, "consortium")
    assert rows == {"Columbia Basin": total}
    assert total == [str(with_registrations), "1", "1", "0", str(with_registrations - 1)]
    for by in ("school", "college"):
        assert report(cast.consortium, "graded", cast.year, by)[1] == total
    Window.objects.filter(kind=Window.Kind.GRADING, consortium=cast.columbia_basin).update(
        closes_on=timezone.localdate() - timedelta(days=1)
    )
    _, late = report(cast.counselor, "graded", cast.year)
    assert late[1:4] == ["1", "0", "1"]
    # A college's own last day is the one that counts.
    make_window(
        Window.Kind.GRADING, cast.columbia_basin, cast.year, college=cast.cbc, closes_on=timezone.localdate()
    )
    assert report(cast.registrar, "graded", cast.year)[1][1:4] == ["1", "1", "0"]
    client.force_login(cast.consortium)
    page = text(client.get(URL, {"what": "graded"}))
    assert f"1 of 1 class of {cast.year} is declared complete, 1 in time" in page


def test_from_grade_to_ctclink(client: PolicingClient, cast: Cast) -> None:
    award = CreditAward.objects.standing().get(student=cast.graduate)
    on = timezone.localdate()
    with pgtrigger.ignore():
        CreditAward.objects.filter(pk=award.pk).update(awarded_at=award.awarded_at - timedelta(days=9))
        GradeEntry.objects.update(entered_at=F("entered_at") - timedelta(days=20))
    PostingEvent.objects.create(
        college=cast.cbc, award=award, kind=PostingEvent.Kind.POSTED, on=on, sid="9" * 9, term="2255",
        course_id="012001", grade="3.8", said_by=cast.registrar,
    )  # fmt: skip
    rows, total = report(cast.registrar, "posting", cast.last_year)
    in_time = int(on <= date(cast.last_year.first_year + 1, 9, 1))
    assert rows["Columbia Basin College"] == total
    assert (total[0], total[2], total[3], total[5]) == ("1", "1", "9 days", str(in_time))
    assert (total[1], total[4]) == ("11 days", "20 days")
    client.force_login(cast.registrar)
    page = text(client.get(URL, {"what": "posting"}))
    assert f"ctcLink had {in_time} of 1 awarded course of {cast.last_year} by September 1" in page


def test_nothing_yet_says_so(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    nothing = str(cast.year.first_year - 1)
    Requirement.objects.filter(registration__year=cast.last_year).update(state="dropped")
    RosterEntry.objects.filter(section__year=cast.last_year).update(gone_at=timezone.now())
    for what, words in (
        ("fees", "Nothing was asked of a registration in"),
        ("rosters", "No school has sent a roster of"),
        ("assurances", "Nobody owes an assurance in"),
    ):
        assert words in text(client.get(URL, {"what": what, "year": nothing}))
    assert "No credit of" in text(client.get(URL, {"what": "posting", "year": str(cast.year.first_year)}))


@pytest.mark.parametrize(
    ("found", "words"),
    [(None, ""), (1, "1 day"), (2, "2 days"), (0, "0 days"), (1200, "1,200 days")],
)
def test_a_median_is_told_in_days(found: int | None, words: str) -> None:
    assert days(found) == words


#: Session, seat, years and names, then what the report counts, and what it counts of each of the two years of the cast.
QUERIES = {
    "agreements": 17,
    "assurances": 15,
    "fees": 11,
    "rosters": 14,
    "graded": 18,
    "posting": 13,
    "pathways": 14,
    "credentials": 19,
}


@pytest.mark.parametrize("key", KIND)
def test_queries_do_not_grow(client: PolicingClient, cast: Cast, key: str) -> None:
    client.force_login(cast.consortium)
    make_entry(cast.section, key="7", first_name="Ximena")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(URL, {"what": key, "by": "school"}).status_code == 200
        return len(captured)

    assert queries() == QUERIES[key]
    for number in range(3):
        student = make_student(cast.kamiakin, f"More{number}")
        course = make_high_school_course(cast.kamiakin, f"Class {number}")
        agreement = make_agreement(
            (course, cast.agreement.courses.get().college_course), consortium=cast.columbia_basin
        )
        make_entry(cast.section, key=f"n{number}", first_name="Nadia")
        make_fee(make_registration(student, cast.section, cast.agreement), 20)
        assert agreement.pk
    assert queries() == QUERIES[key]


# --- Pathway progress -----------------------------------------------------------------------------------


def test_pathways_are_what_each_students_classes_add_up_to(cast: Cast) -> None:
    """Counted for many at once, and for each student by the rule of one: the same."""
    clusters = [
        CareerCluster.objects.create(framework="legacy16", number=number, name=name)
        for number, name in ((6, "Finance"), (8, "Health Science"))
    ]
    HighSchoolCourse.objects.update(cluster=clusters[1], high_school_credits=None)
    for section, credits in ((cast.section, "1.5"), (cast.colleague_section, "0.5")):
        HighSchoolCourse.objects.filter(pk=section.high_school_course_id).update(
            cluster=clusters[0], high_school_credits=credits
        )
    Registration.objects.filter(student__in=[cast.below.pk, cast.owing.pk]).update(status="completed")
    for student in (cast.student, cast.below, cast.newcomer):
        enter_grade(make_registration(student, cast.colleague_section, cast.welding_agreement), "97")
    for registration in Registration.objects.filter(status="completed", grades=None):
        enter_grade(registration, "97")
    seen = Registration.objects.visible_to(cast.consortium)
    expected: Counter[str] = Counter()
    people = {one.student for one in seen.live().of_year(cast.year)}
    for student in people:
        taken = pathways_of(seen.of(student).in_full())
        best = max((one.completed for one in taken), default=Decimal(0))
        place = (
            "2 credits or more"
            if best >= 2
            else "1 to less than 2"
            if best >= 1
            else "Less than 1"
            if best
            else "None yet"
        )
        expected[place] += 1
    found = rules.standing_of(cast.consortium, KIND["pathways"], year=cast.year, by="consortium")
    total = dict(found.named_total)
    assert total["Students"] == str(len(people))
    assert {name: int(total[name]) for name in expected} == expected
    assert expected.keys() >= {"2 credits or more", "Less than 1"}, "several places are taken"
    assert [line.label for line in found.lines] == ["Columbia Basin"]
    by_cluster = rules.standing_of(cast.consortium, KIND["pathways"], year=cast.year, by="cluster")
    assert dict(by_cluster.named_total) == total, "each student once, though some stand in two rows"
    assert sum(int(dict(line.named)["Students"]) for line in by_cluster.lines) >= len(people)


def test_a_class_completed_later_is_not_told_of_an_earlier_day(cast: Cast) -> None:
    """Registered a week ago and graded today: yesterday the student was in class and had nothing Completed."""
    cluster = CareerCluster.objects.order_by("number")[0]
    HighSchoolCourse.objects.filter(pk=cast.colleague_section.high_school_course_id).update(
        cluster=cluster, high_school_credits=2
    )
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    before = {day: pathway_total(cast.consortium, cast.year, day) for day in (today, yesterday)}
    student = make_student(cast.kamiakin, "Late", "Completed")
    one = make_registration(student, cast.colleague_section, cast.welding_agreement)
    Registration.objects.filter(pk=one.pk).update(registered_at=timezone.now() - timedelta(days=7))
    enter_grade(one, "97")
    added = {
        day: [
            now - was
            for now, was in zip(pathway_total(cast.consortium, cast.year, day), numbers, strict=True)
        ]
        for day, numbers in before.items()
    }
    assert added == {today: [1, 1], yesterday: [1, 0]}


@pytest.mark.parametrize("who", ["consortium", "state"])
def test_pathways_count_a_merged_record_where_the_one_that_stands_is(cast: Cast, who: str) -> None:
    """Its class adds to the other's, at the school and in the grade of the record that stands."""
    HighSchoolCourse.objects.filter(pk=cast.colleague_section.high_school_course_id).update(
        cluster=CareerCluster.objects.order_by("number")[0], high_school_credits=2
    )
    gone = make_student(cast.wahi, "Ana", "Before", graduation_year=cast.year.first_year + 4)
    enter_grade(make_registration(gone, cast.colleague_section, cast.welding_agreement), "97")

    def told() -> dict[str, dict[str, str]]:
        found = rules.standing_of(getattr(cast, who), KIND["pathways"], year=cast.year, by="school")
        return {line.label: dict(line.named) for line in found.lines}

    apart = told()
    assert apart[cast.wahi.name]["2 credits or more"] == "1"
    Student.objects.filter(pk=gone.pk).update(merged_into=cast.student)
    together = told()
    assert together.get(cast.wahi.name, {}).get("2 credits or more", "0") == "0"
    ours = cast.kamiakin.name
    assert int(together[ours]["2 credits or more"]) == int(apart[ours]["2 credits or more"]) + 1
    assert together[ours]["Students"] == apart[ours]["Students"], "the student was there already"
