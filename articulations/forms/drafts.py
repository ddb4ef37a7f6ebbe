"""A request as it is being written: its pages, how each stands, and what they say together."""

from typing import Any

from django.utils import timezone

from articulations import rules
from articulations.forms.courses import COURSE_PARTS, COURSES
from articulations.forms.request_pages import FORMS
from articulations.models import Articulation, ArticulationRequest, course_number
from organizations.models import College
from sers.lib.folding import fold

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
        if asked.modelled_on is not None:
            found["modelled_on"] = f"{asked.modelled_on}, {asked.modelled_on.college}"
        for page in self.pages.values():
            if page.state == "done":
                found |= page.said()
        found["files"] = [
            {"id": str(one.public_id), "kind": one.kind, "name": one.name, "sha256": one.sha256}
            for one in self.pages["files"].in_hand
        ]
        return found


def content_of(asked: ArticulationRequest) -> dict[str, Any]:
    """What a request says: as it is being written while it can be changed, else as it was handed in last."""
    if asked.is_changeable or asked.latest is None:
        return Draft(asked).content()
    handed_in: dict[str, Any] = asked.latest.content
    return handed_in


def answers_of_agreement(agreement: Articulation) -> dict[str, Any]:
    """What an agreement that is renewed says already, page by page, to begin with."""
    lines = list(
        agreement.courses.select_related("high_school_course__cluster", "college_course").order_by("id")
    )
    if not lines:
        return {}
    course = lines[0].high_school_course
    typed = _no_courses()
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


def _no_courses() -> dict[str, Any]:
    return {f"{part}_{number}": "" for part in COURSE_PARTS for number in COURSES}


def answers_like(agreement: Articulation, college: College) -> dict[str, Any]:
    """What a request to this college begins with when it is modelled on an agreement elsewhere: the class, its
    competencies, and the courses as the college's own catalog has them.

    A course with `&` has one number, title and content at all colleges, and is typed in where the catalog does not hold
    it; any other is known by its number or its title, else left to choose.
    """
    lines = list(agreement.courses.select_related("high_school_course", "college_course").order_by("id"))
    if not lines:
        return {}
    course = lines[0].high_school_course
    version = rules.source_of(agreement)
    said: dict[str, Any] = version.content if version is not None else {}
    mapping = rules.mapping_of(agreement)
    answers: dict[str, Any] = {
        "class": {
            "title": course.title, "cip": course.cip, "cluster": str(course.cluster_id or ""),
            "pathway": said.get("pathway", ""),
        },
    }  # fmt: skip
    if mapping.competencies:
        answers["competencies"] = {
            "competencies": "\n".join(mapping.competencies),
            **{subject: said.get(subject, "") for subject in rules.SUBJECTS},
        }
    typed = _no_courses()
    offered = list(college.courses.offered(timezone.localdate()).order_by("code"))
    by_number = {course_number(one.code): one for one in offered}
    by_title = {fold(one.title): one for one in offered}
    theirs = list({line.college_course_id: line for line in lines}.values())
    found = False
    for number, line in zip(COURSES, theirs, strict=False):
        their = line.college_course
        own = by_number.get(course_number(their.code)) or by_title.get(fold(their.title))
        if own is not None:
            typed[f"course_{number}"] = str(own.public_id)
        elif "&" in their.code:
            typed |= {
                f"code_{number}": their.code, f"title_{number}": their.title,
                f"credits_{number}": f"{line.credits.normalize():f}",
            }  # fmt: skip
        found = found or own is not None or "&" in their.code
    if found:
        answers["courses"] = typed
    return answers
