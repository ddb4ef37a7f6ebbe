"""/students/files/<id>/: what a sheet of students will do, Save All, and what came of it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import ask_for_password
from accounts.models import Event, Mail, MailedLink, RecoveryRequest, User
from organizations.models import Seat
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import LikelyTwins, Student, StudentFile
from students.rules import Outcome
from tests import raw
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import messages, text
from tests.students.sheets import hand_in, row, save, work


def address(file: StudentFile) -> str:
    return reverse("students:student_file", args=[file.public_id])


def outcomes(cast: Cast, *rows: list[str], by: User | None = None) -> list[tuple[Outcome, str]]:
    file = hand_in(by or cast.consortium, *rows)
    return [(one.outcome, one.told) for one in actions.rows_of_students(file)]


# --- Rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("TP1-23-456", "TP1-23-456"), ("tp123456", "TP1-23-456"), (" 123456 ", "TP1-23-456"),
        ("TP6-20-0001-5", ""), ("TP1-23-45", ""), ("", ""), ("TP1-23-45x", ""),
    ],
)  # fmt: skip
def test_legacy_ids_keep_their_shape(typed: str, kept: str) -> None:
    assert rules.tidy_legacy_id(typed) == kept


@pytest.mark.parametrize(
    ("who", "may"), [("consortium", True), ("state", True), ("district", False), ("counselor", False), ("registrar", False)]
)  # fmt: skip
def test_who_brings_students(cast: Cast, who: str, may: bool) -> None:
    assert rules.can_import_students(getattr(cast, who)) is may


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"ID": "TP6-20-0001-5"}, "Enter the ID like TP1-23-456"),
        ({"ID": ""}, "Enter the ID like TP1-23-456"),
        ({"first_name": ""}, "Enter the first name"),
        ({"first_name": "x" * 101}, "Shorten the first name to 100"),
        ({"birth_date": "June"}, "Enter the birth date like 5/12/2009"),
        ({"birth_date": "2/30/2009"}, "Enter the birth date like 5/12/2009"),
        ({"birth_date": "1/1/2040"}, "12 years ago or more"),
        ({"birth_date": "1/1/1930"}, "12 years ago or more"),
        ({"e__mail": "nadia"}, "Enter an e-mail like"),
        ({"e__mail": ""}, "Enter an e-mail like"),
        ({"high_school": ""}, "Enter the high school"),
        ({"high_school": "Nowhere High"}, "is no high school within your reach"),
        ({"high_school": "Walla Walla High School"}, "is no high school within your reach"),
        ({"district": "Pasco School District"}, "is no high school within your reach"),
        ({"grade_level": "8"}, "Enter the grade level"),
        ({"grade_level": ""}, "Enter the grade level"),
        ({"graduation_year": "28"}, "Enter the graduation year"),
    ],
)
def test_rows_to_correct_say_the_field_and_the_remedy(cast: Cast, cells: dict[str, str], words: str) -> None:
    ((outcome, told),) = outcomes(cast, row(**cells))
    assert outcome is Outcome.CORRECT
    assert words in told


@pytest.mark.parametrize(
    "cells", [{}, {"last_name": ""}, {"grade_level": "Grade 11"}, {"grade_level": "11th"}, {"district": "kennewick school district"}]
)  # fmt: skip
def test_rows_that_are_right(cast: Cast, cells: dict[str, str]) -> None:
    assert outcomes(cast, row(**cells)) == [(Outcome.NEW, "Kamiakin High School")]


def of(student: Student, **cells: str) -> list[str]:
    """A row that names a student who is here."""
    born = student.birth_date
    return row(
        **{
            "first_name": student.first_name, "last_name": student.last_name, "e__mail": student.email,
            "birth_date": f"{born.month}/{born.day}/{born.year}", **cells,
        }
    )  # fmt: skip


def test_who_is_here_is_recognized(cast: Cast) -> None:
    Student.objects.filter(pk=cast.below.pk).update(sers_id="TP7-77-777")
    found = outcomes(
        cast,
        of(cast.below, ID="tp777777"),
        of(cast.below, ID="TP7-77-777", first_name="Boris", last_name="Other"),
        of(cast.student, ID="TP8-88-881"),
        of(cast.student, ID="TP8-88-882", birth_date="1/2/2007"),
        of(cast.student, ID="TP8-88-883", first_name="Vega", last_name="Marisol"),
    )
    expected = [Outcome.KNOWN, Outcome.CORRECT, Outcome.TWIN, Outcome.NEW, Outcome.TWIN]
    assert [outcome for outcome, _ in found] == expected
    assert "Row 2 has this ID too" in found[1][1]
    ((alone, told),) = outcomes(cast, of(cast.below, ID="TP7-77-777", first_name="Boris", last_name="Other"))
    assert alone is Outcome.CORRECT
    assert "another person’s in SERS" in told


def test_rows_are_compared_with_those_above(cast: Cast) -> None:
    found = outcomes(cast, row(), row(ID="TP1-23-456", first_name="Someone"), row(ID="TP1-23-457"))
    assert [outcome for outcome, _ in found] == [Outcome.NEW, Outcome.CORRECT, Outcome.TWIN]
    assert found[1][1] == "Row 2 has this ID too. Take one of them out."
    assert "as TP1-23-456 above" in found[2][1]


def test_the_state_brings_students_of_everywhere(cast: Cast) -> None:
    assert outcomes(cast, row(high_school="Walla Walla High School"), by=cast.state)[0][0] is Outcome.NEW


# --- Saved ----------------------------------------------------------------------------------------------


def test_saved_with_the_legacy_id_and_an_account_nobody_has_a_password_for(cast: Cast) -> None:
    mail = Mail.objects.count()
    file = save(hand_in(cast.consortium, row(middle_name="Ana", former_names="Nowak")))
    assert (file.state, file.records, file.accounts, file.known, file.rows) == ("done", 1, 1, 0, [])
    student = Student.objects.select_related("user").get(sers_id="TP1-23-456")
    assert (student.name, student.birth_date, student.school) == (
        "Nadia Ana Novak", date(2009, 5, 12), cast.kamiakin,
    )  # fmt: skip
    assert list(Student.objects.named("nowak")) == [student]
    assert student.user is not None
    assert student.user.username.startswith("nadia.novak.")
    assert not student.user.has_usable_password()
    assert student.user.activated_at is None
    assert Seat.objects.get(user=student.user).role == "student"
    assert Mail.objects.count() == mail
    assert Event.objects.filter(
        kind="students.imported", subject_id=student.pk, actor=cast.consortium
    ).exists()


def test_the_account_is_taken_up_by_the_usual_mailed_link(cast: Cast) -> None:
    from accounts.models import Job
    from accounts.tasks import answer_request

    save(hand_in(cast.consortium, row()))
    student = Student.objects.select_related("user").get(sers_id="TP1-23-456")
    assert student.user is not None
    ask_for_password(username=student.user.username, email=student.email, address="192.0.2.1")
    asked = RecoveryRequest.objects.latest("pk")
    answer_request(Job.objects.get(task="accounts.answer_request", subject_id=asked.pk).pk)
    link = MailedLink.objects.get(user=student.user)
    assert (link.purpose, link.address) == ("activate", "nadia@example.net")


def test_sent_again_nothing_changes(cast: Cast) -> None:
    rows = [row(), row(ID="TP1-23-457", first_name="Nils", birth_date="6/1/2009")]
    save(hand_in(cast.consortium, *rows))
    before = list(Student.objects.order_by("pk").values())
    again = save(hand_in(cast.consortium, *rows))
    assert (again.records, again.accounts, again.known) == (0, 0, 2)
    assert list(Student.objects.order_by("pk").values()) == before


def test_likely_twins_get_no_second_account_and_come_onto_the_list(cast: Cast) -> None:
    LikelyTwins.objects.all().delete()
    file = save(hand_in(cast.consortium, of(cast.student), row(ID="TP2-00-001"), row(ID="TP2-00-002")))
    assert (file.records, file.accounts) == (3, 1)
    legacy = Student.objects.get(sers_id="TP1-23-456")
    assert legacy.user is None
    pairs = set(LikelyTwins.objects.values_list("older__sers_id", "newer__sers_id", "likeness"))
    assert pairs == {
        (cast.student.sers_id, "TP1-23-456", "1_same"),
        ("TP2-00-001", "TP2-00-002", "1_same"),
    }


def test_all_or_nothing(cast: Cast) -> None:
    file = hand_in(cast.consortium, row(), row(ID="TP1-23-457", e__mail="nadia"))
    with pytest.raises(Refused):
        actions.save_students(file=file, by=cast.consortium)
    file = hand_in(cast.consortium, row(), row(ID="TP1-23-457", first_name="Nils", birth_date="6/1/2009"))
    actions.save_students(file=file, by=cast.consortium)
    Student.objects.filter(pk=cast.below.pk).update(sers_id="TP1-23-457")  # somebody was faster with this ID
    work(file)
    assert file.state == "refused"
    assert not Student.objects.filter(sers_id="TP1-23-456").exists()


def test_who_handed_it_in_saves_it_once(cast: Cast) -> None:
    file = hand_in(cast.consortium, row())
    with pytest.raises(Refused, match="Who handed a file in saves it"):
        actions.save_students(file=file, by=cast.state)
    actions.save_students(file=file, by=cast.consortium)
    actions.save_students(file=file, by=cast.consortium)
    work(file)
    work(file)
    assert Student.objects.filter(sers_id="TP1-23-456").count() == 1


def test_files_nobody_saved_are_forgotten_after_a_week(cast: Cast) -> None:
    old = hand_in(cast.consortium, row())
    StudentFile.objects.filter(pk=old.pk).update(handed_in_at=timezone.now() - actions.files.KEPT_FOR * 1.1)
    done = save(hand_in(cast.consortium, row()))
    StudentFile.objects.filter(pk=done.pk).update(handed_in_at=timezone.now() - actions.files.KEPT_FOR * 1.1)
    assert actions.forget_student_files() == 1
    assert StudentFile.objects.filter(pk=done.pk).exists()


def test_the_database_keeps_it_true(cast: Cast) -> None:
    with raw.breaks("studentfile_done_has_its_moment"):
        raw.change(cast.student_file, state="done")
    save(hand_in(cast.consortium, row()))
    with raw.breaks("sers_id_once"):
        raw.change(cast.student, sers_id="tp1-23-456")


def many(number: int) -> list[list[str]]:
    return [
        row(
            ID=f"{100000 + one}",
            first_name=f"N{one}",
            last_name=f"Novak{one % 97}",
            birth_date=f"{one % 12 + 1}/{one % 28 + 1}/2009",
        )
        for one in range(number)
    ]


def test_more_rows_ask_no_more_at_once(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """Some hundred rows are compared and written at a time: three reads and five writes, however many rows."""
    file = hand_in(cast.state, *many(400))
    actions.save_students(file=file, by=cast.state)
    with django_assert_max_num_queries(30):
        work(file)
    assert file.records == 400


# --- The screen -----------------------------------------------------------------------------------------


def test_preview_save_and_result(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    file = hand_in(cast.consortium, of(cast.student), row(ID="TP2-00-001"))
    words = text(client.get(address(file)))
    assert "1 new record and account, 1 new record that is a likely twin" in words
    assert "2 Marisol Vega TP1-23-456 New record, likely twin" in words
    assert cast.student.sers_id not in words
    words = text(client.post(address(file), follow=True))
    assert "2 rows are saved together: all of them, or none." in words
    work(file)
    words = text(client.get(address(file)))
    assert "2 records made, 1 of them with an account" in words
    assert "Nadia" not in words


def test_rows_to_correct_come_first_and_keep_all_back(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    file = hand_in(cast.consortium, *many(60), row(ID="TP0"))
    words = text(client.get(address(file)))
    assert "1 row to correct, 60 new records and accounts" in words
    assert "Save All" not in words
    assert words.index("Enter the ID like") < words.index("N1 Novak1")
    assert "1 to 50 of 61" in words
    (said,) = messages(client.post(address(file), follow=True))
    assert said.startswith("Some rows have to be corrected.")


def test_a_file_that_was_refused_says_what_changed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    file = hand_in(cast.consortium, row())
    StudentFile.objects.filter(pk=file.pk).update(state="refused")
    words = text(client.get(address(file)))
    assert "Nothing was saved" in words
    assert "Save All" not in words


def test_strangers_and_others(cast: Cast, client: PolicingClient) -> None:
    assert client.get(address(cast.student_file)).status_code == 302
    for who in ("state", "other_consortium"):
        client.force_login(getattr(cast, who))
        assert client.get(address(cast.student_file)).status_code == 404
    for who in ("district", "counselor", "registrar"):
        client.force_login(getattr(cast, who))
        assert client.get(address(cast.student_file)).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_a_file_costs_the_same_however_long(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    file = hand_in(cast.consortium, *many(number))
    client.force_login(cast.consortium)
    client.get(address(file))
    with django_assert_num_queries(9):
        client.get(address(file))
