"""One student on a roster, as plain values that the template only places."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, ClassVar

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from grading import rules
from grading.actions import STATUS_CHOICES
from grading.forms.words import EMPTY, NONE, box_in_words, with_percent
from grading.models import MET, NOT_ATTAINED, NOT_MET, GradePart
from organizations.models import CollegeYear


@dataclass(slots=True)
class Clash:
    """Two values for one row, side by side."""

    message: str
    mine: str
    mine_grade: str
    whose: str
    theirs: str
    theirs_grade: str
    seen: str


@dataclass(slots=True)
class Box:
    """A box of one part of a grade: a term's grade to type, or a list to choose from."""

    part: str
    label: str
    value: str
    choices: SafeString | None = None

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@dataclass(slots=True)
class Line:
    """One student on the page.

    A template asks for an item before it asks for an attribute: `__getitem__` spares it an exception for each value.
    """

    #: What differs between rows that are alike; see sers/lib/stencil.py.
    holes: ClassVar = frozenset(
        {
            "number", "public_id", "name", "who", "sers_id", "seen", "box", "box_in_words", "choices", "drawn_boxes", "scale", "earned",
            "college", "history_url", "comments_url", "status_tag", "statuses", "fees_tag",
        }
    )  # fmt: skip

    number: int
    public_id: str
    name: str
    url: str
    sers_id: str
    seen: str
    box: str
    college_grade: str
    college: str
    has_grade: bool
    status: str
    status_label: str
    status_state: str
    fees_label: str
    fees_state: str
    scale: int
    may_change: bool
    locked: str = ""
    state: str = ""
    error: str = ""
    #: The boxes of a college that asks for several parts; empty where there is one.
    boxes: list[Box] = field(default_factory=list)
    #: The grades to choose from, where the college asks for one of its scale.
    choices: SafeString | None = None
    clash: Clash | None = None
    comments: list[dict[str, Any]] = field(default_factory=list)
    comment: str = ""
    comment_error: str = ""
    is_open: bool = False
    has_history: bool = False
    history: list[Any] | None = None
    #: Where a wrong grade is put right that the roster no longer changes; told with the history.
    change_url: str = ""

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    history_url: str = ""

    comments_url: str = ""

    @property
    def shape(self) -> tuple[bool, ...] | None:
        """Rows of one shape differ by their holes alone; a row with something to say of its own has none."""
        if self.state or self.error or self.locked or self.comments or self.comment or self.is_open:
            return None
        if self.clash is not None or self.history is not None:
            return None
        return (
            self.may_change, self.is_typed, bool(self.boxes), self.is_no_percent, self.shows_status, self.names_college, self.has_history,
        )  # fmt: skip

    @property
    def names_college(self) -> bool:
        return bool(self.college)

    @property
    def row_class(self) -> str:
        return f"{self.state} s-open" if self.is_open or self.history is not None else self.state

    @property
    def who(self) -> SafeString:
        """The student's name, as a link where the own page opens."""
        return (
            format_html('<a href="{}">{}</a>', self.url, self.name)
            if self.url
            else SafeString(escape(self.name))
        )

    @property
    def wrong(self) -> SafeString:
        """What a box says to the ear while its row is wrong."""
        if not self.error:
            return NOTHING
        return format_html(' aria-invalid="true" aria-describedby="error{}"', self.number)

    @property
    def is_typed(self) -> bool:
        """One box to type into, as in most classes."""
        return self.choices is None and not self.boxes

    @property
    def drawn_boxes(self) -> SafeString:
        """The boxes of several parts, each under its label: made here, since a class of forty has eighty or more."""
        return format_html_join(
            "",
            '<span class="s-part"><label for="{}{}">{}<span class="s-vh"> {}</span></label>{}</span>',
            ((box.part, self.number, box.label, self.name, self._drawn(box)) for box in self.boxes),
        )

    def _drawn(self, box: Box) -> SafeString:
        names = (box.part, self.public_id, box.part, self.number)
        if box.choices is not None:
            return format_html(
                '<select name="{}-{}" id="{}{}" data-grade="{}"{}>{}</select>',
                *names, box.part, self.wrong, box.choices,
            )  # fmt: skip
        return format_html(
            '<span><input name="{}-{}" id="{}{}" value="{}" placeholder="- - -" inputmode="decimal"'
            ' autocapitalize="characters" spellcheck="false"{} data-grade="{}"> %</span>',
            *names, box.value, self.wrong, box.part,
        )  # fmt: skip

    @property
    def is_no_percent(self) -> bool:
        """Is what stands in the box a word, not a number?"""
        return self.box[-1:].isalpha() or self.box[-1:] in ("-", "+")

    @property
    def earned(self) -> SafeString:
        """The college grade with its arrow: in bold where it earns credit, `- - -` without."""
        return drawn(self.college_grade)

    @property
    def shows_status(self) -> bool:
        """A status that follows from the grade, or cannot be changed, is a tag; else a list."""
        return self.has_grade or not self.may_change

    @property
    def status_tag(self) -> SafeString:
        return tag(self.status_state, self.status_label)

    @property
    def fees_tag(self) -> SafeString:
        return tag(self.fees_state, self.fees_label)

    @property
    def is_told(self) -> str:
        return "false" if self.history is None else "true"

    @property
    def history_word(self) -> str:
        return "History" if self.history is None else "Close"

    @property
    def shows_comments(self) -> str:
        return "true" if self.is_open else "false"

    @property
    def comments_word(self) -> str:
        return "Read" if self.comments else "Add"

    @property
    def comments_count(self) -> str:
        return f" ({len(self.comments)})" if self.comments else ""

    @property
    def box_in_words(self) -> str:
        """What stands in the box, where nothing can be typed: `97 %`, `3.9 A`, `Not Attained`, `90 % / - - -`."""
        return box_in_words("/".join(one.value for one in self.boxes) if self.boxes else self.box)

    @property
    def statuses(self) -> SafeString:
        """The list of statuses of a row without a grade."""
        return status_options(self.status)


def options(values: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a list, one of them chosen."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", label) for value, label in values),
    )


SELECTED = SafeString(" selected")
NOTHING = SafeString("")


@lru_cache(maxsize=256)
def drawn(college_grade: str) -> SafeString:
    """A college grade as the page shows it, drawn once for all who earned it."""
    if college_grade == EMPTY:
        return format_html("<span>{}</span>", EMPTY)
    tag = format_html("<span>{}</span>" if college_grade.startswith(NONE) else "<b>{}</b>", college_grade)
    return format_html('<span class="s-icon arrow" aria-hidden="true"></span>{}', tag)


@cache
def tag(state: str, label: str) -> SafeString:
    """A tag as `components/tag.html` draws it, drawn once: every row has two."""
    return format_html('<span class="tag {}">{}</span>', state, label)


@cache
def status_options(chosen: str) -> SafeString:
    return options(((status.value, str(status.label)) for status in STATUS_CHOICES), chosen)


@cache
def criterion_options(chosen: str) -> SafeString:
    return options((("", EMPTY), (MET, "Met"), (NOT_MET, "Not met")), chosen)


class Lists:
    """The lists of grades of a page, each made once for a college and a grade that stands."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], SafeString] = {}

    def grades(self, standard: rules.Standard, chosen: str) -> SafeString | None:
        """`- - -`, the college's grades, last Not Attained; None where a percent is typed."""
        if standard.grades_as != CollegeYear.GradesAs.GRADE:
            return None
        key = (id(standard), chosen)
        if key not in self._made:
            values = [
                ("", EMPTY),
                *((grade, grade) for grade in standard.choices),
                (NOT_ATTAINED, "Not Attained"),
            ]
            if chosen not in dict(values):  # entered when the college asked otherwise
                values.insert(1, (chosen, with_percent(chosen)))
            self._made[key] = options(values, chosen)
        return self._made[key]

    def boxes(self, standard: rules.Standard, shown: str) -> list[Box]:
        """A box for each part the college asks for; none where there is only one."""
        if standard.is_whole:
            return []
        return [
            Box(
                part,
                str(GradePart.Part(part).label),
                value,
                criterion_options(value) if part in GradePart.CRITERIA else self.grades(standard, value),
            )
            for part, value in zip(standard.parts, shown.split("/"), strict=True)
        ]
