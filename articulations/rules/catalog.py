"""The open catalog: what is articulated with what, as tables anyone may read by machine.

RCW 28B.50.945 asks for a catalog of dual-credit courses that is kept up to date. One declaration of the columns serves the
data, the page that explains them and the OpenAPI description, so that the three cannot differ.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from accounts.access import school_year_of
from articulations.models import ArticulationCourse
from organizations.models import AcademicYear, CollegeYear

#: One network may ask so often in so long: enough for a mirror that reads everything, too little to wear SERS down.
MOST_ASKED: Final = 600
ASKED_WITHIN: Final = timedelta(minutes=5)
#: Rows in one answer.
USUAL_ROWS: Final = 100
MOST_ROWS: Final = 1000
MOST_LETTERS: Final = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the data, its type in the words of JSON Schema, what it says; may it be empty?"""

    name: str
    kind: str
    says: str
    form: str = ""
    empty: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        """The column as OpenAPI 3.1 describes it."""
        kinds = [self.kind, "null"] if self.empty else self.kind
        return {"type": kinds, "description": self.says} | ({"format": self.form} if self.form else {})


@dataclass(frozen=True, slots=True)
class Filter:
    """What may stand in the address to narrow a table."""

    name: str
    says: str
    example: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the catalog."""

    name: str
    says: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]

    @property
    def heads(self) -> list[str]:
        return [column.name for column in self.columns]


_PLACES: Final = (
    Filter("school", "The high school’s id", "", "uuid"),
    Filter("district", "The school district’s id", "", "uuid"),
    Filter("college", "The college’s id", "", "uuid"),
    Filter(
        "consortium",
        "The consortium’s id; agreements of its colleges and classes of its districts",
        "",
        "uuid",
    ),
)
_COMMON: Final = (
    Filter(
        "words", "Words of class, course, CIP code, college or school; each begins some word", "accounting"
    ),
    Filter("cip", "The six digits of the CIP code, or its first ones", "52"),
    Filter("cluster", "The number of the career cluster, 1 to 16", "4"),
    Filter("on", "A day: what is in force then. Today if it is left out", "2026-11-01", "date"),
)

TABLES: Final[Mapping[str, Table]] = {
    "agreements": Table(
        "agreements",
        "Each line of an agreement: a high-school class and the college course it counts toward.",
        (
            Column("agreement", "string", "Number of the agreement"),
            Column("agreement_id", "string", "Id of the agreement", "uuid"),
            Column("url", "string", "Page of the agreement", "uri"),
            Column("consortium", "string", "Consortium of the agreement"),
            Column("consortium_id", "string", "Id of the consortium", "uuid"),
            Column("college", "string", "College"),
            Column("college_id", "string", "Id of the college", "uuid"),
            Column("course", "string", "Number of the college course, as in its catalog"),
            Column("course_title", "string", "Title of the college course"),
            Column("credits", "number", "College quarter credits"),
            Column("course_url", "string", "Description of the college course", "uri", empty=True),
            Column("class", "string", "Class as the high school names it"),
            Column("cip", "string", "CIP code of the class, six digits", empty=True),
            Column("class_state_code", "string", "State course code of the class, as in CEDARS", empty=True),
            Column(
                "class_local_code", "string", "Course ID of the class in its district’s system", empty=True
            ),
            Column("class_credits", "number", "High-school credits of the class", empty=True),
            Column(
                "cluster", "integer", "Career cluster of the class, 1 to 16 as OSPI numbers them", empty=True
            ),
            Column(
                "prepares_for",
                "string",
                "Industry credentials the class prepares for, separated by |",
                empty=True,
            ),
            Column("school", "string", "High school or skills center"),
            Column("school_id", "string", "Id of the high school", "uuid"),
            Column("school_code", "string", "Code of the high school in CEDARS, four digits", empty=True),
            Column("district", "string", "School district"),
            Column("district_id", "string", "Id of the school district", "uuid"),
            Column("district_code", "string", "County-district code in CEDARS, five digits", empty=True),
            Column(
                "minimum_percent",
                "number",
                "Least percent that earns the credit this school year",
                empty=True,
            ),
            Column("valid_from", "string", "First day in force", "date"),
            Column("valid_until", "string", "Last day in force", "date"),
        ),
        (*_COMMON, *_PLACES),
    ),
    "courses": Table(
        "courses",
        "Each college course that a high-school class counts toward, with how many schools have one.",
        (
            Column("college", "string", "College"),
            Column("college_id", "string", "Id of the college", "uuid"),
            Column("course", "string", "Number of the college course, as in its catalog"),
            Column("course_id", "string", "Id of the college course", "uuid"),
            Column("course_title", "string", "Title of the college course"),
            Column("credits", "number", "College quarter credits in the catalog"),
            Column("course_cip", "string", "CIP code of the college course, six digits", empty=True),
            Column("description", "string", "What the course is about", empty=True),
            Column("outcomes", "string", "Outcomes of the course, one a line, in their order", empty=True),
            Column("course_url", "string", "Description of the college course", "uri", empty=True),
            Column("site_url", "string", "The college’s site on the course", "uri", empty=True),
            Column("classes", "integer", "High-school classes that count toward it"),
            Column("schools", "integer", "High schools that teach one"),
        ),
        (*_COMMON, *_PLACES),
    ),
    "schools": Table(
        "schools",
        "Each high school and skills center with a class that earns college credit.",
        (
            Column("school", "string", "High school or skills center"),
            Column("school_id", "string", "Id of the high school", "uuid"),
            Column("url", "string", "Page of its classes", "uri"),
            Column("kind", "string", "high_school or skills_center"),
            Column("city", "string", "City", empty=True),
            Column("school_code", "string", "Its code in CEDARS, four digits", empty=True),
            Column("district", "string", "School district"),
            Column("district_id", "string", "Id of the school district", "uuid"),
            Column("district_code", "string", "County-district code in CEDARS, five digits", empty=True),
            Column("county", "string", "County"),
            Column("classes", "integer", "Classes that earn college credit"),
            Column("colleges", "integer", "Colleges that give it"),
        ),
        (*_COMMON, *_PLACES),
    ),
}


class NotAsked(ValueError):
    """What stands in the address is no question the catalog answers; its words say why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the catalog, read and checked."""

    table: Table
    on: date
    limit: int = USUAL_ROWS
    after: int = 0
    words: str = ""
    cip: str = ""
    cluster: int | None = None
    places: Mapping[str, str] = field(default_factory=dict)


def asked_of(table: Table, query: Mapping[str, str]) -> Asked:
    """Read what stands in an address; NotAsked, in words, for what it does not know or cannot be."""
    known = {one.name for one in table.filters} | {"limit", "after"}
    if unknown := sorted(set(query) - known):
        raise NotAsked(f"There is no filter {unknown[0]}. There are: {', '.join(sorted(known))}.")
    places = {}
    for one in _PLACES:
        if typed := query.get(one.name, ""):
            try:
                places[one.name] = str(uuid.UUID(typed))
            except ValueError:
                raise NotAsked(f"{one.name} takes an id, for example the {one.name}_id of a row.") from None
    cip = query.get("cip", "").replace(".", "")
    if cip and not (cip.isascii() and cip.isdigit() and len(cip) <= 6):
        raise NotAsked("cip takes up to six digits, for example 520301.")
    words = query.get("words", "").strip()
    if len(words) > MOST_LETTERS:
        raise NotAsked(f"words takes up to {MOST_LETTERS} letters.")
    try:
        on = date.fromisoformat(query["on"]) if query.get("on") else timezone.localdate()
    except ValueError:
        raise NotAsked("on takes a day, for example 2026-11-01.") from None
    return Asked(
        table=table,
        on=on,
        limit=_number(query, "limit", 1, MOST_ROWS) or USUAL_ROWS,
        after=_number(query, "after", 0, 2**62) or 0,
        words=words,
        cip=cip,
        cluster=_number(query, "cluster", 1, 16),
        places=places,
    )


def _number(query: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    typed = query.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 19 and least <= int(typed) <= most):
        raise NotAsked(f"{name} takes a number from {least} to {most}.")
    return int(typed)


def rows_of(asked: Asked) -> tuple[list[dict[str, Any]], int | None]:
    """The rows of an answer as plain values, by key, and after which key the next answer goes on (None at the end).

    Going on after a key, not after a count, an answer costs the same on the last page as on the first.
    """
    lines = ArticulationCourse.objects.for_catalog(
        asked.on, words=asked.words, cip=asked.cip, cluster=asked.cluster, places=asked.places
    )
    readings: dict[str, Any] = {
        "agreements": lines.catalog_agreements,
        "courses": lines.catalog_courses,
        "schools": lines.catalog_schools,
    }
    found = readings[asked.table.name]().filter(key__gt=asked.after).order_by("key")
    rows = list(found[: asked.limit + 1])
    shown = rows[: asked.limit]
    return shown, shown[-1]["key"] if len(rows) > asked.limit else None


def row_of(
    table: Table, values: Mapping[str, Any], *, minimums: Mapping[int, Decimal], pages: Mapping[str, str]
) -> dict[str, Any]:
    """One row as the catalog tells it: the columns in their order, numbers as numbers, nothing as null.

    `pages` are the addresses of pages with `{}` for the id, by table.
    """
    row = dict(values)
    # Words that are a column of the model already, or of Python.
    for name, told in (("number", "agreement"), ("title", "class"), ("catalog_credits", "credits")):
        if name in row:
            row[told] = row[name]
    if table.name == "agreements":
        own = row["own_minimum"]
        row["minimum_percent"] = own if own is not None else minimums.get(row["college_key"])
        row["url"] = pages["agreements"].format(row["agreement_id"])
        row["prepares_for"] = "|".join(row["credentials"])
    elif table.name == "schools":
        row["url"] = pages["schools"].format(row["school_id"])
    return {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, uuid.UUID | date):
        return str(value)
    return None if value == "" else value


def minimums_on(on: date) -> dict[int, Decimal]:
    """The least percent of each college in the school year of that day."""
    return CollegeYear.objects.minimums(AcademicYear(first_year=school_year_of(on)))


def described(base: str) -> dict[str, Any]:
    """The catalog as OpenAPI 3.1; `base` is the address of SERS."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for table in TABLES.values():
        schemas[table.name] = {
            "type": "object",
            "required": table.heads,
            "additionalProperties": False,
            "properties": {column.name: column.schema for column in table.columns},
        }
        page = {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": {"type": "array", "items": {"$ref": f"#/components/schemas/{table.name}"}},
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Where the table goes on; null at its end",
                },
            },
        }
        for form, content in (
            ("json", {"application/json": {"schema": page}}),
            ("csv", {"text/csv": {"schema": {"type": "string"}}}),
        ):
            paths[f"/articulations/catalog/{table.name}.{form}"] = {
                "get": {
                    "summary": table.says,
                    "operationId": f"{table.name}_{form}",
                    "parameters": [*_parameters(table)],
                    "responses": {
                        "200": {
                            "description": "Rows of the table; a Link header with rel=next tells where it goes on",
                            "content": content,
                        },
                        "304": {"description": "Nothing has changed since the ETag you sent"},
                        "400": {
                            "description": "The address asks for something there is not",
                            "content": _ERROR,
                        },
                        "429": {
                            "description": "Too many requests; wait as Retry-After says",
                            "content": _ERROR,
                        },
                    },
                }
            }
    schemas["error"] = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SERS catalog of CTE Dual Credit",
            "version": "1",
            "description": (
                "Which high-school classes in Washington earn which college credit. No login, no key, no personal "
                f"data. At most {MOST_ASKED} requests in {ASKED_WITHIN.seconds // 60} minutes from one network."
            ),
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


_ERROR: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}}


def _parameters(table: Table) -> list[dict[str, Any]]:
    return [
        *(
            {
                "name": one.name,
                "in": "query",
                "description": one.says,
                "schema": {"type": "string"} | ({"format": one.form} if one.form else {}),
            }
            for one in table.filters
        ),
        {
            "name": "limit",
            "in": "query",
            "description": f"Rows in one answer, {USUAL_ROWS} if it is left out",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        },
        {
            "name": "after",
            "in": "query",
            "description": "As in `next`: go on after this row",
            "schema": {"type": "integer"},
        },
    ]
