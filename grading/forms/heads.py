"""What the head of a roster says: what its agreements ask and give, and why grades cannot be entered now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sers.lib.refusal import Refusal


@dataclass(slots=True)
class Measure:
    """What the head of the page says of one agreement: college, course, credits, minimum, until when."""

    college: str
    courses: str
    credits: Decimal
    minimum: str
    minimum_grade: str
    asks: str
    closes_on: date | None
    days: str


@dataclass(slots=True)
class Closed:
    """Why grades cannot be entered now, for which college where there are several, and whom to ask.

    After grading has closed a blank asks for the class to be opened again, a wrong grade for a Grade Change.
    """

    college: str
    refusal: Refusal
    has_blanks: bool
    has_grades: bool
    contact_name: str
    contact_phone: str
    contact_email: str

    @property
    def is_over(self) -> bool:
        """Has grading closed, rather than not begun?"""
        return self.refusal.rule == "grading_closed"

    @property
    def is_asked(self) -> bool:
        """Is there something to ask the consortium for?"""
        return bool(self.whom) and (self.has_blanks or not self.is_over)

    @property
    def whom(self) -> str:
        """`Ask your consortium to open it again:`, before the name where there is one."""
        return (
            self.refusal.next_step.rstrip(".") + (":" if self.contact_name else ".")
            if self.refusal.next_step
            else ""
        )
