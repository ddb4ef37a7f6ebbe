"""Results for a school's system against the tables of the OneRoster 1.2 CSV binding, written from the specification.

What is checked here knows nothing of how SERS writes the files: heads in their order, what must be there, types, words
of a vocabulary, references, the manifest. Each rule is shown to find a fault that is planted.
"""

import csv
import datetime
import io
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from accounts.models import Job
from reports import actions
from reports.models import ListPart
from reports.tasks import make_list
from students.models import Student
from tests.people import Cast

Files = dict[str, str]

# --- The tables of the binding ----------------------------------------------------------------------------

#: A trailing `!` must be there. The type follows the colon; without one it is text.
TABLES: Final[dict[str, str]] = {
    "academicSessions": "title! type!:session startDate!:date endDate!:date parentSourcedId:academicSessions schoolYear!:year",
    "orgs": "name! type!:org identifier parentSourcedId:orgs",
    "courses": "schoolYearSourcedId:academicSessions title! courseCode grades:list orgSourcedId!:orgs subjects:list subjectCodes:list",
    "classes": "title! grades:list courseSourcedId!:courses classCode classType!:class location schoolSourcedId!:orgs "
    "termSourcedIds!:academicSessions subjects:list subjectCodes:list periods:list",
    "users": "enabledUser!:flag username! userIds:list givenName! familyName! middleName identifier email sms phone "
    "agentSourcedIds:users grades:list password userMasterIdentifier resourceSourcedIds:list preferredGivenName "
    "preferredMiddleName preferredFamilyName primaryOrgSourcedId:orgs pronouns",
    "roles": "userSourcedId!:users roleType!:part role!:role beginDate:date endDate:date orgSourcedId!:orgs userProfileSourcedId",
    "categories": "title! weight:whole",
    "lineItems": "title! description assignDate!:date dueDate!:date classSourcedId!:classes categorySourcedId!:categories "
    "academicSessionSourcedId!:academicSessions resultValueMin:number resultValueMax:number schoolSourcedId!:orgs",
    "results": "lineItemSourcedId!:lineItems studentSourcedId!:users scoreStatus!:score score:number scoreDate!:date comment "
    "textScore classSourcedId:classes inProgress:flag incomplete:flag late:flag missing:flag",
}
#: Every data file the manifest must speak of.
DATA_FILES: Final = (
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
    "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
    "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
    "userResources", "users",
)  # fmt: skip
VOCABULARIES: Final[dict[str, set[str]]] = {
    "session": {"gradingPeriod", "semester", "schoolYear", "term"},
    "org": {"department", "school", "district", "local", "state", "national"},
    "class": {"homeroom", "scheduled"},
    "part": {"primary", "secondary"},
    "role": {
        "aide", "counselor", "districtAdministrator", "guardian", "parent", "principal", "proctor", "relative",
        "siteAdministrator", "student", "systemAdministrator", "teacher",
    },
    "score": {"exempt", "fully graded", "not submitted", "partially graded", "submitted"},
    "flag": {"true", "false"},
}  # fmt: skip
PATTERNS: Final = {
    "date": r"\d{4}-\d{2}-\d{2}",
    "year": r"\d{4}",
    "number": r"-?\d+(\.\d+)?",
    "whole": r"\d+",
}
#: Sessions of these types are not what these columns mean.
NOT_A_YEAR: Final = (("classes", "termSourcedIds"), ("lineItems", "academicSessionSourcedId"))


def columns_of(name: str) -> list[tuple[str, str, bool]]:
    """(head, type, must be there) of a table, in the order of the binding."""
    told = [one.partition(":") for one in f"sourcedId! status dateLastModified {TABLES[name]}".split()]
    return [(head.rstrip("!"), kind or "text", head.endswith("!")) for head, _, kind in told]


# --- The judge --------------------------------------------------------------------------------------------


def faults(files: Files) -> list[str]:
    """What the binding does not allow, one line a fault."""
    return [*manifest_faults(files), *table_faults(files), *session_faults(files)]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def manifest_faults(files: Files) -> Iterator[str]:
    if "manifest.csv" not in files:
        yield "manifest.csv is missing"
        return
    if not files["manifest.csv"].startswith("propertyName,value"):
        yield "manifest.csv: heads"
    said = {row["propertyName"]: row["value"] for row in rows_of(files["manifest.csv"])}
    for name, value in (("manifest.version", "1.0"), ("oneroster.version", "1.2")):
        if said.get(name) != value:
            yield f"manifest.csv: {name}"
    for name in DATA_FILES:
        mode = said.get(f"file.{name}")
        if mode not in {"absent", "bulk"} or (mode == "bulk") != (f"{name}.csv" in files):
            yield f"manifest.csv: file.{name} is {mode}"
    known = {f"{name}.csv" for name in DATA_FILES}
    for name in files:
        if name.endswith(".csv") and name not in known | {"manifest.csv"}:
            yield f"{name} is no file of the binding"
    for name in said:
        if name.startswith("file.") and name.removeprefix("file.") not in DATA_FILES:
            yield f"manifest.csv: {name} is no file of the binding"


def table_faults(files: Files) -> Iterator[str]:
    tables = {name: rows_of(files[f"{name}.csv"]) for name in TABLES if f"{name}.csv" in files}
    ids = {name: {row.get("sourcedId", "") for row in rows} for name, rows in tables.items()}
    for name, rows in tables.items():
        columns = columns_of(name)
        heads = next(csv.reader(io.StringIO(files[f"{name}.csv"])))
        if heads != [head for head, _, _ in columns]:
            yield f"{name}: heads"
            continue
        if len(ids[name]) != len(rows):
            yield f"{name}: a sourcedId stands twice"
        for row in rows:
            if row["status"] or row["dateLastModified"]:
                yield f"{name}: a row of a bulk file says when it changed"
            for head, kind, must in columns:
                value = row[head]
                if value and not fits(kind, value, ids):
                    yield f"{name}.{head}: {value!r} is no {kind}"
                elif must and not value:
                    yield f"{name}.{head} is empty"


def fits(kind: str, value: str, ids: dict[str, set[str]]) -> bool:
    if kind in TABLES:
        return all(one.strip() in ids.get(kind, set()) for one in value.split(","))
    if kind in VOCABULARIES:
        return value in VOCABULARIES[kind]
    if kind in PATTERNS and not re.fullmatch(PATTERNS[kind], value, re.ASCII):
        return False
    if kind == "date":
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return False
    return True


def session_faults(files: Files) -> Iterator[str]:
    """A class is taught in a term, a line item belongs to one: neither to a whole school year. A school is one."""
    if "academicSessions.csv" not in files:
        return
    kinds = {row.get("sourcedId"): row.get("type") for row in rows_of(files["academicSessions.csv"])}
    for name, head in NOT_A_YEAR:
        for row in rows_of(files[f"{name}.csv"]):
            if any(kinds.get(one) == "schoolYear" for one in row.get(head, "").split(",")):
                yield f"{name}.{head} is a school year"
    orgs = {row.get("sourcedId"): row.get("type") for row in rows_of(files["orgs.csv"])}
    for name in ("classes", "lineItems"):
        if any(orgs.get(row.get("schoolSourcedId")) != "school" for row in rows_of(files[f"{name}.csv"])):
            yield f"{name}.schoolSourcedId is no school"


# --- What SERS writes, and faults that are planted --------------------------------------------------------


@pytest.fixture
def files(cast: Cast) -> Files:
    """An export of everything a district sees, one student with one name only."""
    cast.kennewick.ospi_code, cast.accounting.local_code = "03017", "BUS201"
    cast.kennewick.save()
    cast.accounting.save()
    Student.objects.filter(pk=cast.classmate.pk).update(last_name="")
    export = actions.ask_for_list(kind="results", form="zip", year=None, purpose="Grades", by=cast.district)
    make_list(Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk).pk)
    with zipfile.ZipFile(io.BytesIO(b"".join(ListPart.objects.content_of(export)))) as pack:
        return {name: pack.read(name).decode("utf-8") for name in pack.namelist() if name != "notice.txt"}


def test_an_export_keeps_to_the_binding(files: Files) -> None:
    assert faults(files) == []
    assert set(files) == {f"{name}.csv" for name in TABLES} | {"manifest.csv"}
    assert all(len(rows_of(files[f"{name}.csv"])) > 0 for name in TABLES)
    assert not any(text.startswith("\ufeff") for text in files.values())


def test_codes_of_cedars_are_in_it(cast: Cast, files: Files) -> None:
    known = {row["name"]: row["identifier"] for row in rows_of(files["orgs.csv"])}
    assert known["Kennewick School District"] == "03017"
    assert known["Kamiakin High School"] == ""
    codes = {row["title"]: row["courseCode"] for row in rows_of(files["courses.csv"])}
    assert codes["Accounting 1"] == "BUS201"  # the district's own
    assert set(codes.values()) == {"BUS201"} or "520301" in codes.values()  # else the CIP code


def changed(name: str, old: str, new: str) -> Callable[[Files], None]:
    def plant(files: Files) -> None:
        assert old in files[name], f"{old} is not in {name}"
        files[name] = files[name].replace(old, new, 1)

    return plant


def with_cell(name: str, head: str, value: str = "") -> Callable[[Files], None]:
    """The cell of the last row, set to something."""

    def plant(files: Files) -> None:
        rows = rows_of(files[name])
        rows[-1][head] = value
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        files[name] = out.getvalue()

    return plant


def without(name: str) -> Callable[[Files], None]:
    return lambda files: files.pop(name) and None


STRANGER: Final = str(uuid.UUID(int=7))


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (without("manifest.csv"), "manifest.csv is missing"),
        (without("roles.csv"), "manifest.csv: file.roles is bulk"),
        (changed("manifest.csv", "oneroster.version,1.2", "oneroster.version,1.1"), "manifest.csv: oneroster.version"),
        (changed("manifest.csv", "file.results,bulk", "file.results,absent"), "manifest.csv: file.results is absent"),
        (changed("manifest.csv", "file.results,bulk", "file.results,whole"), "manifest.csv: file.results is whole"),
        (lambda files: files.update({"notes.csv": "a,b"}), "notes.csv is no file of the binding"),
        (changed("results.csv", "score,scoreDate,comment,textScore", "score,textScore,scoreDate,comment"), "results: heads"),
        (changed("lineItems.csv", "resultValueMin", "resultvaluemin"), "lineItems: heads"),
        (changed("users.csv", "sourcedId", "\ufeffsourcedId"), "users: heads"),
        (with_cell("orgs.csv", "name"), "orgs.name is empty"),
        (with_cell("users.csv", "familyName"), "users.familyName is empty"),
        (with_cell("results.csv", "scoreStatus", "graded"), "results.scoreStatus: 'graded' is no score"),
        (with_cell("results.csv", "score", "A"), "results.score: 'A' is no number"),
        (with_cell("results.csv", "scoreDate", "6/15/2026"), "results.scoreDate: '6/15/2026' is no date"),
        (with_cell("results.csv", "scoreDate", "2026-02-30"), "results.scoreDate: '2026-02-30' is no date"),
        (with_cell("results.csv", "late", "no"), "results.late: 'no' is no flag"),
        (with_cell("results.csv", "studentSourcedId", STRANGER), f"results.studentSourcedId: '{STRANGER}' is no users"),
        (with_cell("classes.csv", "courseSourcedId", STRANGER), f"classes.courseSourcedId: '{STRANGER}' is no courses"),
        (with_cell("orgs.csv", "type", "college"), "orgs.type: 'college' is no org"),
        (with_cell("academicSessions.csv", "schoolYear", "2026-27"), "academicSessions.schoolYear: '2026-27' is no year"),
        (with_cell("categories.csv", "weight", "1.5"), "categories.weight: '1.5' is no whole"),
        (with_cell("users.csv", "status", "active"), "users: a row of a bulk file says when it changed"),
    ],
)  # fmt: skip
def test_the_judge_finds_a_fault(files: Files, plant: Callable[[Files], None], found: str) -> None:
    plant(files)
    assert found in faults(files)


def test_the_judge_finds_two_rows_of_one_id(files: Files) -> None:
    lines = files["results.csv"].splitlines(keepends=True)
    files["results.csv"] += lines[-1]
    assert "results: a sourcedId stands twice" in faults(files)


def test_the_judge_finds_a_class_that_lasts_a_school_year_and_a_school_that_is_none(files: Files) -> None:
    years = [
        row["sourcedId"] for row in rows_of(files["academicSessions.csv"]) if row["type"] == "schoolYear"
    ]
    with_cell("classes.csv", "termSourcedIds", years[0])(files)
    district = next(row["sourcedId"] for row in rows_of(files["orgs.csv"]) if row["type"] == "district")
    with_cell("lineItems.csv", "schoolSourcedId", district)(files)
    assert "classes.termSourcedIds is a school year" in faults(files)
    assert "lineItems.schoolSourcedId is no school" in faults(files)
