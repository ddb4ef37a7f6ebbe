"""One sheet: looked at row by row, applied whole or not at all, as often as it comes."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sers.lib.refusal import Refused
from students.models import Student
from tests import people
from tests.people import SID, Cast
from transcripts import actions
from transcripts.models import (
    CollegeIdentity,
    IdentityConflict,
    PostingEvent,
    SheetImport,
    TermActivation,
)

HEADS = "SID,Last name,First name,Birth date,E-mail\n"


def address(sheet: SheetImport) -> str:
    return reverse("transcripts:sheet", args=[sheet.public_id])


def line(sid: str, student: Student, **changed: Any) -> str:
    facts = {
        "last": student.last_name, "first": student.first_name, "born": student.birth_date.isoformat(),
        "email": student.email, **changed,
    }  # fmt: skip
    return f'{sid},"{facts["last"]}","{facts["first"]}",{facts["born"]},{facts["email"]}\n'


def sheet_of(cast: Cast, *lines: str, kind: str = "sids", heads: str = HEADS) -> SheetImport:
    return people.make_sheet(cast.cbc, cast.registrar, heads + "".join(lines), kind=kind)


def press(client: Client, sheet: SheetImport, act: str = "apply") -> Any:
    return client.post(address(sheet), {"act": act})


def test_ids_that_are_sure_are_given_the_others_queue(cast: Cast, client: Client) -> None:
    sheet = sheet_of(
        cast,
        line("201000001", cast.classmate),
        line(
            "201000002", cast.owing, born=(cast.owing.birth_date + datetime.timedelta(days=400)).isoformat()
        ),
        line(SID, cast.graduate),
        "201000004,Nobody,Nell,2009-01-01,\n",
    )
    client.force_login(cast.registrar)
    page = client.get(address(sheet))
    look = page.context["look"]
    assert (look.rows, look.added, look.known, look.kept) == (4, 1, 1, 2)
    assert cast.classmate.name in page.content.decode()
    assert press(client, sheet).status_code == 302
    assert CollegeIdentity.objects.standing().get(student=cast.classmate).sid == "201000001"
    conflict = IdentityConflict.objects.open().get(sid="201000002")
    assert conflict.kind == "birth_date"
    assert [one.student for one in conflict.candidates.all()] == [cast.owing]
    sheet.refresh_from_db()
    assert (sheet.state, sheet.rows, sheet.added, sheet.known, sheet.kept) == ("applied", 4, 1, 1, 2)
    assert "Decide the conflicts" in client.get(address(sheet)).content.decode()


def test_the_same_sheet_again_changes_nothing(cast: Cast) -> None:
    lines = (
        line("201000001", cast.classmate),
        line("201000002", cast.owing, born="2001-01-01", email=cast.owing.email),
    )
    actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar)
    before = (CollegeIdentity.objects.count(), IdentityConflict.objects.count())
    look = actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar)
    assert look.added == 0
    assert (CollegeIdentity.objects.count(), IdentityConflict.objects.count()) == before


def test_what_a_person_decided_is_not_asked_again(cast: Cast) -> None:
    lines = (
        line("201000002", cast.owing, born=(cast.owing.birth_date + datetime.timedelta(days=1)).isoformat()),
    )
    actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar)
    conflict = IdentityConflict.objects.open().get(sid="201000002")
    actions.decide_conflict(conflict=conflict, student=None, by=cast.registrar)
    assert actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar).known == 1
    assert not IdentityConflict.objects.open().filter(sid="201000002").exists()


def test_who_registers_after_a_decision_is_asked_about(cast: Cast) -> None:
    """None of them was decided of one student; somebody else comes, whom the ID may belong to."""
    born = cast.owing.birth_date + datetime.timedelta(days=1)
    lines = (line("201000002", cast.owing, born=born.isoformat()),)
    actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar)
    conflict = IdentityConflict.objects.open().get(sid="201000002")
    actions.decide_conflict(conflict=conflict, student=None, by=cast.registrar)
    late = people.make_student(
        cast.kamiakin, cast.owing.first_name, cast.owing.last_name, birth_date=born, user=None
    )
    people.make_registration(late, cast.section, cast.agreement, by=cast.registrar)
    assert actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar).added == 1
    assert CollegeIdentity.objects.standing().get(sid="201000002").student == late


def test_an_undone_match_does_not_come_back_with_the_next_sheet(cast: Cast) -> None:
    lines = (line("201000001", cast.classmate),)
    actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar)
    identity = CollegeIdentity.objects.standing().get(student=cast.classmate)
    actions.undo_identity(identity=identity, by=cast.registrar)
    look = actions.apply_import(sheet=sheet_of(cast, *lines), by=cast.registrar)
    assert (look.added, look.kept) == (0, 1)
    assert not CollegeIdentity.objects.standing().filter(student=cast.classmate).exists()
    conflict = IdentityConflict.objects.open().get(sid="201000001")
    assert conflict.kind == "undone"
    actions.decide_conflict(conflict=conflict, student=cast.classmate, by=cast.registrar)
    assert CollegeIdentity.objects.standing().get(student=cast.classmate).sid == "201000001"


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [("201000001", "201000002", "other_sid")],
)
def test_two_rows_of_one_student_in_one_sheet(cast: Cast, first: str, second: str, kind: str) -> None:
    sheet = sheet_of(cast, line(first, cast.classmate), line(second, cast.classmate))
    look = actions.apply_import(sheet=sheet, by=cast.registrar)
    assert (look.added, look.kept) == (1, 1)
    assert IdentityConflict.objects.get(sid=second).kind == kind


def test_a_sheet_with_one_wrong_row_is_not_applied_at_all(cast: Cast, client: Client) -> None:
    sheet = sheet_of(cast, line("201000001", cast.classmate), line("2010", cast.owing))
    client.force_login(cast.registrar)
    page = client.get(address(sheet))
    assert "Line 3. SID: enter nine digits instead of “2010”" in page.content.decode()
    assert "Apply all" not in page.content.decode()
    answer = press(client, sheet)
    assert answer.status_code == 409
    assert "1 row is wrong. Nothing was applied." in answer.content.decode()
    assert not CollegeIdentity.objects.filter(student=cast.classmate).exists()


def test_a_sheet_is_decided_once(cast: Cast, client: Client) -> None:
    sheet = sheet_of(cast, line("201000001", cast.classmate))
    client.force_login(cast.registrar)
    assert press(client, sheet, "drop").status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "dropped"
    assert press(client, sheet).status_code == 409
    assert not CollegeIdentity.objects.filter(sid="201000001").exists()


def test_activations_and_confirmations(cast: Cast, client: Client) -> None:
    activations = sheet_of(cast, f"{SID},2265\n{SID},2275\n", kind="activations", heads="ID,Term\n")
    look = actions.apply_import(sheet=activations, by=cast.registrar)
    assert (look.added, look.known) == (1, 1)
    assert TermActivation.objects.filter(college=cast.cbc, sid=SID).count() == 2
    confirmations = sheet_of(
        cast,
        f"{SID},2265,012345,3.8,Posted,2026-08-21\n",
        f"{SID},2265,12345,3.8,posted,8/21/2026\n",
        "209999999,2265,012345,4.0,Posted,2026-08-21\n",
        "Notice: keep this\n",
        kind="confirmations",
        heads="ID,Articulation Term,Course ID,Official Grade,Status,Date\n",
    )
    look = actions.apply_import(sheet=confirmations, by=cast.registrar)
    assert (look.rows, look.added, look.known, look.kept) == (3, 1, 1, 1)
    assert PostingEvent.objects.get(award=cast.award, kind="posted").on == datetime.date(2026, 8, 21)
    assert PostingEvent.objects.unmatched().get().sid == "209999999"
    client.force_login(cast.registrar)
    assert "Exported and posted" in client.get(address(confirmations)).content.decode()


@pytest.mark.parametrize(
    ("kind", "heads", "row", "words"),
    [
        ("activations", "ID,Term\n", "12,2265", "nine digits"),
        ("activations", "ID,Term\n", f"{SID},2266", "four digits"),
        (
            "confirmations",
            "ID,Term,Course ID,Status,Date\n",
            "1,2265,1,Posted,2026-08-21",
            "ID: enter nine digits",
        ),
        ("confirmations", "ID,Term,Course ID,Status,Date\n", f"{SID},1,1,Posted,2026-08-21", "four digits"),
        (
            "confirmations",
            "ID,Term,Course ID,Status,Date\n",
            f"{SID},2265,ACCT,Posted,2026-08-21",
            "six digits",
        ),
        (
            "confirmations",
            "ID,Term,Course ID,Status,Date\n",
            f"{SID},2265,1,Lost,2026-08-21",
            "write Accepted",
        ),
        ("confirmations", "ID,Term,Course ID,Status,Date\n", f"{SID},2265,1,Posted,June", "enter a day"),
    ],
)
def test_rows_that_are_wrong_say_how(
    cast: Cast, client: Client, kind: str, heads: str, row: str, words: str
) -> None:
    client.force_login(cast.registrar)
    assert words in client.get(address(sheet_of(cast, row, kind=kind, heads=heads))).content.decode()


def test_nobody_else_applies(cast: Cast, client: Client) -> None:
    for user, status in ((cast.other_registrar, 404), (cast.state, 403), (cast.consortium, 403)):
        client.force_login(user)
        assert press(client, cast.sheet).status_code == status
    for act in (actions.apply_import, actions.drop_import):
        with pytest.raises(Refused, match="Only the registrar"):
            act(sheet=cast.sheet, by=cast.state)


def test_a_row_and_fifty_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(address(cast.sheet))
    with django_assert_num_queries(QUERIES):
        client.get(address(cast.sheet))
    many = sheet_of(cast, *(f"{201_100_000 + n},Sample{n},Sam,2009-01-01,\n" for n in range(50)))
    with django_assert_num_queries(QUERIES):
        client.get(address(many))


QUERIES = 10
