"""Lists to take away: who takes which, what is in them, that it is what reports count, and that they go again."""

import csv
import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event, Job, Mail, OutboxState, User
from articulations.models import HighSchoolCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear
from reports import actions, rules
from reports.actions import lists as writing
from reports.models import Figure, Figures, ListExport, ListPart
from reports.tasks import make_list, remove_exports
from sers.lib.oneroster import Bundle
from sers.lib.refusal import Refused
from sers.lib.workbooks import sheet_text
from students.actions import PurposeMissing
from students.models import Disclosure, Registration, StatedPurpose, Student
from tests.people import PASSWORD, Cast, grade, make_list_export, make_registration, make_seat, make_user
from tests.policing import PolicingClient
from tests.reports.inventing import invent
from tests.students.pages import text
from transcripts.models import CreditAward

ADDRESS = "/reports/lists/"


def made(
    by: User, kind: str = "registrations", form: str = "csv", year: AcademicYear | None = None
) -> ListExport:
    """Asked for, and made by the worker."""
    export = actions.ask_for_list(kind=kind, form=form, year=year, purpose="Counting", by=by)
    make_list(Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    return export


def content_of(export: ListExport) -> bytes:
    return b"".join(ListPart.objects.content_of(export))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(export: ListExport) -> list[dict[str, str]]:
    """The rows of a CSV, without the notice below them."""
    rows = rows_of(content_of(export))
    assert next(iter(rows.pop().values())).startswith("Notice: This file holds education records.")
    return rows


def unpacked(export: ListExport) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content_of(export))) as pack:
        assert pack.testzip() is None
        return {name: pack.read(name) for name in pack.namelist()}


# --- Rules ------------------------------------------------------------------------------------------------

STAFF = {"teacher", "counselor", "district", "registrar", "consortium", "state"}


@pytest.mark.parametrize(
    ("kind", "takers"),
    [
        ("registrations", STAFF), ("grades", STAFF), ("awards", STAFF), ("credentials", STAFF - {"registrar"}),
        ("pathways", {"counselor", "district", "state"}), ("cedars", {"district", "consortium", "state"}),
        ("results", {"counselor", "district", "consortium", "state"}), ("research", {"state"}),
    ],
)  # fmt: skip
def test_who_takes_which_list(cast: Cast, kind: str, takers: set[str]) -> None:
    form = "zip" if kind in ("results", "research") else "csv"
    for who in (*STAFF, "faculty", "student", "nobody"):
        person = getattr(cast, who)
        user = person.user if isinstance(person, Student) else person
        assert (rules.why_not_list(user, kind, form) is None) == (who in takers), who


@pytest.mark.parametrize(
    ("kind", "form", "comes"),
    [
        ("registrations", "csv", True), ("registrations", "xlsx", True), ("registrations", "zip", False),
        ("research", "zip", True), ("research", "csv", False), ("results", "xlsx", False), ("secrets", "csv", False),
    ],
)  # fmt: skip
def test_a_list_comes_in_its_forms(cast: Cast, kind: str, form: str, comes: bool) -> None:
    assert (rules.why_not_list(cast.state, kind, form) is None) is comes


@pytest.mark.parametrize(("days", "rule"), [(0, None), (6.99, None), (7, "not_kept"), (9, "not_kept")])
def test_a_list_is_there_for_seven_days(cast: Cast, days: float, rule: str | None) -> None:
    assert cast.list_export.made_at is not None
    then = cast.list_export.made_at + timedelta(days=days)
    refusal = rules.why_not_take_list(cast.consortium, cast.list_export, now=then)
    assert (refusal and refusal.rule) == rule


def test_only_who_asked_takes_it_and_only_in_such_a_seat(cast: Cast) -> None:
    for who in (cast.state, cast.other_consortium, cast.registrar):
        refusal = rules.why_not_take_list(who, cast.list_export, now=timezone.now())
        assert refusal is not None
        assert refusal.rule == "not_yours"
    cast.consortium.seats.update(ends_on=timezone.localdate() - timedelta(days=1))
    again = User.objects.get(pk=cast.consortium.pk)
    assert rules.why_not_take_list(again, cast.list_export, now=timezone.now()) is not None


def test_the_state_says_first_what_records_are_read_for(cast: Cast) -> None:
    newcomer = make_user()
    make_seat(newcomer, Role.STATE)
    with pytest.raises(PurposeMissing):
        actions.ask_for_list(kind="registrations", form="csv", year=None, purpose="Looking", by=newcomer)
    export = made(cast.state)
    stated = StatedPurpose.objects.standing(cast.state)
    assert stated is not None
    assert export.purpose == f"Counting; {stated.reason}"


# --- What is in it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "consortium", "state"])
def test_a_list_holds_what_the_seat_shows(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    seen = Registration.objects.visible_to(user)
    told = table(made(user))
    assert sorted(row["Reference"] for row in told) == sorted(seen.values_list("reference", flat=True))
    graded = table(made(user, "grades"))
    current = GradeEntry.objects.visible_to(user).current()
    assert sorted(row["Reference"] for row in graded) == sorted(
        current.values_list("registration__reference", flat=True)
    )
    credit = table(made(user, "awards"))
    assert len(credit) == CreditAward.objects.visible_to(user).standing().count()


def test_one_row_in_words(cast: Cast) -> None:
    HighSchoolCourse.objects.filter(pk=cast.accounting.pk).update(local_code="BUS201", state_code="12104")
    (row,) = [
        row for row in table(made(cast.teacher)) if row["Reference"] == cast.classmate_registration.reference
    ]
    student = cast.classmate
    assert row["CTE Dual Credit ID"] == student.sers_id
    assert (row["Last name"], row["First name"]) == (student.last_name, student.first_name)
    assert (row["High school"], row["School district"]) == (
        "Kamiakin High School",
        "Kennewick School District",
    )
    assert row["Teachers"].endswith(" and Lola Teacher"), "who left is named as well"
    assert row["College courses"] == "ACCT& 201"
    assert (row["Course ID"], row["State course code"]) == ("BUS201", "12104")
    assert (row["Status"], row["Fees/Req"]) == ("Completed", "Processed")
    assert row["School year"] == str(cast.year)
    assert row["Registered on"] == timezone.localdate(cast.classmate_registration.registered_at).isoformat()
    (grade,) = [row for row in table(made(cast.teacher, "grades")) if row["Reference"] == row["Reference"]][
        :1
    ]
    assert set(grade) >= {"Percent", "Grade points", "Letter", "Outcome"}


def test_a_year_is_told_apart(cast: Cast) -> None:
    this, last = (table(made(cast.consortium, year=year)) for year in (cast.year, cast.last_year))
    assert {row["School year"] for row in this} == {str(cast.year)}
    assert {row["School year"] for row in last} == {str(cast.last_year)}
    assert len(this) + len(last) == len(table(made(cast.consortium)))


def test_a_workbook_says_the_same(cast: Cast) -> None:
    export = made(cast.registrar, form="xlsx")
    lines = list(csv.reader(io.StringIO(sheet_text(content_of(export)), newline="")))
    assert [dict(zip(lines[0], line, strict=True)) for line in lines[1:]] == table(made(cast.registrar))
    with zipfile.ZipFile(io.BytesIO(content_of(export))) as book:
        assert b"34 CFR 99.33" in book.read("xl/worksheets/sheet2.xml")


def test_no_cell_is_computed(cast: Cast) -> None:
    Student.objects.filter(pk=cast.student.pk).update(first_name="=HYPERLINK(1)")
    (row,) = [row for row in table(made(cast.teacher)) if row["Reference"] == cast.registration.reference]
    assert row["First name"] == "'=HYPERLINK(1)"
    book = content_of(made(cast.teacher, form="xlsx"))
    with zipfile.ZipFile(io.BytesIO(book)) as pack:
        assert b"<f>" not in pack.read("xl/worksheets/sheet1.xml")


def test_a_merged_record_is_told_as_the_one_that_stands(cast: Cast) -> None:
    Student.objects.filter(pk=cast.below.pk).update(merged_into=cast.newcomer)
    (row,) = [
        row for row in table(made(cast.teacher)) if row["Reference"] == cast.below_registration.reference
    ]
    assert row["CTE Dual Credit ID"] == cast.newcomer.sers_id


# --- Figures of report, list and file agree -------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_files_lists_and_reports_agree_on_random_states(cast: Cast, seed: int) -> None:
    """The same question asked of the report, of the file and of the list gives one number."""
    invent(cast, seed)
    for at, one in enumerate(
        Registration.objects.filter(section=cast.section, status="in_progress").order_by("pk")
    ):
        grade(one, str(80 + at), by=cast.teacher)
    actions.count_figures(year=cast.year)
    for who, area, place, column in (
        ("registrar", Figure.Area.COLLEGE, cast.cbc, "College"),
        ("consortium", Figure.Area.CONSORTIUM, cast.columbia_basin, "Consortium"),
        ("district", Figure.Area.DISTRICT, cast.kennewick, "School district"),
        ("counselor", Figure.Area.SCHOOL, cast.kamiakin, "High school"),
        ("state", Figure.Area.STATE, None, ""),
    ):
        user = getattr(cast, who)
        figure = Figure.objects.told(Figures.Kind.FULL, area, place.pk if place else 0, Figure.By.WHOLE).get(
            figures__year=cast.year
        )
        rows = table(made(user, year=cast.year))
        here = [row for row in rows if not place or row[column] == place.name]
        live = [row for row in here if row["Status"] not in ("Withdrawn", "Not in Class")]
        graded = [row for row in live if row["Status"] in ("Completed", "Not Attained")]
        completed = [row for row in graded if row["Status"] == "Completed" or row["Credit awarded on"]]
        assert len(live) == figure.registered, who
        assert len(graded) == figure.graded, who
        assert len(completed) == figure.completed, who
        assert len([row for row in live if row["Credit awarded on"]]) == figure.transcribed, who
        assert len({row["CTE Dual Credit ID"] for row in live}) == figure.students, who
        statuses = {row["Reference"]: row["Status"] for row in rows}
        grades = table(made(user, "grades", year=cast.year))
        assert all(row["Outcome"] == statuses[row["Reference"]] for row in grades), who
        assert (
            len(grades)
            == GradeEntry.objects.visible_to(user).current().filter(registration__year=cast.year).count()
        )


# --- The extract, and OneRoster ---------------------------------------------------------------------------


def test_the_extract_names_nobody_and_is_documented(cast: Cast) -> None:
    export = made(cast.state, "research", "zip")
    files = unpacked(export)
    assert set(files) == {
        "registrations.csv", "credits.csv", "credentials.csv", "columns.csv", "notice.txt",
    }  # fmt: skip
    described = rows_of(files["columns.csv"])
    assert all(len(row["holds"].split()) >= 2 for row in described)
    for name in ("registrations.csv", "credits.csv", "credentials.csv"):
        heads = files[name].decode().splitlines()[0].split(",")
        assert heads == [row["column"] for row in described if row["file"] == name]
    words = b"".join(files.values()).decode()
    for student in Student.objects.order_by("pk"):
        for mark in (student.sers_id, str(student.public_id), student.email, student.list_name):
            assert not mark or mark not in words
    assert export.destroy_by is not None
    assert "Destroy it by" in files["notice.txt"].decode()
    assert str(export.destroy_by.year) in files["notice.txt"].decode()


def test_pseudonyms_are_one_person_and_stay(cast: Cast) -> None:
    first, second = (unpacked(made(cast.state, "research", "zip", year=None)) for _ in range(2))
    assert first["registrations.csv"] == second["registrations.csv"]
    registrations = rows_of(first["registrations.csv"])
    assert len({row["student_key"] for row in registrations}) == (
        Registration.objects.order_by().values("student").distinct().count()
    )
    credits = rows_of(first["credits.csv"])
    assert {row["student_key"] for row in credits} <= {row["student_key"] for row in registrations}
    keys = {row["registration_key"] for row in registrations}
    assert all(set(row["registration_keys"].split("|")) <= keys for row in credits)
    assert sum(Decimal(row["credits"]) for row in credits) == sum(
        award.credits for award in CreditAward.objects.standing().order_by("pk")
    )


def test_results_are_a_bundle_whose_references_are_in_it(cast: Cast) -> None:
    export = made(cast.district, "results", "zip", year=cast.year)
    files = unpacked(export)
    tables = {name: rows_of(content) for name, content in files.items() if name.endswith(".csv")}
    ids = {name: {row.get("sourcedId", "") for row in rows} for name, rows in tables.items()}
    for rows in tables.values():
        assert len({row["sourcedId"] for row in rows if "sourcedId" in row}) in (0, len(rows))
    for row in tables["results.csv"]:
        assert row["lineItemSourcedId"] in ids["lineItems.csv"]
        assert row["studentSourcedId"] in ids["users.csv"]
        assert row["classSourcedId"] in ids["classes.csv"]
    for row in tables["lineItems.csv"]:
        assert row["categorySourcedId"] in ids["categories.csv"]
        assert row["academicSessionSourcedId"] in ids["academicSessions.csv"]
    for row in tables["classes.csv"]:
        assert row["courseSourcedId"] in ids["courses.csv"]
        assert row["schoolSourcedId"] in ids["orgs.csv"]
        assert row["termSourcedIds"] in ids["academicSessions.csv"]
    for row in tables["users.csv"]:
        assert row["primaryOrgSourcedId"] in ids["orgs.csv"]
    current = GradeEntry.objects.visible_to(cast.district).current().filter(registration__year=cast.year)
    assert len(tables["results.csv"]) == current.count() > 0
    scores = {row["score"]: row["textScore"] for row in tables["results.csv"]}
    assert scores["97"] == "3.9 A"
    assert scores["84"] == "Not Attained"
    said = {row["propertyName"]: row["value"] for row in tables["manifest.csv"]}
    assert said["oneroster.version"] == "1.2"
    assert {name.removesuffix(".csv") for name in files if name not in ("manifest.csv", "notice.txt")} == {
        name.removeprefix("file.") for name, value in said.items() if value == "bulk"
    }
    with pytest.raises(
        Exception, match=r"enrollments\.csv"
    ):  # it tells of grades, not of who is in which class
        Bundle(io.BytesIO(content_of(export)))


# --- The worker -------------------------------------------------------------------------------------------


def test_each_student_in_it_can_read_that_it_was_taken(cast: Cast) -> None:
    export = made(cast.registrar)
    noted = Disclosure.objects.filter(reader=cast.registrar, what="list")
    assert set(noted.values_list("student", flat=True)) == set(
        Registration.objects.visible_to(cast.registrar).values_list("student", flat=True)
    )
    assert {one.reason for one in noted} == {"Counting"}
    assert export.students == noted.count()
    made(cast.registrar)
    assert noted.all().count() == 2 * export.students, "another list on the same day is another reading"


def test_it_is_made_once_and_mailed_once(cast: Cast) -> None:
    export = made(cast.teacher)
    job = Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk)
    Job.objects.filter(pk=job.pk).update(state=OutboxState.QUEUED, done_at=None, not_before=timezone.now())
    make_list(job.pk)
    assert ListPart.objects.filter(export=export).count() == 1
    mail = Mail.objects.get(key=f"list-ready-{export.public_id}")
    assert mail.to == cast.teacher.email
    assert "sers-" not in mail.text, "the way to it, never the file"
    assert (export.done, export.total) == (export.total, len(table(export)))


def test_asked_twice_while_it_is_made_it_is_one_list(cast: Cast) -> None:
    asks: dict[str, Any] = {
        "kind": "grades",
        "form": "csv",
        "year": None,
        "purpose": "Counting",
        "by": cast.teacher,
    }
    first = actions.ask_for_list(**asks)
    assert actions.ask_for_list(**asks) == first
    assert actions.ask_for_list(**{**asks, "form": "xlsx"}) != first
    Job.objects.filter(subject_id=first.pk, task=actions.LIST_TASK).update(state=OutboxState.PARKED)
    assert actions.ask_for_list(**asks) != first, "what stands still is begun anew"


def test_twenty_in_a_day(cast: Cast) -> None:
    for _ in range(rules.LISTS):
        made(cast.teacher)
    with pytest.raises(Refused, match="many lists in one day"):
        made(cast.teacher)


def test_a_hat_narrows_and_a_seat_that_ended_gets_nothing(cast: Cast) -> None:
    hats = cast.many_hats
    make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    both = table(made(hats))
    registrar = hats.seats.get(role=Role.REGISTRAR)
    hats.hat = registrar.pk
    narrow = table(made(hats))
    assert len(narrow) < len(both)
    assert {row["College"] for row in narrow} == {"Walla Walla Community College"}
    export = actions.ask_for_list(kind="grades", form="csv", year=None, purpose="Counting", by=hats)
    registrar.ends_on = timezone.localdate() - timedelta(days=1)
    registrar.save()
    make_list(Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    assert (export.state, export.made_at, export.parts.count()) == ("given_up", None, 0)


def test_a_long_list_is_read_a_few_rows_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows: the parts together are the same file, and progress is told on the way."""
    whole = content_of(made(cast.state))
    told: list[int] = []
    keep = writing.keep
    monkeypatch.setattr(writing, "CHUNK", 2)
    monkeypatch.setattr(ListPart, "SIZE", 100)

    def look(job: Job) -> None:
        told.append(ListExport.objects.latest_first()[0].done)
        keep(job)

    monkeypatch.setattr(writing, "keep", look)
    export = made(cast.state)
    assert content_of(export) == whole
    assert ListPart.objects.filter(export=export).count() == -(-len(whole) // 100)
    assert told[:2] == [2, 4]
    assert export.size == len(whole)


def test_a_file_is_removed_after_seven_days(cast: Cast) -> None:
    ListExport.objects.filter(pk=cast.list_export.pk).update(
        made_at=timezone.now() - timedelta(days=7, minutes=1)
    )
    remove_exports()
    cast.list_export.refresh_from_db()
    assert cast.list_export.state == "removed"
    assert not ListPart.objects.filter(export=cast.list_export).exists()
    assert ListPart.objects.filter(export=cast.other_list_export).exists()


# --- The page -----------------------------------------------------------------------------------------------


def test_the_page_asks_and_leads_to_the_file(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    page = client.get(ADDRESS)
    assert "Results for a school’s system (OneRoster 1.2)" in text(page)
    assert "Extract for the State" not in text(page)
    asked = client.post(
        ADDRESS,
        {"what": "registrations.csv", "year": str(cast.year.first_year), "purpose": "Who has no form yet"},
    )
    assert (asked.status_code, asked["Location"]) == (302, ADDRESS)
    assert "The list is being made" in text(client.get(ADDRESS))
    export = ListExport.objects.get(asked_by=cast.counselor)
    make_list(Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk).pk)
    page = client.get(ADDRESS)
    assert "Ready" in text(page)
    where = reverse("reports:list_file", args=[export.public_id])
    assert where in page.content.decode()
    answer: Any = client.post(where)
    body = b"".join(answer.streaming_content)
    export.refresh_from_db()
    assert len(body) == export.size == int(answer["Content-Length"])
    assert answer["Content-Disposition"].startswith(f'attachment; filename="sers-registrations-{cast.year}-')
    assert Event.objects.filter(
        kind="reports.list_taken", actor=cast.counselor, subject_id=export.pk
    ).exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"purpose": "Counting"}, "Choose a list"),
        ({"what": "registrations.csv", "year": "all"}, "Enter what the list is for"),
        ({"what": "research.zip", "year": "all", "purpose": "Counting"}, "Choose a list"),
        ({"what": "registrations.csv", "purpose": "Counting"}, "Choose a school year"),
        (
            {"what": "registrations.csv", "year": "1802", "purpose": "Counting"},
            "Choose a school year from the list",
        ),
        ({"what": "registrations.csv", "purpose": "x" * 201}, "Shorten it to 200 characters or fewer"),
    ],
)
def test_what_is_missing_is_said(
    cast: Cast, client: PolicingClient, typed: dict[str, str], words: str
) -> None:
    client.force_login(cast.teacher)
    page = client.post(ADDRESS, typed)
    assert page.status_code == 422
    assert words in text(page)
    assert not ListExport.objects.filter(asked_by=cast.teacher).exists()


def test_too_many_is_said_at_the_field(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.rules.lists.LISTS", 0)
    client.force_login(cast.teacher)
    page = client.post(ADDRESS, {"what": "registrations.csv", "year": "all", "purpose": "Counting"})
    assert page.status_code == 422
    assert "You asked for many lists in one day." in text(page)


def test_others_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    where = reverse("reports:list_file", args=[cast.list_export.public_id])
    for who in (cast.faculty, cast.student.user, cast.nobody):
        assert who is not None
        client.force_login(who)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(where).status_code == 403
    for who in (cast.other_consortium, cast.state, cast.registrar):
        client.force_login(who)
        assert client.post(where).status_code == 404


def test_a_list_that_is_over_is_not_handed_out_even_before_it_is_swept(
    cast: Cast, client: PolicingClient
) -> None:
    ListExport.objects.filter(pk=cast.list_export.pk).update(made_at=timezone.now() - timedelta(days=8))
    client.force_login(cast.consortium)
    answer = client.post(reverse("reports:list_file", args=[cast.list_export.public_id]))
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    assert "Not kept any more" in text(client.get(ADDRESS))


def test_the_state_is_asked_what_for_before_anything_is_made(cast: Cast, client: PolicingClient) -> None:
    newcomer = make_user(password=PASSWORD)
    make_seat(newcomer, Role.STATE)
    client.force_login(newcomer)
    answer = client.post(ADDRESS, {"what": "research.zip", "year": "all", "purpose": "Counting"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("students:purpose"))
    assert not ListExport.objects.filter(asked_by=newcomer).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_however_long(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        make_list_export(cast.teacher)
    client.force_login(cast.teacher)
    client.get(ADDRESS)
    with django_assert_num_queries(7):
        client.get(ADDRESS)


# --- What the database holds -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("form = 'zip'", "list_kind_has_its_form"),
        ("kind = 'research', form = 'zip'", "research_extract_is_destroyed"),
        ("purpose = ''", "list_says_what_it_is_for"),
        ("given_up_at = now()", "list_is_made_or_given_up"),
        ("sha256 = ''", "a_list_that_was_made_has_its_fingerprint"),
        ("made_at = NULL, removed_at = now(), sha256 = '', size = 0", "only_a_list_that_was_made_is_removed"),
    ],
)
def test_what_no_row_may_say(cast: Cast, change: str, constraint: str) -> None:
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE reports_listexport SET {change} WHERE id = %s", [cast.list_export.pk])
