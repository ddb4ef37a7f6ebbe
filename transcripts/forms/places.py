"""Whose transcription, of which school year: chosen above every list of the registrar."""

from typing import Any

from django.urls import reverse

from accounts.access import Role, has_role
from accounts.models import User
from organizations.models import AcademicYear, College
from transcripts import rules

#: The words under Transcription, and who reads each.
WORDS = (
    ("transcripts:runs", "Runs", (Role.REGISTRAR, Role.STATE)),
    ("transcripts:not_yet", "Not yet", (Role.REGISTRAR, Role.STATE)),
    ("transcripts:identities", "College IDs", (Role.REGISTRAR, Role.STATE)),
    ("transcripts:worksheets", "ctcLink worksheets", (Role.REGISTRAR, Role.STATE)),
    ("transcripts:reconciliation", "Exported and posted", (Role.REGISTRAR, Role.STATE)),
    ("transcripts:plan", "Plan", (Role.REGISTRAR,)),
)


class Place:
    """A college and a school year, as an address names them.

    What it does not name, or names in vain, is the person's first college and the school year at hand.
    """

    def __init__(self, asked: Any, *, user: User) -> None:
        self.colleges = list(rules.colleges_in_reach(user))
        self.years = list(AcademicYear.objects.order_by("-first_year"))
        college, year = asked.get("college", ""), asked.get("year", "")
        self.college: College | None = next(
            (one for one in self.colleges if str(one.public_id) == college),
            self.colleges[0] if self.colleges else None,
        )
        self.year: AcademicYear = next(
            (one for one in self.years if str(one.first_year) == year),
            rules.year_at_hand(self.years),
        )
        self.may_act = self.college is not None and rules.can_run_transcription(user, self.college.pk)

        self.words = [
            {"name": name, "label": label, "url": reverse(name)}
            for name, label, roles in WORDS
            if has_role(user, *roles)
        ]

    @property
    def query(self) -> str:
        """`college=...&year=...`, for addresses of the same place."""
        college = f"college={self.college.public_id}&" if self.college else ""
        return f"{college}year={self.year.first_year}"
