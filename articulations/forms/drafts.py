"""A request as it is being written: its pages, how each stands, and what they say together."""

from typing import Any

from articulations import rules
from articulations.forms.courses import COURSE_PARTS, COURSES
from articulations.forms.request_pages import FORMS
from articulations.models import Articulation, ArticulationRequest

TASK_TAG = {
    "not_started": ("quiet", "Not started"),
    "in_progress": ("progress", "In progress"),
    "done": ("done", "Done"),
}


class Draft:
    """All pages of a request as they stand, and what they say together."""

    def __init__(self, asked: ArticulationRequest) -> None:
        self.asked = asked
        self.pages = {page: FORMS[page](asked.answers.get(page), asked=asked) for page in rules.PAGES}

    @property
    def tasks(self) -> list[dict[str, str]]:
        """The task list: each page with its word and how it stands."""
        tasks = []
        for page, name in rules.PAGES.items():
            state, label = TASK_TAG[self.pages[page].state]
            tasks.append({"page": page, "name": name, "state": state, "label": label})
        return tasks

    @property
    def done(self) -> int:
        return sum(page.state == "done" for page in self.pages.values())

    @property
    def is_whole(self) -> bool:
        return self.done == len(self.pages)

    @property
    def first_open(self) -> str:
        """The first page that is not done; empty when all are."""
        return next((name for name, page in self.pages.items() if page.state != "done"), "")

    def following(self, page: str) -> str:
        """The next page that is not done after this one, else the first such; empty when all are."""
        names = list(self.pages)
        after = names[names.index(page) + 1 :]
        return next((one for one in after if self.pages[one].state != "done"), self.first_open)

    def content(self) -> dict[str, Any]:
        """What a version of it would say, as far as its pages are whole."""
        asked = self.asked
        found: dict[str, Any] = {
            "kind": asked.kind,
            "renews": str(asked.renews or ""),
            "consortium": asked.consortium.name,
            "college": asked.college.name,
            "district": asked.school.district.name,
        }
        for page in self.pages.values():
            if page.state == "done":
                found |= page.said()
        found["files"] = [
            {"id": str(one.public_id), "kind": one.kind, "name": one.name, "sha256": one.sha256}
            for one in self.pages["files"].in_hand
        ]
        return found


def answers_of_agreement(agreement: Articulation) -> dict[str, Any]:
    """What an agreement that is renewed says already, page by page, to begin with."""
    lines = list(
        agreement.courses.select_related("high_school_course__cluster", "college_course").order_by("id")
    )
    if not lines:
        return {}
    course = lines[0].high_school_course
    typed: dict[str, Any] = {f"{part}_{number}": "" for part in COURSE_PARTS for number in COURSES}
    for number, one in zip(COURSES, lines, strict=False):
        typed |= {
            f"course_{number}": str(one.college_course.public_id),
            f"credits_{number}": f"{one.credits.normalize():f}",
        }
    return {
        "class": {
            "title": course.title, "cip": course.cip, "cluster": str(course.cluster_id or ""), "pathway": "",
        },
        "courses": typed,
    }  # fmt: skip
