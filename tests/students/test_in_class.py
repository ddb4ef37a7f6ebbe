"""/students/in-class/<class>/: who is not registered, reminders, registrations accepted or rejected, names recognized."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Mail
from grading.models import GradeDraft
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import ClassAnswer, Registration, RosterEntry, Student, strangers
from students.rules.school_rosters import REMIND_AGAIN_AFTER
from tests import raw
from tests.people import Cast, make_entry, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

IN, NOT, BACK = ClassAnswer.Answer.IN_CLASS, ClassAnswer.Answer.NOT_IN_CLASS, ClassAnswer.Answer.TAKEN_BACK


def address(cast: Cast) -> str:
    return reverse("students:in_class", args=[cast.section.public_id])


def missing(cast: Cast) -> list[str]:
    return [one.name for one in RosterEntry.objects.unregistered().on(cast.section)]


def strange(cast: Cast) -> set[Student]:
    return {one.student for one in strangers([cast.section.pk])}


def answer(
    cast: Cast, said: str, *, reason: str = "Is in period 4.", by: Any = None, version: int = 0
) -> ClassAnswer:
    cast.registration.refresh_from_db()
    return actions.answer_for(
        registration=cast.registration, answer=said, version=version or cast.registration.version, reason=reason,
        by=by or cast.teacher,
    )  # fmt: skip


def value(cast: Cast) -> str:
    cast.registration.refresh_from_db()
    return f"{cast.registration.public_id} {cast.registration.version}"


# --- Who is registered --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_name", "last_name", "facts", "is_missing"),
    [
        ("Marisol", "Vega", {"email": ""}, False),  # the same name
        ("MARISOL", "véga", {"email": ""}, False),
        ("Mari", "V.", {"email": "marisol@example.net"}, False),  # the same e-mail
        ("Mari", "Vega", {"email": ""}, True),  # nearly the same: asked
        ("Ximena", "Ruiz", {}, True),
        ("Maximiliano", "Hernández de la Cruz", {"email": ""}, False),  # Completed counts as registered
        ("Gwen", "O'Farrell", {"email": ""}, True),  # Withdrawn does not
        ("Marisol", "Vega", {"email": "", "gone": True}, False),  # left the roster
    ],
)
def test_who_is_in_the_class_and_not_registered(
    cast: Cast, first_name: str, last_name: str, facts: dict[str, Any], is_missing: bool
) -> None:
    gone = {"gone_at": timezone.now()} if facts.pop("gone", False) else {}
    entry = make_entry(cast.section, first_name, last_name, **facts, **gone)
    assert bool(missing(cast)) is is_missing
    if is_missing:
        assert missing(cast) == [entry.name]


def test_a_middle_name_in_sers_tells_nobody_apart(cast: Cast) -> None:
    cast.student.middle_name = "Luz"
    cast.student.save()
    make_entry(cast.section, "Marisol", "Vega", email="")
    assert (missing(cast), strange(cast)) == ([], set())
    make_entry(cast.section, "Mari", "Vega", email="")  # the beginning of a name is no name
    assert missing(cast) == ["Mari Vega"]


def test_who_it_is_counts_more_than_the_name(cast: Cast) -> None:
    entry = make_entry(cast.section, "Solita", "V.", student=cast.student)
    assert (missing(cast), strange(cast)) == ([], set())
    RosterEntry.objects.filter(pk=entry.pk).update(student=cast.newcomer)
    assert (missing(cast), strange(cast)) == (["Solita V."], {cast.student})


def test_a_merged_record_is_the_one_it_was_merged_into(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(merged_into=cast.newcomer)
    make_entry(cast.section, "Solita", "V.", student=cast.newcomer)
    assert (missing(cast), strange(cast)) == ([], set())


def test_a_class_without_a_roster_has_no_strangers(cast: Cast) -> None:
    assert strange(cast) == set()
    make_entry(cast.section)
    assert strange(cast) == {cast.student}  # graded ones are not asked about


def test_registered_with_another_teacher_of_the_course_is_registered(cast: Cast) -> None:
    from tests.people import make_section

    other = make_section(cast.accounting, cast.colleague_seat, label="Period 6")
    make_entry(other, "Marisol", "Vega")
    assert not RosterEntry.objects.unregistered().on(other).exists()


# --- Reminders ----------------------------------------------------------------------------------------------


def test_one_button_writes_to_everybody_who_can_be_reached(cast: Cast) -> None:
    known = make_student(cast.kamiakin, "Ana", "Cruz", email="ana@example.net")
    known.user.language = "es"
    known.user.save()
    make_entry(cast.section, "Ana", "Cruz", email="old@school.example.org", student=known)
    make_entry(cast.section)
    make_entry(cast.section, "Yusuf", "Adan", email="")
    make_entry(cast.section, "Marisol", "Vega", email="")  # registered
    done = actions.remind_unregistered(section=cast.section, entries=[], by=cast.teacher)
    assert (done.sent, done.lately, done.unreachable) == (2, 0, 1)
    letters = {mail.to: mail for mail in Mail.objects.filter(kind="students/not_registered")}
    assert set(letters) == {"ana@example.net", "ximena@school.example.org"}
    assert letters["ana@example.net"].language == "es"
    assert "ACCTG23" in letters["ximena@school.example.org"].text
    again = actions.remind_unregistered(section=cast.section, entries=[], by=cast.counselor)
    assert (again.sent, again.lately, again.unreachable) == (0, 2, 1)
    RosterEntry.objects.update(reminded_at=timezone.now() - REMIND_AGAIN_AFTER)
    assert actions.remind_unregistered(section=cast.section, entries=[], by=cast.teacher).sent == 2
    assert Event.objects.filter(kind="students.reminded").count() == 2


def test_only_those_ticked(cast: Cast) -> None:
    one, _other = make_entry(cast.section), make_entry(cast.section, "Yusuf", "Adan")
    done = actions.remind_unregistered(section=cast.section, entries=[one.public_id], by=cast.teacher)
    assert done.sent == 1
    assert Mail.objects.filter(kind="students/not_registered").get().to == one.email


def test_who_wants_none_gets_none_of_any_class(cast: Cast) -> None:
    one = make_entry(cast.section, email="ximena@example.net")
    make_entry(cast.colleague_section, email="ximena@example.net")
    actions.stop_reminders(entry=one)
    actions.stop_reminders(entry=one)
    make_entry(cast.section, "Xime", "Ruiz", email="ximena@example.net")  # of a later file
    for section, by in ((cast.section, cast.teacher), (cast.colleague_section, cast.colleague)):
        assert actions.remind_unregistered(section=section, entries=[], by=by).sent == 0
    assert Event.objects.filter(kind="students.reminders_stopped").count() == 1


def test_nobody_who_died_is_written_to(cast: Cast) -> None:
    Student.objects.filter(pk=cast.newcomer.pk).update(died_on=timezone.localdate())
    cast.newcomer.refresh_from_db()
    make_entry(cast.section, "Ngozi", "", student=cast.newcomer)
    assert actions.remind_unregistered(section=cast.section, entries=[], by=cast.teacher).sent == 0


@pytest.mark.parametrize("who", ["colleague", "other_teacher", "other_counselor", "consortium", "state"])
def test_nobody_else_reminds(cast: Cast, who: str) -> None:
    make_entry(cast.section)
    with pytest.raises(Refused, match="not one of yours"):
        actions.remind_unregistered(section=cast.section, entries=[], by=getattr(cast, who))


# --- Accepted and rejected ------------------------------------------------------------------------------------


def test_rejected_is_not_in_class_and_comes_back(cast: Cast) -> None:
    said = answer(cast, NOT)
    cast.registration.refresh_from_db()
    assert (cast.registration.status, said.number, said.reason) == ("not_in_class", 1, "Is in period 4.")
    letter = Mail.objects.get(kind="students/class_answer")
    assert letter.to == cast.student.email
    assert "Is in period 4." in letter.text
    assert reverse("students:register") in letter.text
    answer(cast, BACK, reason="")
    cast.registration.refresh_from_db()
    assert cast.registration.status == "in_progress"
    assert Mail.objects.filter(kind="students/class_answer").count() == 2
    assert list(
        ClassAnswer.objects.filter(registration=cast.registration).values_list("answer", flat=True)
    ) == [NOT, BACK]


def test_what_was_typed_of_a_grade_is_not_lost(cast: Cast) -> None:
    draft = GradeDraft.objects.create(
        section=cast.section, user=cast.teacher, rows={str(cast.registration.public_id): {"grade": "91"}}
    )
    answer(cast, NOT)
    answer(cast, BACK)
    draft.refresh_from_db()
    assert draft.rows == {str(cast.registration.public_id): {"grade": "91"}}


def test_accepted_is_no_stranger_any_more(cast: Cast) -> None:
    make_entry(cast.section)
    assert strange(cast) == {cast.student}
    answer(cast, IN, reason="")
    assert strange(cast) == set()
    answer(cast, BACK, reason="")
    assert strange(cast) == {cast.student}
    assert not Mail.objects.filter(kind="students/class_answer").exists()


@pytest.mark.parametrize(
    ("status", "last", "said", "rule"),
    [
        ("in_progress", "", IN, None), ("in_progress", "", NOT, None), ("in_progress", "", BACK, "nothing_said"),
        ("in_progress", IN, IN, "said_already"), ("in_progress", IN, NOT, None), ("in_progress", IN, BACK, None),
        ("not_in_class", NOT, BACK, None), ("not_in_class", NOT, NOT, "not_in_progress"),
        ("not_in_class", "", BACK, "nothing_said"), ("not_in_class", "", IN, "not_in_progress"),
        ("withdrawn", NOT, BACK, "changed_since"), ("in_progress", NOT, BACK, "changed_since"),
        ("in_progress", BACK, BACK, "nothing_said"), ("in_progress", BACK, NOT, None),
        ("completed", "", NOT, "not_in_progress"), ("not_attained", "", IN, "not_in_progress"),
    ],
)  # fmt: skip
def test_what_may_be_said_when(status: str, last: str, said: str, rule: str | None) -> None:
    before = ClassAnswer(answer=last, number=1) if last else None
    refusal = rules.why_not_answer(Registration(status=status), said, last=before)
    assert (refusal.rule if refusal else None) == rule


@pytest.mark.parametrize(
    "who", ["colleague", "other_teacher", "counselor", "district", "consortium", "state", "former_teacher"]
)
def test_only_the_teacher_of_the_class_answers(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="Only the teachers"):
        answer(cast, NOT, by=getattr(cast, who))


def test_who_saw_an_older_row_is_told(cast: Cast) -> None:
    with pytest.raises(Refused, match="changed while the page was open"):
        answer(cast, NOT, version=99)


def test_who_registered_again_meanwhile_keeps_that(cast: Cast) -> None:
    answer(cast, NOT)
    make_registration(cast.student, cast.section, cast.agreement)
    with pytest.raises(Refused, match="has registered for this class again"):
        answer(cast, BACK)


def test_the_database_refuses_what_must_not_be(cast: Cast) -> None:
    said = answer(cast, IN, reason="")
    with raw.breaks(raw.INK):
        raw.change(said, answer="taken_back")
    with raw.breaks(raw.INK):
        raw.delete(said)
    with raw.breaks("who_rejects_says_why"):
        raw.copy(said, number=2, answer="not_in_class", reason="")
    with raw.breaks("class_answer_once"):
        raw.copy(said)
    entry, roster = cast.roster_entry, cast.roster_import
    with raw.breaks("roster_entry_once"):
        raw.copy(entry)
    with raw.breaks("nobody_is_other_than_themselves"):
        raw.change(entry, student_id=cast.student.pk, other_than_id=cast.student.pk)
    with raw.breaks("class_left_out_is_no_class"):
        raw.change(entry.roster_class, left_out=True)
    with raw.breaks("roster_taken_in_has_its_moment"):
        raw.change(roster, state="done")
    with raw.breaks("roster_refused_says_why"):
        raw.change(roster, state="refused")
    with raw.breaks("roster_class_once"):
        raw.copy(entry.roster_class)


# --- Nearly the same name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_name", "last_name", "near"),
    [
        ("Mari", "Vega", True),
        ("María", "Vega Luna", True),
        ("Mario", "Luna", False),
        ("Olga", "Vega", False),
        ("Mari", "", False),
    ],
)
def test_names_that_read_nearly_the_same(cast: Cast, first_name: str, last_name: str, near: bool) -> None:
    entry = RosterEntry(first_name=first_name, last_name=last_name)
    assert rules.nearly_same(entry, cast.registration) is near


def test_the_teacher_says_whether_it_is_the_same_person(cast: Cast) -> None:
    entry = make_entry(cast.section, "Mari", "Vega", email="")
    actions.recognize(entry=entry, registration=cast.registration, same=False, by=cast.teacher)
    entry.refresh_from_db()
    assert not rules.nearly_same(entry, cast.registration)
    assert (missing(cast), strange(cast)) == (["Mari Vega"], {cast.student})
    actions.recognize(entry=entry, registration=cast.registration, same=True, by=cast.teacher)
    assert (missing(cast), strange(cast)) == ([], set())
    with pytest.raises(Refused):
        actions.recognize(entry=entry, registration=cast.registration, same=True, by=cast.counselor)


# --- The page -----------------------------------------------------------------------------------------------


def test_without_a_roster_the_page_says_how_to_bring_one(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    words = text(client.get(address(cast)))
    assert "No roster of this class is in SERS yet." in words
    assert "Vega, Marisol" in words  # who is registered can be accepted or rejected all the same


def test_the_teacher_reminds_accepts_and_rejects(client: PolicingClient, cast: Cast) -> None:
    make_entry(cast.section)
    client.force_login(cast.teacher)
    words = text(client.get(address(cast)))
    assert "1 not registered, 1 of them can be reminded now" in words
    assert "Ruiz, Ximena" in words
    client.post(address(cast), {"remind_all": "1"})
    assert "1 student is reminded by mail." in str(messages(client.get(address(cast))))
    assert "Reminded" in text(client.get(address(cast)))
    client.post(address(cast), {"accept": value(cast)})
    assert "Marisol Vega is accepted." in str(messages(client.get(address(cast))))
    client.post(address(cast), {"take_back": value(cast)})
    page = client.get(f"{address(cast)}?reject={cast.registration.public_id}")
    assert b'id="reason"' in page.content
    refused = client.post(address(cast), {"reject": value(cast), "reason": " "})
    assert (refused.status_code, errors(refused)) == (422, ["Enter the reason: the student reads it"])
    client.post(address(cast), {"reject": value(cast), "reason": "Is in period 4."})
    page = client.get(address(cast))
    assert "Not in Class, and is told by mail" in str(messages(page))
    assert "Not in Class Is in period 4." in text(page)
    client.post(address(cast), {"take_back": value(cast)})
    cast.registration.refresh_from_db()
    assert cast.registration.status == "in_progress"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose what to do"),
        ({"remind": "1"}, "Tick whom to remind, or remind all"),
        ({"remind": "1", "entry": "rubbish"}, "Tick whom to remind, or remind all"),
        ({"accept": "rubbish"}, "This student is no longer in the class"),
        ({"same": "rubbish"}, "This was answered already"),
    ],
)
def test_what_was_not_said_is_asked_for(
    client: PolicingClient, cast: Cast, data: dict[str, str], words: str
) -> None:
    client.force_login(cast.teacher)
    response = client.post(address(cast), data)
    assert (response.status_code, errors(response)) == (422, [words])


def test_the_reason_has_an_end(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.post(address(cast), {"reject": value(cast), "reason": "x" * 201})
    assert errors(response) == ["Shorten the reason to 200 characters or fewer"]


def test_an_older_page_is_told_what_stands(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    client.post(address(cast), {"accept": f"{cast.registration.public_id} 77"})
    assert "changed while the page was open" in str(messages(client.get(address(cast))))


def test_who_left_the_roster_and_is_registered_is_shown(client: PolicingClient, cast: Cast) -> None:
    make_entry(cast.section)
    make_entry(cast.section, "Marisol", "Vega", email="", gone_at=timezone.now() - timedelta(days=2))
    client.force_login(cast.teacher)
    assert "Left the roster" in text(client.get(address(cast)))


def test_a_name_nearly_the_same_is_asked_about(client: PolicingClient, cast: Cast) -> None:
    entry = make_entry(cast.section, "Mari", "Vega", email="")
    client.force_login(cast.teacher)
    assert "Is it Marisol Vega, who is registered?" in text(client.get(address(cast)))
    client.post(address(cast), {"other": str(entry.public_id)})
    assert "Is it Marisol Vega" not in text(client.get(address(cast)))
    client.post(address(cast), {"same": str(entry.public_id)})  # sent late: answered already
    assert missing(cast) == ["Mari Vega"]


@pytest.mark.parametrize("person", ["counselor", "district"])
def test_counselor_and_district_remind_and_do_not_answer(
    client: PolicingClient, cast: Cast, person: str
) -> None:
    make_entry(cast.section)
    client.force_login(getattr(cast, person))
    page = client.get(address(cast))
    assert b'name="accept"' not in page.content
    assert client.post(address(cast), {"accept": value(cast)}).status_code == 403
    client.post(address(cast), {"remind_all": "1"})
    assert Mail.objects.filter(kind="students/not_registered").count() == 1


@pytest.mark.parametrize(
    ("person", "status"),
    [("colleague", 404), ("other_counselor", 404), ("consortium", 403), ("student", 403)],
)
def test_it_is_not_everybodys(client: PolicingClient, cast: Cast, person: str, status: int) -> None:
    who = getattr(cast, person)
    client.force_login(getattr(who, "user", who))
    assert client.get(address(cast)).status_code == status


def test_nothing_but_the_own_class_is_shown(client: PolicingClient, cast: Cast) -> None:
    """A known student's address and ID stay unsaid: the page shows what the school said."""
    make_entry(cast.section, "Ngo", "Z", student=cast.newcomer, email="")
    client.force_login(cast.teacher)
    content = client.get(address(cast)).content.decode()
    assert cast.newcomer.email not in content
    assert cast.newcomer.sers_id not in content


def test_the_page_costs_the_same_for_one_row_and_three(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)

    def queries() -> int:
        client.get(address(cast))  # the first one notes who was shown
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address(cast)).status_code == 200
        return len(caught)

    make_entry(cast.section)
    one = queries()
    for name in ("Ana", "Bo"):
        make_entry(cast.section, name, "Cruz")
        make_registration(make_student(cast.kamiakin, name, "Diaz"), cast.section, cast.agreement)
    assert (one, queries()) == (13, 13)


def test_a_search_in_a_big_class_goes_by_indexes(cast: Cast) -> None:
    for number in range(40):
        make_entry(cast.section, "Ana", f"Cruz{number}")
    found = RosterEntry.objects.unregistered().on(cast.section)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, parameters = found.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search(r"Index.* on students_rosterentry|Index.*roster_entry", plan)
    assert "Seq Scan on students_registration" not in plan
