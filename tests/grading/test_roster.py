"""Class Roster/Assign Grades: what the teacher sees, types and gets back; what others may read; what is refused."""

import json
import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from grading.models import GradeEntry, GradePart, RosterComment
from organizations.models import CollegeYear, Window
from students.models import Registration
from tests import people
from tests.people import Cast
from tests.policing import PolicingClient

Status = Registration.Status


def address(section: Any, query: str = "") -> str:
    return reverse("grading:roster", args=[section.public_id]) + query


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def opened(client: Client, section: Any, query: str = "") -> str:
    response = client.get(address(section, query))
    assert response.status_code == 200
    return str(response.content.decode())


def rows(html: str) -> dict[str, str]:
    """The words of each student's row, by name; the text of what is typed in brackets."""
    found = {}
    for row in re.findall(r"<tr role=\"row\" id=\"row\d+\".*?</tr>", html, re.DOTALL):
        row = re.sub(r"<input name=\"grade-[^>]*value=\"([^\"]*)\"[^>]*>", r"[\1]", row)
        row = re.sub(
            r"<select.*?<option value=\"\w+\" selected>([^<]*).*?</select>", r"<\1>", row, flags=re.DOTALL
        )
        row = re.sub(r"<a class=\"s-row-action\".*?</a>", "", row, flags=re.DOTALL)  # History
        words = " ".join(re.sub(r"<(?![A-Z])[^>]+>", " ", row).replace("Not saved yet", "").split())
        name = re.search(r"<th[^>]*>\s*(?:<a[^>]*>)?([^<]+)", row)
        assert name
        found[name[1].strip()] = words.removeprefix(name[1].strip()).strip()
    return found


def fields(html: str) -> dict[str, Any]:
    """What a browser without a script would send back: every field of the form as it stands."""
    form = re.search(r"<form method=\"post\" action=\"[^\"]*\" data-roster.*?</form>", html, re.DOTALL)
    assert form
    data: dict[str, Any] = {"row": re.findall(r"name=\"row\" value=\"([^\"]*)\"", form[0])}
    for name, value in re.findall(r"<input[^>]*name=\"(grade-[^\"]*)\"[^>]*value=\"([^\"]*)\"", form[0]):
        data[name] = value
    for name, body in re.findall(r"<select name=\"(status-[^\"]*)\".*?>(.*?)</select>", form[0], re.DOTALL):
        selected = re.search(r"value=\"(\w+)\" selected", body)
        data[name] = selected[1] if selected else "in_progress"
    for name in re.findall(r"<textarea[^>]*name=\"(comment-[^\"]*)\"", form[0]):
        data[name] = ""
    return data


def key(registration: Registration, what: str = "grade") -> str:
    return f"{what}-{registration.public_id}"


def notice(client: PolicingClient, response: Any) -> str:
    """The words that greet after a redirect."""
    assert response.status_code == 302, response.content.decode()
    html = client.get(response.headers["Location"]).content.decode()
    found = re.search(r"role=\"status\">\s*<p>(.*?)</p>", html)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


# --- What it shows --------------------------------------------------------------------------------------


def test_first_those_without_a_grade(teacher: PolicingClient, cast: Cast) -> None:
    html = opened(teacher, cast.section)
    assert list(rows(html)) == ["O&#x27;Farrell, Gwen", "Vega, Marisol"]
    assert "5 students: 3 with a grade (not shown), 1 withdrawn, 1 to do" in html
    for label in (
        "Include Graded Students",
        "Student Grade",
        "Student Class Status",
        "Fees/Req",
        "Save Changes",
    ):
        assert label in html


def test_then_all(teacher: PolicingClient, cast: Cast) -> None:
    html = opened(teacher, cast.section, "?graded=1")
    found = rows(html)
    assert {name: " ".join(words.split()[1:-1]) for name, words in found.items()} == {
        "Ángel-Lindqvist, Bo": "[84] % none, below 85 Not Attained Not required Add comments on Ángel-Lindqvist,",
        "Hernández de la Cruz, Maximiliano": "[97] % 3.9 A Completed Processed Read (1) comments on Hernández de la Cruz,",
        "O&#x27;Farrell, Gwen": "[] % - - - <Withdrawn> Not required Add comments on O&#x27;Farrell,",
        "Petrenko, Oksana": "[91] % 3.5 A- Completed Pending Add comments on Petrenko,",
        "Vega, Marisol": "[] % - - - <In Progress> Not required Add comments on Vega,",
    }
    assert "5 students: 3 with a grade, 1 withdrawn, 1 to do" in html
    assert cast.student.sers_id in html
    assert reverse("students:student", args=[cast.student.public_id]) in html


def test_head_says_what_is_earned_and_until_when(teacher: PolicingClient, cast: Cast) -> None:
    Window.objects.filter(kind=Window.Kind.GRADING, consortium=cast.columbia_basin).update(
        closes_on=timezone.localdate() + timedelta(days=3)
    )
    words = unescape(" ".join(re.sub(r"<[^>]+>", "", opened(teacher, cast.section)).split()))
    assert f"{cast.cbc.name} {cast.acct_201.code}, 5 credits. Minimum 85 % (3.0 B). Grades are due" in words
    assert "in 3 days." in words


def test_scales_stand_in_the_page_for_the_script(teacher: PolicingClient, cast: Cast) -> None:
    html = opened(teacher, cast.section)
    found = re.search(r"<script id=\"scales\" type=\"application/json\">(.*?)</script>", html)
    assert found
    (scale,) = json.loads(found[1])
    assert (scale["minimum"], scale["rounding"], scale["below"]) == (8500, "down", "85")
    assert scale["rows"][:2] == [[9800, "4.0 A"], [9600, "3.9 A"]]


def test_the_chooser_leads_to_another_class(teacher: PolicingClient, cast: Cast) -> None:
    other = people.make_section(cast.welding, cast.teacher_seat, label="Period 6")
    html = opened(teacher, cast.section)
    assert f"{cast.welding.title}, Period 6, {cast.kamiakin.name}" in html
    assert str(cast.colleague_section.public_id) not in html
    assert str(cast.last_section.public_id) not in html
    response = teacher.get(address(cast.section), {"class": str(other.public_id), "graded": "1"})
    assert response.headers["Location"] == address(other, "?graded=1")
    for wrong in ("abc", "1", "x" * 5000):
        assert teacher.get(address(cast.section), {"class": wrong}).status_code == 404
    elsewhere = teacher.get(address(cast.section), {"class": str(cast.other_section.public_id)}, follow=True)
    assert elsewhere.status_code == 404


def test_a_class_without_students(teacher: PolicingClient, cast: Cast) -> None:
    empty = people.make_section(cast.welding, cast.teacher_seat, label="Period 6")
    html = opened(teacher, empty)
    assert "No students are registered for this class yet." in html
    assert "Save Changes" not in html


def test_all_graded_leads_to_the_graded(teacher: PolicingClient, cast: Cast) -> None:
    Registration.objects.filter(pk=cast.gone_registration.pk).update(section=cast.colleague_section)
    people.grade(cast.registration, "90", by=cast.teacher)
    html = opened(teacher, cast.section)
    assert "All 4 students have a grade." in html
    assert 'href="?graded=1"' in html


def test_several_colleges_in_one_class(teacher: PolicingClient, cast: Cast) -> None:
    ww_course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, ww_course), consortium=cast.walla_walla)
    there = people.make_registration(cast.newcomer, cast.section, elsewhere)
    html = opened(teacher, cast.section)
    assert cast.cbc.name in rows(html)["Vega, Marisol"]
    assert cast.wwcc.name in rows(html)["Ngozi"]
    data = fields(html) | {key(cast.registration): "82", key(there): "82"}
    response = teacher.post(address(cast.section), data)
    assert notice(teacher, response).startswith("2 grades saved.")
    found = rows(opened(teacher, cast.section, "?graded=1"))
    assert "none, below 85" in found["Vega, Marisol"]
    assert "2.7 B-" in found["Ngozi"]


def history(html: str) -> list[str]:
    """The lines of the history that stands open under a row."""
    panel = re.search(r"<tr role=\"row\" class=\"s-panel\" id=\"history\d+\">.*?</tr>", html, re.DOTALL)
    assert panel
    items = re.findall(r"<li>(.*?)</li>", panel[0], re.DOTALL)
    return [unescape(" ".join(re.sub(r"<[^>]+>", "", item).split())) for item in items]


def test_the_history_of_a_grade_opens_under_its_row(teacher: PolicingClient, cast: Cast) -> None:
    """Who, when, what and why; without a script by an address. A graded row shows though graded rows are left out."""
    one = cast.below_registration
    cast.section.teachers.add(cast.colleague_seat)
    people.grade(one, "86", by=cast.colleague)
    html = opened(teacher, cast.section, f"?history={one.public_id}")
    first, second = history(html)
    assert re.fullmatch(rf"86 %, 3\.1 B {cast.colleague.name}, \w+ \d+, \d+, \d+:\d\d [ap]m", first)
    assert second.startswith("84 % You, ")
    assert "Ángel-Lindqvist, Bo" in rows(html)
    assert re.search(r"href=\"\?#row\d+\" data-history=\"\d+\" aria-expanded=\"true\"", html)


def test_the_history_tells_statuses_and_what_was_taken_back(teacher: PolicingClient, cast: Cast) -> None:
    data = fields(opened(teacher, cast.section)) | {key(cast.registration): "91"}
    teacher.post(address(cast.section), data)
    receipt = Event.objects.filter(kind="grading.roster_saved").latest("pk")
    teacher.post(reverse("grading:receipt", args=[cast.section.public_id, f"R-{receipt.pk}"]))
    data = fields(opened(teacher, cast.section)) | {key(cast.registration, "status"): "withdrawn"}
    teacher.post(address(cast.section), data)
    lines = history(opened(teacher, cast.section, f"?history={cast.registration.public_id}"))
    assert [re.sub(r" You, .*? [ap]m", "", line) for line in lines] == [
        "Status: In Progress to Withdrawn",
        f"Grade taken back. Undo of R-{receipt.pk}",
        "91 %, 3.5 A-",
    ]


def test_a_reader_reads_the_history_too(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    html = opened(client, cast.section, f"?history={cast.classmate_registration.public_id}&graded=1")
    assert history(html)[0].startswith(f"97 %, 3.9 A {cast.teacher.name}, ")
    for nobodys in (cast.other_registration.public_id, "x", "1"):
        assert 'id="history' not in opened(client, cast.section, f"?history={nobodys}")


# --- Save Changes ---------------------------------------------------------------------------------------


def test_save_changes_without_a_script(teacher: PolicingClient, cast: Cast) -> None:
    """Every row is sent; the one that was changed is saved."""
    data = fields(opened(teacher, cast.section, "?graded=1"))
    assert len(data["row"]) == 5
    data[key(cast.registration)] = "97"
    response = teacher.post(address(cast.section, "?graded=1"), data)
    assert response.headers["Location"] == address(cast.section, "?graded=1")
    until = timezone.localdate() + timedelta(days=30)
    assert re.fullmatch(
        rf"1 grade saved\. Receipt R-\d+\. You can change it until {until:%B} {until.day}\.",
        notice(teacher, response),
    )
    assert GradeEntry.objects.filter(entered_by=cast.teacher, registration=cast.registration).count() == 1
    assert "[97] % 3.9 A Completed" in rows(opened(teacher, cast.section, "?graded=1"))["Vega, Marisol"]


def test_nothing_changed_is_said(teacher: PolicingClient, cast: Cast) -> None:
    data = fields(opened(teacher, cast.section, "?graded=1"))
    response = teacher.post(address(cast.section), data)
    assert notice(teacher, response) == "Nothing was changed, so nothing was saved."
    assert (
        notice(teacher, teacher.post(address(cast.section))) == "Nothing was changed, so nothing was saved."
    )


def test_grades_statuses_and_comments_at_once(teacher: PolicingClient, cast: Cast) -> None:
    data = fields(opened(teacher, cast.section, f"?graded=1&open={cast.registration.public_id}"))
    data[key(cast.registration)] = "NA"
    data[key(cast.registration, "comment")] = "Moved away in May."
    data[key(cast.below_registration)] = "85"
    data[key(cast.gone_registration, "status")] = "not_in_class"
    response = teacher.post(address(cast.section), data)
    assert notice(teacher, response).startswith("2 grades, 1 status and 1 comment saved. Receipt R-")
    html = opened(teacher, cast.section, "?graded=1")
    assert "[NA]" in rows(html)["Vega, Marisol"]
    assert "Moved away in May." in html


@pytest.mark.parametrize("typed", ["197", "<b>9</b>", "9" * 200_000])
def test_what_is_wrong_stays_and_the_rest_is_saved(teacher: PolicingClient, cast: Cast, typed: str) -> None:
    data = fields(opened(teacher, cast.section, "?graded=1"))
    data |= {key(cast.registration): typed, key(cast.below_registration): "86"}
    response = teacher.post(address(cast.section), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert re.search(r"<title>\s*Error: ", html)
    assert "1 grade saved. Receipt R-" in html
    assert "One row waits for you:" in html
    assert "Enter a percent from 0 to 100 for Marisol Vega" in html
    found = rows(html)
    assert list(found) == [
        "Ángel-Lindqvist, Bo",
        "O&#x27;Farrell, Gwen",
        "Vega, Marisol",
    ]  # what was saved stays in view
    shown = typed[:40].replace("<", "&lt;").replace(">", "&gt;")
    assert f"Enter a percent from 0 to 100. [{shown}] %" in found["Vega, Marisol"]
    assert re.search(r"id=\"grade3\"[^>]*aria-invalid=\"true\" aria-describedby=\"error3\"", html)
    # The page can be sent again as it stands, put right.
    again = fields(html) | {key(cast.registration): "92"}
    assert notice(teacher, teacher.post(address(cast.section), again)).startswith("1 grade saved.")


def clash(teacher: PolicingClient, cast: Cast) -> tuple[str, str]:
    """The page that asks which of two values is right, and what the radio "Yours" says."""
    cast.section.teachers.add(cast.colleague_seat)
    data = fields(opened(teacher, cast.section))
    people.grade(cast.registration, "88", by=cast.colleague)
    data[key(cast.registration)] = "91"
    response = teacher.post(address(cast.section), data)
    assert response.status_code == 422
    html = response.content.decode()
    mine = re.search(rf"name=\"{key(cast.registration, 'choose')}\" id=\"mine\d+\" value=\"([^\"]+)\"", html)
    assert mine
    return html, mine[1]


def test_a_clash_shows_both_values(teacher: PolicingClient, cast: Cast) -> None:
    html, _ = clash(teacher, cast)
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Choose the grade of Marisol Vega" in words
    assert re.search(
        rf"Two values {cast.colleague.name} saved 88 at \d+:\d\d [ap]m, while you typed 91\. Which one is right\?",
        words,
    )
    assert "Yours: 91 % , 3.5 A-" in words
    assert f"{cast.colleague.name}’s: 88 % , 3.3 B+" in words
    assert "[91] % 3.5 A-" in rows(html)["Vega, Marisol"]
    assert cast.registration.grades.count() == 1


def test_a_clash_without_a_choice_asks_again(teacher: PolicingClient, cast: Cast) -> None:
    html, _ = clash(teacher, cast)
    response = teacher.post(address(cast.section), fields(html))
    assert response.status_code == 422
    assert "Choose the grade of Marisol Vega" in response.content.decode()
    assert cast.registration.grades.count() == 1


@pytest.mark.parametrize(("choice", "points"), [("mine", "3.5 A-"), ("theirs", "3.3 B+")])
def test_a_clash_is_settled_by_a_choice(
    teacher: PolicingClient, cast: Cast, choice: str, points: str
) -> None:
    html, mine = clash(teacher, cast)
    data = fields(html) | {key(cast.registration, "choose"): mine if choice == "mine" else "theirs"}
    assert teacher.post(address(cast.section), data).status_code == 302
    last = cast.registration.grades.order_by("-number").first()
    assert last is not None
    assert last.college_grade == points


def test_a_clash_can_clash_again(teacher: PolicingClient, cast: Cast) -> None:
    html, mine = clash(teacher, cast)
    people.grade(cast.registration, "89", by=cast.colleague)
    response = teacher.post(address(cast.section), fields(html) | {key(cast.registration, "choose"): mine})
    assert response.status_code == 422
    assert "saved 89 at" in response.content.decode()


def test_closed_while_the_page_was_open(teacher: PolicingClient, cast: Cast) -> None:
    """The typed value is told back: nothing is lost in silence."""
    data = fields(opened(teacher, cast.section)) | {key(cast.registration): "91"}
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    response = teacher.post(address(cast.section), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Ask your consortium to open it again. You entered 91 %; it is not saved." in html
    assert "[" not in rows(html)["Vega, Marisol"]
    assert not cast.registration.grades.exists()


def test_a_comment_that_is_too_long_stays_on_the_page(teacher: PolicingClient, cast: Cast) -> None:
    data = fields(opened(teacher, cast.section, f"?open={cast.registration.public_id}"))
    data[key(cast.registration, "comment")] = "word " * 40_000
    data[key(cast.registration)] = "91"
    response = teacher.post(address(cast.section), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "1 grade saved." in html
    assert "Marisol Vega: Shorten the comment to 2,000 letters. It has 199,999." in html
    assert "word word word" in html
    assert RosterComment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_race_for_the_same_class_saves_nothing_and_keeps_everything(
    teacher: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule looked, then the student registered again: the constraint has the last word."""
    monkeypatch.setattr("grading.rules.why_not_status", lambda row, wanted: None)
    people.make_registration(cast.gone, cast.section, cast.agreement)
    data = fields(opened(teacher, cast.section, "?graded=1"))
    data |= {key(cast.gone_registration, "status"): "in_progress", key(cast.below_registration): "90"}
    response = teacher.post(address(cast.section, "?graded=1"), data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "One of these students has just registered for this class again. Nothing was saved." in html
    assert "[90] % 3.4 B+" in rows(html)["Ángel-Lindqvist, Bo"]
    assert cast.below_registration.grades.count() == 1


# --- Closed, awarded, read only -------------------------------------------------------------------------


def test_after_the_window_grades_are_text_with_the_reason(teacher: PolicingClient, cast: Cast) -> None:
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year, days_ago=2)
    html = opened(teacher, cast.section, "?graded=1")
    closed = timezone.localdate() - timedelta(days=2)
    assert f"Grading closed {closed:%B} {closed.day}" in html
    assert "Ask your consortium to open it again: Dana Director" in " ".join(html.split())
    assert "509-555-0100" in html
    assert 'name="grade-' not in html
    assert '<select name="status-' not in html
    assert "97 % 3.9 A Completed" in rows(html)["Hernández de la Cruz, Maximiliano"]


def test_after_the_window_a_wrong_grade_leads_to_a_grade_change(teacher: PolicingClient, cast: Cast) -> None:
    """From its history; where no blank is left there is nothing to ask the consortium for."""
    graded, change = cast.classmate_registration, "Ask for a Grade Change"
    assert change not in opened(teacher, cast.section, f"?history={graded.public_id}")
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year, days_ago=2)
    html = opened(teacher, cast.section, f"?history={graded.public_id}")
    assert "A grade that is wrong is put right by a Grade Change: open its History." in html
    assert f'<a href="{reverse("grading:new_change", args=[graded.public_id])}">{change}</a>' in html
    assert "Ask to open grading again" in html
    Registration.objects.filter(pk=cast.registration.pk).update(status=Status.WITHDRAWN)
    html = opened(teacher, cast.section, "?graded=1")
    assert "put right by a Grade Change" in html
    assert "Ask to open grading again" not in html


def test_comments_are_taken_after_the_window_too(teacher: PolicingClient, cast: Cast) -> None:
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    data = fields(opened(teacher, cast.section, f"?open={cast.registration.public_id}"))
    data[key(cast.registration, "comment")] = "Was ill in June."
    response = teacher.post(address(cast.section), data)
    assert re.fullmatch(r"1 comment saved\. Receipt R-\d+\.", notice(teacher, response))


def test_before_the_window(teacher: PolicingClient, cast: Cast) -> None:
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year, days_ago=-5)
    html = opened(teacher, cast.section)
    assert "Grades can be entered from" in html
    assert 'name="grade-' not in html


def test_an_awarded_grade_is_locked_with_its_reason(teacher: PolicingClient, cast: Cast) -> None:
    people.make_window(Window.Kind.GRADING, cast.columbia_basin, cast.last_year)
    html = opened(teacher, cast.last_section, "?graded=1")
    assert "95.5 % 3.8 A Completed Locked: why?" in rows(html)["Nakamura, Grace"]
    assert "The college has awarded credit for this class. Ask your consortium for a Grade Change." in html
    assert 'name="grade-' not in html


READERS = ("counselor", "district", "registrar", "consortium", "state")


@pytest.mark.parametrize("reader", READERS)
def test_others_within_reach_read_and_cannot_save(client: PolicingClient, cast: Cast, reader: str) -> None:
    client.force_login(getattr(cast, reader))
    html = opened(client, cast.section, "?graded=1")
    assert "97 % 3.9 A Completed" in rows(html)["Hernández de la Cruz, Maximiliano"]
    assert 'name="grade-' not in html
    assert "Save Changes" not in html
    row = {
        "row": f"{cast.registration.public_id} 1 in_progress ",
        key(cast.registration): "91",
    }
    response = client.post(address(cast.section), row)
    assert response.status_code == 403
    assert "Only the teachers of this class enter its grades." in response.content.decode()
    assert not cast.registration.grades.exists()


def test_comments_are_for_programme_staff_and_teachers(client: PolicingClient, cast: Cast) -> None:
    read = {}
    for reader in ("teacher", *READERS):
        client.force_login(getattr(cast, reader))
        html = opened(client, cast.section, "?graded=1")
        read[reader] = "Helps the others with ledgers." in html
        assert ("Comment</th>" in html) is read[reader]
    assert {reader for reader, reads in read.items() if reads} == {
        "teacher",
        "counselor",
        "consortium",
        "state",
    }


def test_each_college_sees_its_own_students_and_how_many_more(client: PolicingClient, cast: Cast) -> None:
    ww_course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, ww_course), consortium=cast.walla_walla)
    people.make_registration(cast.newcomer, cast.section, elsewhere)
    client.force_login(cast.other_registrar)
    html = opened(client, cast.section, "?graded=1")
    assert list(rows(html)) == ["Ngozi"]
    assert "5 students of this class are registered where you do not look after the credit." in html


def test_strangers_find_nothing(client: PolicingClient, cast: Cast) -> None:
    for stranger in ("colleague", "other_teacher", "other_counselor", "other_registrar", "other_consortium"):
        client.force_login(getattr(cast, stranger))
        assert client.get(address(cast.section)).status_code == 404, stranger
        assert client.post(address(cast.section)).status_code == 404, stranger


def test_wrong_roles_are_told_so(client: PolicingClient, cast: Cast) -> None:
    wrongs: tuple[Any, ...] = (cast.faculty, cast.nobody, cast.former_teacher, cast.student.user)
    for wrong in wrongs:
        client.force_login(wrong)
        assert client.get(address(cast.section)).status_code == 403
        assert client.post(address(cast.section)).status_code == 403


def test_anonymous_signs_in_first(client: PolicingClient, cast: Cast) -> None:
    assert client.get(address(cast.section)).status_code == 302
    assert client.put(address(cast.section)).status_code in (302, 405)


# --- Forms nobody sends by hand -------------------------------------------------------------------------


def test_rows_of_other_classes_are_refused_without_a_word_about_them(
    teacher: PolicingClient, cast: Cast
) -> None:
    for stranger in (str(cast.other_registration.public_id), str(uuid.uuid4())):
        data = {"row": f"{stranger} 1 in_progress ", f"grade-{stranger}": "91"}
        response = teacher.post(address(cast.section), data)
        html = response.content.decode()
        assert response.status_code == 422
        assert "This student is no longer in the class." in html
        assert cast.other_student.last_name not in html
    assert not cast.other_registration.grades.exists()


def test_a_row_that_does_not_say_what_it_showed(teacher: PolicingClient, cast: Cast) -> None:
    row = str(cast.registration.public_id)
    for seen in (
        "", "x", "1", "1 awarded 97", "-1 in_progress ", "9999999999 in_progress ", "１ completed 9",
        "1 in_progress " + "9" * 200_000,
    ):  # fmt: skip
        response = teacher.post(address(cast.section), {"row": f"{row} {seen}", f"grade-{row}": "91"})
        assert response.status_code == 400, seen
        assert "Open the class again" in response.content.decode()
    assert not cast.registration.grades.exists()


def test_torn_forms(teacher: PolicingClient, cast: Cast) -> None:
    row = str(cast.registration.public_id)
    shown = f"{row} 1 in_progress "
    good = {"row": shown}
    assert teacher.post(address(cast.section), good).status_code == 302  # nothing typed, nothing changed
    assert teacher.post(address(cast.section), {"row": row}).status_code == 400
    assert teacher.post(address(cast.section), {"row": "1"}).status_code == 400
    assert teacher.post(address(cast.section), good | {f"choose-{row}": "both"}).status_code == 400
    twice = {"row": [shown, shown], f"grade-{row}": "91"}
    assert teacher.post(address(cast.section), twice).status_code == 302
    assert cast.registration.grades.count() == 1
    many = {"row": [str(uuid.uuid4()) for _ in range(1999)]}
    assert teacher.post(address(cast.section), many).status_code == 400
    too_many = {"row": [str(uuid.uuid4()) for _ in range(2001)]}
    assert teacher.post(address(cast.section), too_many).status_code == 400
    nul = good | {f"comment-{row}": "a\x00b"}
    assert teacher.post(address(cast.section), nul).status_code == 400


def test_queries_nobody_types(teacher: PolicingClient, cast: Cast) -> None:
    for query in ("?graded=x", "?open=abc", "?open=" + "9" * 3000, "?graded=1&graded=0"):
        assert teacher.get(address(cast.section, query)).status_code == 200


def test_other_methods(teacher: PolicingClient, cast: Cast) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(teacher, method)(address(cast.section)).status_code == 405


# --- Speed ----------------------------------------------------------------------------------------------


def fill(cast: Cast, number: int, colleges: int) -> Any:
    """A class of so many at so many colleges, every third with a grade, every fifth with a comment."""
    section = people.make_section(cast.accounting, cast.teacher_seat, label=f"Class of {number}")
    agreements = [cast.agreement]
    if colleges > 1:
        third = people.make_college("Big Bend Community College", "WA180")
        CollegeYear.objects.create(
            college=third, year=cast.year, scale=people.make_scale("Big Bend", college=third), minimum_percent=85,
            tuition_per_credit=132,
        )  # fmt: skip
        for college in (cast.wwcc, third):
            course = people.make_college_course(college, "ACCT& 201")
            agreements.append(people.make_agreement((cast.accounting, course), consortium=cast.walla_walla))
    for i in range(number):
        student = people.make_student(cast.kamiakin, f"First{i}", f"Last{i:02}", user=None)
        registration = people.make_registration(
            student, section, agreements[i % colleges], by=cast.teacher,
            percent="90" if i % 3 == 2 else None,
        )  # fmt: skip
        if i % 5 == 0:
            RosterComment.objects.create(
                registration=registration, text="Well done.", written_by=cast.teacher
            )
    return section


SIZES = pytest.mark.parametrize(("number", "colleges"), [(1, 1), (3, 1), (3, 3), (40, 1), (40, 3)])


@SIZES
def test_queries_to_open(
    teacher: PolicingClient, cast: Cast, number: int, colleges: int, django_assert_num_queries: Any
) -> None:
    section = fill(cast, number, colleges)
    # session, user, seats, class with its head and windows; students with grades, scales, chooser, comments,
    # assurances that are asked for; who is shown whose record
    with django_assert_num_queries(11):
        assert teacher.get(address(section, "?graded=1")).status_code == 200


@SIZES
def test_queries_to_save(
    teacher: PolicingClient, cast: Cast, number: int, colleges: int, django_assert_num_queries: Any
) -> None:
    section = fill(cast, number, colleges)
    data = fields(opened(teacher, section, "?graded=1"))
    for name in data:
        if name.startswith("grade-"):
            data[name] = "93"
    data[f"comment-{data['row'][0].split()[0]}"] = "Well done indeed."
    # session, user, seats, class; the lock, the rows, windows, scales, assurances; grades, comments and statuses at once, the receipt
    with django_assert_num_queries(11):
        assert teacher.post(address(section), data).status_code == 302
    assert GradeEntry.objects.filter(registration__section=section, percent=93).count() == number


def test_queries_where_a_college_asks_for_parts(
    teacher: PolicingClient, cast: Cast, django_assert_num_queries: Any
) -> None:
    """One more each: the last entry of each part."""
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True, needs_exam=True)
    section = fill(cast, 40, 3)
    with django_assert_num_queries(12):
        html = opened(teacher, section, "?graded=1")
    terms = re.findall(r"name=\"((?:first|second|exam)-[^\"]*)\"", html)
    data = fields(html) | {name: "met" if name.startswith("exam") else "91" for name in terms}
    with django_assert_num_queries(12):
        assert teacher.post(address(section), data).status_code == 302
    assert GradePart.objects.filter(registration__section=section).count() == len(terms)


@pytest.mark.parametrize("number", [1, 40])
def test_queries_where_a_row_waits(
    teacher: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    """Saved as ever, then the roster as it stands by now: its rows, scales, chooser, comments, who is shown."""
    section = fill(cast, number, 1)
    data = fields(opened(teacher, section, "?graded=1"))
    boxes = [name for name in data if name.startswith("grade-")]
    data |= dict.fromkeys(boxes, "93") | {boxes[0]: "930"}
    data[f"comment-{data['row'][0].split()[0]}"] = "Well done indeed."
    with django_assert_num_queries(18):
        assert teacher.post(address(section), data).status_code == 422


def test_queries_of_a_reader(client: PolicingClient, cast: Cast, django_assert_num_queries: Any) -> None:
    for reader, number in {
        "counselor": 12,
        "district": 11,
        "registrar": 11,
        "consortium": 12,
        "state": 12,  # for what they read it
    }.items():
        client.force_login(getattr(cast, reader))
        with django_assert_num_queries(number):
            assert client.get(address(cast.section, "?graded=1")).status_code == 200


def test_a_counselor_opens_only_students_of_the_own_school(client: PolicingClient, cast: Cast) -> None:
    people.make_registration(cast.other_student, cast.section, cast.agreement)
    client.force_login(cast.counselor)
    html = opened(client, cast.section)
    assert "Weiss, Otto" in rows(html)
    assert reverse("students:student", args=[cast.other_student.public_id]) not in html
    assert reverse("students:student", args=[cast.student.public_id]) in html
