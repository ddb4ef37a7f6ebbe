"""A student's rows as plain values: for people, for a spreadsheet, and for another system."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Event, Mail, User
from articulations.models import Section
from reports.rules.holdings import TABLES, Holder, Table, events_about
from sers.lib.fields import unseal
from sers.lib.moments import day, moment
from students.models import Student

#: An address in a letter may be a link that opens the account: it is no part of the record.
_ADDRESS: Final = re.compile(r"https?://\S+")
LINK_LEFT_OUT: Final = "[link left out]"
#: A date as an event keeps it: sealed, in hexadecimal digits.
_SEALED: Final = re.compile(r"[0-9a-f]{40,}")


@dataclass(frozen=True, slots=True)
class Copied:
    """A table with this student's rows, each as plain values by the names of its columns."""

    table: Table
    rows: list[dict[str, Any]]

    @property
    def heads(self) -> list[str]:
        return [head_of(one) for one in self.table.fields()]

    def cells(self) -> list[list[str]]:
        """The rows as a spreadsheet holds them."""
        return [[as_cell(worded(one, row[one.name])) for one in self.table.fields()] for row in self.rows]

    def told(self) -> list[list[tuple[str, str]]]:
        """The rows as a person reads them: what is empty is left away."""
        return [
            [
                (head_of(one), words)
                for one in self.table.fields()
                if (words := as_words(worded(one, row[one.name]))) != ""
            ]
            for row in self.rows
        ]

    def documented(self) -> list[dict[str, Any]]:
        """Each column: its name, what it means, which values it may have."""
        return [
            {
                "name": one.name,
                "means": head_of(one),
                "kind": KINDS.get(type(one).__name__, "text"),
                **(
                    {"values": {str(key): str(words) for key, words in one.flatchoices}}
                    if one.choices
                    else {}
                ),
            }
            for one in self.table.fields()
        ]


KINDS: Final = {
    "BigAutoField": "number of the row", "BigIntegerField": "number", "BooleanField": "true or false",
    "DateField": "day, ISO 8601", "DateTimeField": "moment, ISO 8601, Pacific time", "DecimalField": "decimal number",
    "ForeignKey": "what it points to, in words", "JSONField": "JSON", "OneToOneField": "what it points to, in words",
    "PositiveIntegerField": "number", "PositiveSmallIntegerField": "number", "SealedDateField": "day, ISO 8601",
    "UUIDField": "key that never changes",
}  # fmt: skip


class Copier:
    """Copies the tables of one student one after the other: the history comes last, it asks what was copied."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self.owned: dict[str, list[int]] = {}
        #: Of these, what is about nobody else.
        self.own: dict[str, list[int]] = {}

    def copy(self, table: Table) -> Copied:
        """This table's rows about the student, as plain values."""
        label = table.model._meta.label_lower
        rows = events_about(self.own, self.holder) if table.model is Event else table.rows(self.holder)
        listed = list(rows)
        if not table.of_two:
            self.own[label] = [one.pk for one in listed]
        self.owned[label] = [one.pk for one in listed]
        return Copied(table, [self._row(table, one) for one in listed])

    def _row(self, table: Table, row: models.Model) -> dict[str, Any]:
        return {one.name: self._value(one, row) for one in table.fields()}

    def _value(self, one: Any, row: models.Model) -> Any:
        if one.is_relation:
            linked = getattr(row, one.name)
            return None if linked is None else self.words_of(linked)
        value = getattr(row, one.attname)
        if isinstance(row, Mail) and one.name == "text":
            return _ADDRESS.sub(LINK_LEFT_OUT, value)
        if isinstance(row, Event) and one.name == "data":
            return unsealed(value)
        return plain(value)

    def words_of(self, linked: Any) -> str:
        """A row that is only pointed to, by its public side."""
        if isinstance(linked, User):
            return linked.name
        if isinstance(linked, Student):
            return linked.sers_id if linked.pk in self.holder.records else _("Another person")
        if type(linked) in COPIED:
            mine = self.owned.get(linked._meta.label_lower, [])
            return (
                _("row {number}").format(number=linked.pk) if linked.pk in mine else _("Another person’s row")
            )
        if type(linked).private_fields:
            return _("A list of many people")
        return str(linked.label or linked.get_term_display()) if isinstance(linked, Section) else str(linked)


COPIED: Final = frozenset(table.model for table in TABLES)


def head_of(one: Any) -> str:
    """A column's name for people: `registered at`."""
    return "row" if one.primary_key and one.name == "id" else str(one.verbose_name)


def worded(one: Any, value: Any) -> Any:
    """A choice by its words; every other value as it is."""
    return dict(one.flatchoices).get(value, value) if one.choices else value


def plain(value: Any) -> Any:
    """A value as JSON has it; a moment in Pacific time, with its offset."""
    if isinstance(value, datetime):
        return timezone.localtime(value)
    if isinstance(value, UUID):
        return str(value)
    return value


def unsealed(data: Any) -> Any:
    """What an event keeps, dates opened that it keeps sealed as the record does."""
    if isinstance(data, dict):
        return {name: unsealed(one) for name, one in data.items()}
    if isinstance(data, list):
        return [unsealed(one) for one in data]
    if isinstance(data, str) and _SEALED.fullmatch(data):
        try:
            return unseal(bytes.fromhex(data))
        except ValueError:
            return data
    return data


def as_cell(value: Any) -> str:
    """A value in a cell of a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return str(value)


def as_words(value: Any) -> str:
    """A value as a person reads it, in the language of the page."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return str(moment(value))
    if isinstance(value, date):
        return str(day(value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {as_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(as_words(one) for one in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return as_cell(value)
