"""Everything SERS holds about a student: who asks, what is in the file, what never is, and that it goes again."""

import csv
import io
import itertools
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from accounts.actions import new_link, queue_mail
from accounts.models import Event, Job, Mail, MailedLink, User
from grading.models import RosterComment
from reports import actions, rules
from reports.models import RecordExport, RecordExportFile
from reports.rules.copying import COPIED, LINK_LEFT_OUT
from reports.tasks import make_export, remove_exports
from sers.lib.refusal import Refused
from students.models import Disclosure, Registration, Student
from students.rules import can_ask_for_record
from tests import raw
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text
from tests.test_house import MODELS


def address(student: Student) -> str:
    return reverse("reports:record", args=[student.public_id])


def made(student: Student, by: User, reason: str = "") -> RecordExport:
    """Asked for, and made by the worker; who asked before did so hours ago."""
    RecordExport.objects.filter(student=student).update(asked_at=timezone.now() - timedelta(hours=2))
    export = actions.ask_for_record(student=student, reason=reason, by=by)
    make_export(Job.objects.get(task=actions.EXPORT_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    return export


def unpacked(export: RecordExport) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bytes(export.file.content))) as pack:
        assert pack.testzip() is None
        return {name: pack.read(name) for name in pack.namelist()}


def sheet(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"tables/{name}.csv"].decode("utf-8-sig"), newline="")))


# --- Rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("student", True), ("classmate", False), ("teacher", False), ("counselor", False), ("district", False),
        ("faculty", False), ("registrar", False), ("consortium", True), ("state", True), ("nobody", False),
    ],
)  # fmt: skip
def test_who_may_ask(cast: Cast, who: str, may: bool) -> None:
    person = getattr(cast, who)
    assert can_ask_for_record(person.user if isinstance(person, Student) else person, cast.student) is may


@pytest.mark.parametrize(
    ("who", "rule"), [("student", None), ("consortium", "not_yours"), ("state", "not_yours")]
)
def test_who_asked_takes_it(cast: Cast, who: str, rule: str | None) -> None:
    person = getattr(cast, who)
    user = person.user if isinstance(person, Student) else person
    refusal = rules.why_not_take(user, cast.export, now=timezone.now())
    assert (refusal and refusal.rule) == rule


@pytest.mark.parametrize(("days", "rule"), [(0, None), (6.99, None), (7, "not_kept"), (8, "not_kept")])
def test_a_file_is_there_for_seven_days(cast: Cast, days: float, rule: str | None) -> None:
    assert cast.export.made_at is not None
    assert cast.student.user is not None
    then = cast.export.made_at + timedelta(days=days)
    refusal = rules.why_not_take(cast.student.user, cast.export, now=then)
    assert (refusal and refusal.rule) == rule


def test_a_seat_that_ended_takes_nothing(cast: Cast) -> None:
    export = made(cast.classmate, cast.consortium, "A parent asked")
    today = timezone.localdate()
    assert rules.can_take_export(User.objects.get(pk=cast.consortium.pk), export, on=today)
    cast.consortium.seats.update(ends_on=today - timedelta(days=1))
    assert not rules.can_take_export(User.objects.get(pk=cast.consortium.pk), export, on=today)


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (184_400, "184 KB"), (2_140_000, "2.1 MB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert rules.size_in_words(size) == words


# --- What is in the file --------------------------------------------------------------------------------


def test_every_model_that_leads_to_a_student_is_handed_out_or_left_out_with_a_reason() -> None:
    """A new model turns this red: hand it out (`TABLES`) or write why not (`LEFT_OUT`)."""
    for model in MODELS:
        linked = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        leads = linked & {Student, User, *COPIED} or getattr(model, "private_fields", set())
        known = model in COPIED or model._meta.label in rules.LEFT_OUT
        assert known or not leads, f"{model._meta.label} leads to a student"
        assert not (model in COPIED and model._meta.label in rules.LEFT_OUT), model._meta.label
    labels = {model._meta.label for model in MODELS}
    assert set(rules.LEFT_OUT) <= labels
    assert all(len(reason.split()) >= 4 for reason in rules.LEFT_OUT.values())


def test_tables_are_told_apart_and_what_is_left_out_is_there() -> None:
    assert len({table.name for table in rules.TABLES}) == len(rules.TABLES) == len(COPIED)
    for table in rules.TABLES:
        names = {field.name for field in table.model._meta.concrete_fields}
        assert set(table.left_out) <= names, table.name
        assert all(len(reason.split()) >= 4 for reason in table.left_out.values())


def test_secrets_are_left_out_of_every_table() -> None:
    """What is hashed, sealed or a key by its name is in no file."""
    secret = re.compile(r"hash$|secret|password|session_key|session_data|credential_id|public_key|token")
    handed = [f"{table.name}.{one.name}" for table in rules.TABLES for one in table.fields()]
    assert [name for name in handed if secret.search(name.partition(".")[2])] == []


def plant(student: Student) -> set[str]:
    """Fill every column of text of every row about a student with a word that is nowhere else, past every trigger."""
    holder, planted = rules.Holder.of(student), set()
    copier, numbers = rules.Copier(holder), itertools.count()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in rules.TABLES:
            copied = copier.copy(table)
            for field in table.fields():
                if (
                    type(field) not in (models.CharField, models.TextField, models.EmailField)
                    or field.choices
                ):
                    continue
                if (field.max_length or 99) < 16 or field.unique or field.name in ("sid", "kind", "language"):
                    continue
                if (table.name, field.name) in (("grade_change_papers", "mime"), ("history", "subject_type")):
                    continue
                for number, key in enumerate(copier.owned[table.model._meta.label_lower]):
                    word = f"c{next(numbers)}x{number}"
                    cursor.execute(
                        f'UPDATE "{table.model._meta.db_table}" SET "{field.column}" = %s '
                        f'WHERE "{table.model._meta.pk.column}" = %s AND "{field.column}" <> %s',
                        [
                            word,
                            key,
                            "",
                        ],  # a constraint says which columns go together: what is empty stays so
                    )
                    planted |= {word} if cursor.rowcount else set()
            assert copied.table is table
        cursor.execute("SET session_replication_role = DEFAULT")
    return planted


def test_every_text_about_the_student_is_in_every_form(cast: Cast) -> None:
    """FE-1: a canary in each column of each table; the page, the JSON and the sheets hold all of them."""
    whose = cast.graduate
    assert whose.user is not None
    RosterComment.objects.create(
        registration=whose.registrations.get(), text="Kind.", written_by=cast.teacher
    )
    Disclosure.objects.create(
        student=whose, reader=cast.state, role="state", what="opened", ground="99.31(a)(3)", crosses=True, reason="?"
    )  # fmt: skip
    new_link(user=whose.user, purpose=MailedLink.Purpose.RESET)
    queue_mail(
        key="x", to="x@example.org", person=whose.user, template="free", context={"subject": "s", "text": "t"}
    )
    planted = plant(whose)
    assert len(planted) > 20
    files = unpacked(made(whose, whose.user))
    sheets = b"".join(content for name, content in files.items() if name.startswith("tables/")).decode()
    for form in (files["record.json"].decode(), files["record.html"].decode(), sheets):
        assert sorted(word for word in planted if not re.search(rf"\b{word}\b", form)) == []


def test_nobody_else_is_in_the_file(cast: Cast) -> None:
    whose = cast.classmate
    assert whose.user is not None
    files = unpacked(made(whose, whose.user))
    words = b"".join(files.values()).decode(errors="ignore")
    others = [one for one in vars(cast).values() if isinstance(one, Student) and one != whose]
    for other in others:
        for mark in (other.sers_id, str(other.public_id), other.email, other.name):
            assert mark not in words, other.name
    assert whose.sers_id in words
    assert "Helps the others with ledgers." in words


def test_links_in_letters_and_secrets_are_not_in_the_file(cast: Cast) -> None:
    user = cast.student.user
    assert user is not None
    token = new_link(user=user, purpose=MailedLink.Purpose.RESET)
    letter = {"subject": "Your link", "text": f"Open https://testserver/accounts/links/{token}/ now"}
    queue_mail(key="the-link", to=user.email, person=user, template="free", context=letter)
    files = unpacked(made(cast.student, user))
    words = b"".join(files.values()).decode(errors="ignore")
    assert token not in words
    assert f"Open {LINK_LEFT_OUT} now" in words
    assert user.password not in words
    assert MailedLink.objects.get(user=user, purpose="reset").token_hash not in words


def test_figures_are_those_of_the_screens(cast: Cast, client: PolicingClient) -> None:
    """The classes of the page are those of Registration History, by the same words."""
    whose = cast.graduate
    assert whose.user is not None
    page = text_of(unpacked(made(whose, whose.user))["record.html"].decode())
    client.force_login(whose.user)
    (registration,) = whose.registrations.all()
    history = text(
        client.get(reverse("students:history", args=[whose.public_id]), {"open": str(registration.public_id)})
    )
    for words in ("95.5 %", "3.8 A", "ACCT& 201 Principles of Accounting I, 5 credits", "Completed"):
        assert words in page, words
        assert words in history, words


def text_of(html: str) -> str:
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_dates_of_the_history_are_opened(cast: Cast) -> None:
    from students.actions import edit_student

    edit_student(
        student=cast.newcomer,
        changes={"birth_date": cast.newcomer.birth_date - timedelta(days=1)},
        seen=cast.newcomer.updated_at,
        by=cast.consortium,
        reason="A slip of the hand",
    )
    assert cast.newcomer.user is not None
    files = unpacked(made(cast.newcomer, cast.newcomer.user))
    history = json.loads(files["record.json"])["tables"]["history"]["rows"]
    (edited,) = [row for row in history if row["kind"] == "students.edited"]
    assert edited["data"]["birth_date"][0] == cast.newcomer.birth_date.isoformat()


def test_json_is_documented_and_sheets_are_safe(cast: Cast) -> None:
    cast.student.former_names = "=HYPERLINK(1)"
    cast.student.save()
    assert cast.student.user is not None
    files = unpacked(made(cast.student, cast.student.user))
    whole = json.loads(files["record.json"])
    for table in rules.TABLES:
        told = whole["tables"][table.name]
        assert [column["name"] for column in told["columns"]] == [one.name for one in table.fields()]
        assert all(column["means"] for column in told["columns"])
        assert all(set(row) == {one.name for one in table.fields()} for row in told["rows"])
        assert set(told["left_out"]) == set(table.left_out)
        assert len(sheet(files, table.name)) == len(told["rows"])
    status = next(one for one in whole["tables"]["registrations"]["columns"] if one["name"] == "status")
    assert status["values"]["in_progress"] == "In Progress"
    assert sheet(files, "student")[0]["former names"] == "'=HYPERLINK(1)"
    assert whole["tables"]["student"]["rows"][0]["birth_date"] == cast.student.birth_date.isoformat()


def test_staff_get_the_education_record_and_not_how_somebody_signs_in(cast: Cast) -> None:
    files = unpacked(made(cast.student, cast.consortium, "The mother asked, with a letter"))
    names = {
        name.removeprefix("tables/").removesuffix(".csv") for name in files if name.startswith("tables/")
    }
    assert names == {table.name for table in rules.TABLES if not table.own_only}
    assert {"sessions", "passkeys", "mailed_links"}.isdisjoint(names)
    assert {"student", "registrations", "comments", "readers"} <= names


def test_documents_and_papers_are_files(cast: Cast, tmp_path: Any) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages

    from grading.models import GradeChangeFile

    path = storages["uploads"].save("2026/11/paper.pdf", ContentFile(b"%PDF-1.7 the paper"))
    GradeChangeFile.objects.create(
        change=cast.grade_change,
        name="=exam.pdf",
        mime="application/pdf",
        size=18,
        sha256="0" * 64,
        path=path,
    )
    assert cast.graduate.user is not None
    files = unpacked(made(cast.graduate, cast.graduate.user))
    assert files[f"files/grade-change-{cast.grade_change.reference}.pdf"] == b"%PDF-1.7 the paper"
    assert [name for name in files if name.startswith("files/transcript-columbia-basin-college-")]
    assert path.encode() not in b"".join(files.values())


def test_a_merged_record_is_part_of_the_one_it_went_into(cast: Cast) -> None:
    Registration.objects.filter(pk=cast.owing_registration.pk).update(status="withdrawn")
    Student.objects.filter(pk=cast.owing.pk).update(merged_into=cast.student)
    assert cast.student.user is not None
    files = unpacked(made(cast.student, cast.student.user))
    assert [row["CTE Dual Credit ID"] for row in sheet(files, "student")] == [
        cast.student.sers_id, cast.owing.sers_id,
    ]  # fmt: skip
    assert len(sheet(files, "registrations")) == 2


def test_the_page_is_in_the_language_of_who_asked(cast: Cast) -> None:
    assert cast.student.user is not None
    User.objects.filter(pk=cast.student.user.pk).update(language="es")
    page = unpacked(made(cast.student, User.objects.get(pk=cast.student.user.pk)))["record.html"].decode()
    assert '<html lang="es">' in page
    assert "Todo lo que SERS tiene" in page


# --- Asked, made, taken, removed ------------------------------------------------------------------------


def test_asked_again_within_the_hour_it_is_the_same(cast: Cast) -> None:
    first = actions.ask_for_record(student=cast.classmate, by=cast.consortium, reason="A parent asked")
    assert actions.ask_for_record(student=cast.classmate, by=cast.consortium, reason="Again") == first
    other = actions.ask_for_record(student=cast.classmate, by=cast.state, reason="An audit")
    assert other != first
    RecordExport.objects.filter(pk=first.pk).update(asked_at=timezone.now() - timedelta(minutes=61))
    assert actions.ask_for_record(student=cast.classmate, by=cast.consortium, reason="Later") != first


def test_made_twice_it_is_made_once(cast: Cast) -> None:
    export = made(cast.classmate, cast.consortium, "A parent asked")
    content, moment = bytes(export.file.content), export.made_at
    Job.objects.filter(task=actions.EXPORT_TASK, subject_id=export.pk).update(state="queued", done_at=None)
    make_export(Job.objects.get(task=actions.EXPORT_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    assert (bytes(export.file.content), export.made_at) == (content, moment)
    assert Mail.objects.filter(kind="reports/record_ready").count() == 1


def test_mail_has_the_way_and_never_the_file(cast: Cast) -> None:
    made(cast.classmate, cast.consortium, "A parent asked")
    mail = Mail.objects.get(kind="reports/record_ready")
    assert mail.to == cast.consortium.email
    assert address(cast.classmate) in mail.text
    assert cast.classmate.last_name not in mail.text
    assert cast.classmate.sers_id not in mail.text


def test_refused_without_reason_or_seat_and_after_twenty(cast: Cast) -> None:
    for by, reason, rule in (
        (cast.consortium, "  ", "no_reason"),
        (cast.counselor, "A parent asked", "not_yours"),
    ):
        with pytest.raises(Refused) as refused:
            actions.ask_for_record(student=cast.student, reason=reason, by=by)
        assert refused.value.refusal.rule == rule
    for _ in range(20):
        RecordExport.objects.exclude(pk=cast.export.pk).update(asked_at=timezone.now() - timedelta(hours=2))
        actions.ask_for_record(student=cast.student, reason="Many", by=cast.state)
    RecordExport.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(Refused, match="many files in one day"):
        actions.ask_for_record(student=cast.student, reason="One more", by=cast.state)


def test_after_seven_days_the_file_goes_and_the_request_stays(cast: Cast) -> None:
    RecordExportFile.objects.all()
    assert actions.remove_exports(now=timezone.now() + timedelta(days=6)) == 0
    RecordExport.objects.filter(pk=cast.export.pk).update(
        made_at=timezone.now() - timedelta(days=7, seconds=1)
    )
    remove_exports()
    remove_exports()
    cast.export.refresh_from_db()
    assert cast.export.state == "removed"
    assert not RecordExportFile.objects.filter(pk=cast.export.pk).exists()
    assert RecordExportFile.objects.filter(pk=cast.other_export.pk).exists()


def test_the_database_keeps_it_true(cast: Cast) -> None:
    with raw.breaks("only_a_file_that_was_made_is_removed"):
        raw.change(cast.export, made_at=None, size=0, sha256="", removed_at="2026-01-01T00:00:00Z")
    with raw.breaks("a_file_that_was_made_has_its_fingerprint"):
        raw.change(cast.export, sha256="")


# --- Screens --------------------------------------------------------------------------------------------


def test_a_student_asks_watches_and_takes(cast: Cast, client: PolicingClient) -> None:
    whose = cast.classmate
    assert whose.user is not None
    client.force_login(whose.user)
    words = text(client.get(address(whose)))
    assert "Everything SERS holds about you" in words
    assert "and comments of staff" in words
    assert "Reason" not in words
    words = text(client.post(address(whose), follow=True))
    assert f"0 of {len(rules.TABLES)} tables are written." in words
    assert "Make the file" not in words
    export = RecordExport.objects.get(student=whose)
    make_export(Job.objects.get(task=actions.EXPORT_TASK, subject_id=export.pk).pk)
    words = text(client.get(address(whose)))
    assert "Ready" in words
    assert "Download" in words
    assert "KB, until" in words
    taken = client.post(reverse("reports:record_file", args=[export.public_id]))
    assert taken["Content-Type"] == "application/zip"
    assert re.fullmatch(
        r'attachment; filename="sers-record-\d{4}-\d\d-\d\d\.zip"', taken["Content-Disposition"]
    )
    assert "no-store" in taken["Cache-Control"]
    assert taken.content == bytes(export.file.content)
    assert Event.objects.filter(kind="reports.record_taken", actor=whose.user).count() == 1


def test_staff_give_a_reason_that_the_student_reads(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    page = client.post(address(cast.classmate))
    assert page.status_code == 422
    assert "Enter whose request you answer" in text(page)
    client.post(address(cast.classmate), {"reason": "The father asked in our office"})
    assert cast.classmate.user is not None
    client.force_login(cast.classmate.user)
    words = text(client.get(reverse("students:readers", args=[cast.classmate.public_id])))
    assert "Everything SERS holds about you" in words
    assert "“The father asked in our office”" in words


def test_anothers_file_is_not_there(cast: Cast, client: PolicingClient) -> None:
    url = reverse("reports:record_file", args=[cast.export.public_id])
    for who in (cast.consortium, cast.state, cast.other_consortium):
        client.force_login(who)
        assert client.post(url).status_code == 404
    client.force_login(cast.state)
    page = client.get(address(cast.student))
    assert "Marisol Vega" in text(page)
    assert url not in page.content.decode()


def test_a_file_that_is_over_is_not_handed_out_even_before_it_is_swept(
    cast: Cast, client: PolicingClient
) -> None:
    assert cast.student.user is not None
    RecordExport.objects.filter(pk=cast.export.pk).update(made_at=timezone.now() - timedelta(days=8))
    client.force_login(cast.student.user)
    taken = client.post(reverse("reports:record_file", args=[cast.export.public_id]))
    assert (taken.status_code, taken["Location"]) == (302, address(cast.student))
    assert "Not kept any more" in text(client.get(address(cast.student)))


def test_others_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    for who in (cast.teacher, cast.counselor, cast.district, cast.registrar, cast.faculty):
        client.force_login(who)
        assert client.get(address(cast.student)).status_code == 403
    client.force_login(cast.other_consortium)
    assert client.get(address(cast.student)).status_code == 404


def test_my_account_leads_there(cast: Cast, client: PolicingClient) -> None:
    assert cast.student.user is not None
    client.force_login(cast.student.user)
    assert reverse("reports:mine") in client.get(reverse("accounts:my_account")).content.decode()
    assert client.get(reverse("reports:mine"))["Location"] == address(cast.student)
    client.force_login(cast.teacher)
    assert reverse("reports:mine") not in client.get(reverse("accounts:my_account")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_however_long(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    from tests.people import make_export as make

    assert cast.student.user is not None
    for _ in range(number - 1):
        make(cast.student)
    client.force_login(cast.student.user)
    client.get(address(cast.student))
    with django_assert_num_queries(7):
        client.get(address(cast.student))
