"""The file that answers a request to inspect: the whole record for the student's account, the school's side for a parent."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import Job, Mail, User
from reports import actions, rules
from reports.models import RecordExport
from reports.tasks import make_export
from sers.lib.refusal import Refused
from students.actions import disclose
from students.models import Disclosure, Inspection, Student
from tests.people import Cast, account_of, make_seat
from tests.policing import PolicingClient
from tests.reports.test_record import unpacked
from tests.students.amending import refused
from tests.students.inspecting import asked, by_letter, turns_18
from tests.students.pages import messages, text
from transcripts.actions import give_statement


def made(inspection: Inspection, by: Any) -> RecordExport:
    export = actions.answer_with_record(inspection=inspection, by=by)
    make_export(Job.objects.get(task=actions.EXPORT_TASK, subject_id=export.pk).pk)
    inspection.refresh_from_db()
    return RecordExport.objects.with_request().get(pk=export.pk)


def take(client: PolicingClient, export: RecordExport) -> Any:
    return client.post(reverse("reports:record_file", args=[export.public_id]))


def test_the_student_takes_it_alone_and_that_gives_the_record(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.graduate)
    client.force_login(cast.registrar)
    assert messages(client.post(reverse("reports:record_for", args=[found.public_id]), follow=True)) == [
        "The file is being made. It is here in some seconds."
    ]
    export = made(found, cast.registrar)  # the same one: it was asked for within the hour
    assert RecordExport.objects.filter(inspection=found).count() == 1
    assert (found.given_how, found.given_by) == ("file", cast.registrar)
    assert Mail.objects.get(kind="reports/record_ready").to == cast.graduate.email
    assert take(client, export).status_code == 302  # who had it made holds it not
    client.force_login(cast.graduate.user)
    assert "Download" in text(client.get(reverse("students:inspection", args=[found.public_id])))
    response = take(client, export)
    assert response["Content-Type"] == "application/zip"
    assert "tables/credit.csv" in unpacked(export)
    assert Disclosure.objects.of(cast.graduate).filter(reader=cast.registrar, what="export").exists()


def test_a_parent_gets_the_schools_side(client: PolicingClient, cast: Cast) -> None:
    found = by_letter(cast.graduate, by=cast.district)
    export = made(found, cast.district)
    assert found.given_at is None  # it is given when it is handed over
    files = unpacked(export)
    apps = {table.model._meta.app_label for table in rules.tables_for(own=False, parent="Rosa Vega")}
    assert apps == {"students", "grading"}
    assert "tables/grades.csv" in files
    assert not {
        "tables/credit.csv",
        "tables/college_ids.csv",
        "tables/transcripts.csv",
        "tables/mail.csv",
    } & set(files)
    assert not [name for name in files if name.startswith(("files/transcript", "files/letter"))]
    page = files["record.html"].decode()
    assert "This is the school’s side of the record" in page
    assert "College credits earned" not in page
    assert "Rosa Vega" in page
    client.force_login(cast.district)
    assert take(client, export).status_code == 200
    client.force_login(cast.consortium)
    assert take(client, export).status_code == 404
    client.force_login(cast.graduate.user)
    assert take(client, export).status_code == 404


def test_what_is_the_students_alone_is_in_no_file_for_a_parent(cast: Cast) -> None:
    """A canary in every row and column of the school's tables that is of a college, of the student's own requests or of
    the other parent's; each is in the student's own file."""
    cast.graduate_registration.refresh_from_db()
    asked(cast.graduate, wish="CANARY wish: who told my parents?")
    by_letter(cast.graduate, by=cast.district, asker_name="Luis CANARY", wish="CANARY other parent")
    college = refused(cast, cast.graduate, cast.graduate_registration, wrong="CANARY college grade")
    give_statement(amendment=college, text="CANARY college statement", by=account_of(cast.graduate))
    school = refused(cast, cast.graduate, wrong="MINE profile")
    give_statement(amendment=school, text="MINE statement", by=account_of(cast.graduate))
    disclose(
        students=[cast.graduate],
        what=Disclosure.What.TRANSCRIPT,
        by=cast.registrar,
        reason="CANARY transcript",
    )
    found = by_letter(cast.graduate, by=cast.district, wish="MINE wish")
    files = unpacked(made(found, cast.district))
    whole = {name: content.decode() for name, content in files.items() if not name.startswith("files/")}
    assert [name for name, content in whole.items() if "CANARY" in content] == []
    for mine in ("MINE profile", "MINE statement", "MINE wish"):
        assert mine in whole["record.html"]
    columns = {name: content.splitlines()[0] for name, content in whole.items() if name.startswith("tables/")}
    assert "credit awarded at" not in columns["tables/registrations.csv"]
    assert "college letter grade" not in columns["tables/grades.csv"]
    assert "posted again at" not in columns["tables/grade_changes.csv"]
    assert "College grade" not in whole["record.html"]
    assert "Your" not in whole["record.html"].partition("Every table")[0]
    own = unpacked(own_file(cast))
    told = "".join(content.decode() for name, content in own.items() if not name.startswith("files/"))
    for canary in ("wish: who", "other parent", "college grade", "college statement", "transcript"):
        assert f"CANARY {canary}" in told


def own_file(cast: Cast) -> RecordExport:
    export = actions.ask_for_record(student=cast.graduate, by=account_of(cast.graduate))
    make_export(Job.objects.get(task=actions.EXPORT_TASK, subject_id=export.pk).pk)
    return RecordExport.objects.with_request().get(pk=export.pk)


def test_a_file_for_a_parent_is_taken_until_the_18th_birthday(client: PolicingClient, cast: Cast) -> None:
    export = made(by_letter(cast.graduate, by=cast.district), cast.district)
    client.force_login(cast.district)
    turns_18(cast.graduate, in_days=1)
    assert take(client, export).status_code == 200
    turns_18(cast.graduate)
    assert take(client, export).status_code == 302
    assert not rules.can_take_export(cast.consortium, export, on=timezone.localdate())


def test_a_file_that_waited_past_the_18th_birthday_is_not_made(cast: Cast) -> None:
    export = actions.answer_with_record(
        inspection=by_letter(cast.graduate, by=cast.district), by=cast.district
    )
    turns_18(cast.graduate)
    make_export(Job.objects.get(task=actions.EXPORT_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    assert (export.state, export.made_at) == ("removed", None)
    assert not Mail.objects.filter(kind="reports/record_ready").exists()
    with pytest.raises(Refused, match="no longer the parent’s"):
        actions.answer_with_record(inspection=export.inspection, by=cast.district)


def test_a_registrar_makes_no_file_of_a_school(client: PolicingClient, cast: Cast) -> None:
    letter = by_letter(cast.student, by=cast.district)
    with pytest.raises(Refused, match="answers this"):
        actions.answer_with_record(inspection=letter, by=cast.registrar)
    client.force_login(cast.registrar)
    address = reverse("reports:record_for", args=[letter.public_id])
    assert client.post(address).status_code == 404  # no college learns of it


def test_a_registrar_makes_no_file_that_a_student_without_an_account_would_not_take(cast: Cast) -> None:
    found = asked(cast.student)
    found.student.user_id, found.student.user = None, None
    with pytest.raises(Refused, match="has no account"):
        actions.answer_with_record(inspection=found, by=cast.registrar)


def test_a_registrar_with_a_seat_elsewhere_makes_and_takes_no_such_file(cast: Cast) -> None:
    """A district seat counts for the district's students, not for every student a registrar reaches."""
    make_seat(cast.registrar, Role.DISTRICT, cast.walla_walla_schools)
    registrar = User.objects.get(pk=cast.registrar.pk)
    found = asked(cast.student)
    Student.objects.filter(pk=cast.student.pk).update(user=None)
    found = Inspection.objects.in_full().get(pk=found.pk)
    with pytest.raises(Refused, match="has no account"):
        actions.answer_with_record(inspection=found, by=registrar)
    export = RecordExport.objects.create(student=cast.student, asked_by=registrar, inspection=found)
    assert not rules.can_take_export(registrar, export, on=timezone.localdate())
    assert actions.answer_with_record(inspection=found, by=cast.district).asked_by == cast.district


def test_what_is_over_is_answered_no_more(client: PolicingClient, cast: Cast) -> None:
    with pytest.raises(Refused, match="over already"):
        actions.answer_with_record(inspection=cast.inspection, by=cast.consortium)


@pytest.mark.parametrize(
    ("who", "status"),
    [("other_consortium", 404), ("other_registrar", 404), ("counselor", 403), ("student", 403)],
)
def test_who_has_it_made(client: PolicingClient, cast: Cast, who: str, status: int) -> None:
    person = getattr(cast, who)
    client.force_login(getattr(person, "user", person))
    assert client.post(reverse("reports:record_for", args=[cast.inspection.public_id])).status_code == status
