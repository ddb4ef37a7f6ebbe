"""Colleges that ask for a grade in parts: each term, an industry exam, a checklist; and those that ask for their own grades."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from grading.actions import RosterResult, RowChange, RowResult, save_roster
from grading.models import GradeEntry, GradePart, Shown
from organizations.models import CollegeYear
from students.models import Registration
from tests.grading.test_roster import opened, rows
from tests.people import Cast, make_scale
from tests.policing import PolicingClient
from tests.raw import INK, breaks, change, copy, delete, stands

Status = Registration.Status


def asks(cast: Cast, **facts: Any) -> None:
    """Columbia Basin College asks this from now on."""
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(**facts)


def box(registration: Registration, standard_parts: tuple[str, ...]) -> str:
    last = {one.part: one for one in registration.grade_parts.order_by("number")}
    return "/".join(last[part].text if part in last else "" for part in standard_parts)


TERMS = ("first", "second")


def typed(cast: Cast, parts: tuple[str, ...] = TERMS, *, status: str = "", **boxes: str) -> RowResult:
    """These boxes typed over what stands on `registration`'s row."""
    one = cast.registration
    one.refresh_from_db()
    row = RowChange(
        one.public_id, one.version, parts=boxes, status=status, was=Shown(one.status, box(one, parts))
    )
    return save(cast, row).rows[one.public_id]


def save(cast: Cast, *changes: RowChange) -> RosterResult:
    return save_roster(section=cast.section, changes=changes, by=cast.teacher)


def now(cast: Cast, parts: tuple[str, ...] = TERMS) -> tuple[str, str, str]:
    """Status, boxes and the college grade that counts."""
    cast.registration.refresh_from_db()
    current = GradeEntry.objects.filter(registration=cast.registration).current().first()
    return cast.registration.status, box(cast.registration, parts), current.college_grade if current else ""


def test_the_status_stays_in_progress_until_all_terms_are_in(cast: Cast) -> None:
    asks(cast, every_term=True)
    assert typed(cast, first="92").outcome == "saved"
    assert now(cast) == (Status.IN_PROGRESS, "92/", "")
    assert not cast.registration.grades.exists()
    assert typed(cast, second="97").outcome == "saved"
    assert now(cast) == (Status.COMPLETED, "92/97", "3.9 A")


def test_points_from_the_lowest_term_where_the_college_says_so(cast: Cast) -> None:
    asks(cast, every_term=True, points_from="lowest")
    assert typed(cast, first="92", second="97").outcome == "saved"
    assert now(cast) == (Status.COMPLETED, "92/97", "3.6 A-")


def test_one_term_below_is_not_attained_at_once(cast: Cast) -> None:
    asks(cast, every_term=True)
    assert typed(cast, first="84.999").outcome == "saved"
    assert now(cast) == (Status.NOT_ATTAINED, "84.99/", "")
    assert cast.registration.grades.get().reason == "First semester: 84.99 % is Not Attained"


def test_a_term_put_right_opens_the_grade_again(cast: Cast) -> None:
    """What was Not Attained by one term is taken back, in ink, while the other is not in."""
    asks(cast, every_term=True)
    typed(cast, first="80")
    assert typed(cast, first="90").outcome == "saved"
    assert now(cast) == (Status.IN_PROGRESS, "90/", "")
    outcomes = list(cast.registration.grades.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["not_attained", "taken_back"]
    typed(cast, second="88")
    assert now(cast) == (Status.COMPLETED, "90/88", "3.3 B+")


def test_a_term_that_is_emptied_is_taken_back(cast: Cast) -> None:
    asks(cast, every_term=True)
    typed(cast, first="90", second="88")
    assert typed(cast, second="").outcome == "saved"
    assert now(cast) == (Status.IN_PROGRESS, "90/", "")


def test_the_same_parts_again_change_nothing(cast: Cast) -> None:
    asks(cast, every_term=True)
    typed(cast, first="90")
    assert typed(cast, first="90.0 %").outcome == "unchanged"
    assert GradePart.objects.filter(registration=cast.registration).count() == 1


def test_a_term_that_moves_no_grade_makes_no_entry(cast: Cast) -> None:
    asks(cast, every_term=True)
    typed(cast, first="90", second="88")
    assert typed(cast, first="91").outcome == "saved"
    assert now(cast) == (Status.COMPLETED, "91/88", "3.3 B+")
    assert cast.registration.grades.count() == 1


def test_what_is_wrong_names_its_box(cast: Cast) -> None:
    asks(cast, every_term=True)
    result = typed(cast, first="197")
    assert (result.outcome, result.message) == ("refused", "First semester: Enter a percent from 0 to 100.")


def test_not_attained_may_be_chosen_before_all_terms_are_in(cast: Cast) -> None:
    asks(cast, every_term=True)
    typed(cast, first="90")
    assert typed(cast, status="not_attained").outcome == "saved"
    assert now(cast) == (Status.NOT_ATTAINED, "90/", "")
    result = typed(cast, first="90", second="97", status="not_attained")
    assert result.outcome == "saved"  # the parts decide
    assert now(cast)[0] == Status.COMPLETED


def test_who_leaves_takes_the_terms_along(cast: Cast) -> None:
    asks(cast, every_term=True)
    typed(cast, first="90")
    assert typed(cast, status="withdrawn").outcome == "saved"
    assert now(cast) == (Status.WITHDRAWN, "90/", "")
    result = typed(cast, second="90")
    assert (result.outcome, result.rule) == ("refused", "ended")
    assert typed(cast, second="90", status="in_progress").outcome == "saved"
    assert now(cast) == (Status.COMPLETED, "90/90", "3.4 B+")


def test_a_grade_entered_whole_stands_when_the_college_asks_terms_later(cast: Cast) -> None:
    """Changes of what is asked never touch what was entered."""
    asks(cast, every_term=True)
    one = cast.classmate_registration

    def put(**boxes: str) -> RowResult:
        row = RowChange(one.public_id, one.version, parts=boxes, was=Shown("completed", "/"))
        return save(cast, row).rows[one.public_id]

    assert put().outcome == "unchanged"
    result = put(first="90")
    assert (result.outcome, result.rule) == ("refused", "grade_stands")
    assert put(first="90", second="90").outcome == "saved"
    one.refresh_from_db()
    assert one.status == Status.COMPLETED


def test_a_form_from_before_the_college_asked_otherwise(cast: Cast) -> None:
    asks(cast, every_term=True)
    row = RowChange(cast.registration.public_id, 1, grade="91", was=Shown("in_progress", ""))
    result = save(cast, row).rows[cast.registration.public_id]
    assert (result.outcome, result.rule) == ("refused", "asks")


def test_completed_needs_the_criteria_met(cast: Cast) -> None:
    asks(cast, needs_exam=True, needs_checklist=True)
    parts = ("whole", "exam", "checklist")
    one = cast.registration
    row = RowChange(
        one.public_id,
        one.version,
        grade="97",
        parts={"whole": "97", "exam": "met"},
        was=Shown("in_progress", "//"),
    )
    assert save(cast, row).rows[one.public_id].outcome == "saved"
    assert now(cast, parts) == (Status.IN_PROGRESS, "97/met/", "")
    typed(cast, parts, checklist="met")
    assert now(cast, parts) == (Status.COMPLETED, "97/met/met", "3.9 A")
    typed(cast, parts, exam="not met")
    assert now(cast, parts) == (Status.NOT_ATTAINED, "97/not met/met", "")
    last = one.grades.order_by("-number").first()
    assert (last.percent, last.reason) == (Decimal(97), "Industry exam: not met")


def test_two_people_on_one_row_of_terms(cast: Cast) -> None:
    asks(cast, every_term=True)
    was = Shown("in_progress", "/")
    one = cast.registration
    save(cast, RowChange(one.public_id, 1, parts={"first": "92"}, was=was))
    cast.section.teachers.add(cast.colleague_seat)
    result = save_roster(
        section=cast.section,
        changes=[RowChange(one.public_id, 1, parts={"first": "88", "second": "90"}, was=was)],
        by=cast.colleague,
    ).rows[one.public_id]
    assert result.outcome == "clash"
    assert re.fullmatch(
        rf"{cast.teacher.name} saved 92 / - - - at \d+:\d\d [ap]m, while you typed 88 / 90\. Which one is right\?",
        result.message,
    )
    assert now(cast) == (Status.IN_PROGRESS, "92/", "")


# --- A grade of the college's own list ------------------------------------------------------------------


def test_a_grade_chosen_from_the_list_sets_completed(cast: Cast) -> None:
    asks(cast, grades_as="grade")
    one = cast.registration
    save(cast, RowChange(one.public_id, 1, grade="3.9 A", was=Shown("in_progress", "")))
    entry = one.grades.get()
    assert (entry.percent, entry.points, entry.letter, entry.outcome) == (
        None,
        Decimal("3.9"),
        "A",
        "completed",
    )
    one.refresh_from_db()
    assert one.status == Status.COMPLETED


def test_a_changed_scale_touches_no_grade(cast: Cast) -> None:
    """The old grade stands, by its old scale, and so does its row, until somebody types over it."""
    other = make_scale("Harder", (("90", "2.0", "C"),))
    asks(cast, scale=other, minimum_percent=Decimal(90))
    one = cast.classmate_registration
    row = RowChange(one.public_id, one.version, grade="97", was=Shown("completed", "97"))
    assert save(cast, row).rows[one.public_id].outcome == "unchanged"
    assert one.grades.get().college_grade == "3.9 A"
    row = RowChange(one.public_id, one.version, grade="98", was=Shown("completed", "97"))
    assert save(cast, row).rows[one.public_id].outcome == "saved"
    last = one.grades.order_by("-number").first()
    assert (last.college_grade, last.scale) == ("2.0 C", other)


# --- The page -------------------------------------------------------------------------------------------


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def form(html: str, registration: Registration) -> dict[str, str]:
    """The fields of one row as the page sends them."""
    seen = re.search(rf'name="row" value="({registration.public_id} [^"]*)"', html)
    assert seen
    return {"row": seen[1]}


def test_one_box_a_term_on_the_page(teacher: PolicingClient, cast: Cast) -> None:
    asks(cast, every_term=True, needs_exam=True)
    html = opened(teacher, cast.section, "?graded=1")
    key = cast.registration.public_id
    for label, name in (
        ("First semester", "first"),
        ("Second semester", "second"),
        ("Industry exam", "exam"),
    ):
        assert re.search(rf'<label for="{name}\d+">{label}', html)
        assert f'name="{name}-{key}"' in html
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert (
        "The minimum counts in each semester; the college grade is the last one. Industry exam must be met."
        in words
    )
    data = form(html, cast.registration) | {f"first-{key}": "92", f"second-{key}": "", f"exam-{key}": "met"}
    path = reverse("grading:roster", args=[cast.section.public_id])
    assert teacher.post(path, data).status_code == 302
    assert now(cast, ("first", "second", "exam")) == (Status.IN_PROGRESS, "92//met", "")
    # Without a script: a wrong second term stays on the page beside the first one.
    html = opened(teacher, cast.section)
    data = form(html, cast.registration) | {
        f"first-{key}": "93",
        f"second-{key}": "a/b",
        f"exam-{key}": "met",
    }
    response = teacher.post(path, data)
    assert response.status_code == 422
    html = response.content.decode()
    assert "Second semester: Enter a percent from 0 to 100 for Marisol Vega" in html
    assert 'value="93"' in html
    assert 'value="a b"' in html


def test_the_list_of_the_college_on_the_page(teacher: PolicingClient, cast: Cast) -> None:
    """`- - -`, the college's grades, last Not Attained; a percent that stood before is not lost."""
    asks(cast, grades_as="grade")
    html = opened(teacher, cast.section, "?graded=1")
    box = re.search(rf'<select name="grade-{cast.registration.public_id}".*?</select>', html, re.DOTALL)
    assert box
    choices = re.findall(r">([^<]+)</option>", box[0])
    assert (choices[0], choices[1], choices[-2], choices[-1]) == ("- - -", "4.0 A", "3.0 B", "Not Attained")
    old = re.search(
        rf'<select name="grade-{cast.classmate_registration.public_id}".*?</select>', html, re.DOTALL
    )
    assert old
    assert '<option value="97" selected>97 %</option>' in old[0]
    data = {"row": re.findall(r'name="row" value="([^"]*)"', html)} | {
        f"grade-{cast.registration.public_id}": "3.9 A",
        f"grade-{cast.classmate_registration.public_id}": "97",
    }
    path = reverse("grading:roster", args=[cast.section.public_id])
    assert teacher.post(path, data).status_code == 302
    assert "Completed" in rows(opened(teacher, cast.section, "?graded=1"))["Vega, Marisol"]
    assert cast.classmate_registration.grades.count() == 1


def test_a_clash_of_terms_is_shown_and_settled(teacher: PolicingClient, cast: Cast) -> None:
    asks(cast, every_term=True)
    key = cast.registration.public_id
    html = opened(teacher, cast.section)
    data = form(html, cast.registration) | {f"first-{key}": "88", f"second-{key}": ""}
    typed(cast, first="92")
    path = reverse("grading:roster", args=[cast.section.public_id])
    response = teacher.post(path, data)
    assert response.status_code == 422
    html = response.content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Yours: 88 % / no grade" in words or "Yours: 88 % / - - -" in words
    assert "Saved before: 92 % / - - -" in words
    mine = re.search(rf'name="choose-{key}" id="mine\d+" value="([^"]+)"', html)
    assert mine
    again = form(html, cast.registration) | {
        f"first-{key}": "88",
        f"second-{key}": "",
        f"choose-{key}": mine[1],
    }
    assert teacher.post(path, again).status_code == 302
    assert now(cast) == (Status.IN_PROGRESS, "88/", "")


# --- What the database refuses --------------------------------------------------------------------------


def part(cast: Cast) -> GradePart:
    found: GradePart = cast.graduate_registration.grade_parts.get()
    return found


def test_a_part_is_ink(cast: Cast) -> None:
    one = part(cast)
    for attempt in (lambda: change(one, percent="100"), lambda: delete(one), lambda: one.save()):
        with breaks(INK + "grading_gradepart"):
            attempt()
    with breaks("grade_part_once"):
        copy(one)
    with stands():
        copy(one, number=2, percent="98")


@pytest.mark.parametrize(
    ("facts", "is_sound"),
    [
        ({}, True),
        ({"percent": "100.01"}, False),
        ({"percent": None, "points": None, "letter": ""}, False),
        ({"outcome": "taken_back"}, False),
        ({"outcome": "taken_back", "percent": None, "points": None, "letter": ""}, True),
        ({"part": "exam"}, False),
        ({"part": "exam", "percent": None, "points": None, "letter": ""}, True),
        ({"part": "exam", "percent": None, "points": None, "letter": "", "outcome": "not_attained"}, True),
        ({"part": "third"}, False),
    ],
    ids=str,
)
def test_a_part_says_what_it_is(cast: Cast, facts: dict[str, Any], is_sound: bool) -> None:
    with stands() if is_sound else breaks("part"):
        copy(part(cast), number=2, **facts)


@pytest.mark.parametrize(
    ("facts", "is_sound"),
    [
        ({"minimum_kind": "points", "minimum_points": "3.0"}, True),
        ({"minimum_kind": "letter", "minimum_letter": "B"}, True),
        ({"minimum_kind": "points"}, False),
        ({"minimum_kind": "letter"}, False),
        ({"minimum_kind": "points", "minimum_points": "4.1"}, False),
        ({"minimum_points": "3.0"}, False),
        ({"minimum_letter": "B"}, False),
        ({"minimum_kind": "letter", "minimum_letter": "B", "minimum_points": "3.0"}, False),
        ({"minimum_kind": "grade"}, False),
    ],
    ids=str,
)
def test_a_minimum_is_one_of_three(cast: Cast, facts: dict[str, Any], is_sound: bool) -> None:
    year = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    with stands() if is_sound else breaks("college_year_minimum_fits_its_kind"):
        change(year, **facts)
