"""The navigation of every page: at most six words, by the seats the person works as."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts.access import Role, all_seats, seats
from accounts.rules import help_desk_of
from accounts.session_store import SessionStore

PUBLIC = (
    ("Home", "reports:home"),
    ("Search Articulations", "articulations:search"),
    ("Check a transcript", "transcripts:verify"),
)

#: For each role the words of its row, most used first.
ITEMS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.STUDENT: (
        ("Registration", "students:register"),
        ("My classes", "students:my_classes"),
        ("Transcript", "transcripts:mine"),
    ),
    Role.TEACHER: (("Assignments", "grading:rosters"), ("Students", "students:search")),
    Role.COUNSELOR: (("Students", "students:search"), ("Classes", "articulations:sections")),
    Role.DISTRICT: (("Students", "students:search"), ("Classes", "articulations:sections")),
    Role.FACULTY: (("Classes", "articulations:sections"),),
    Role.REGISTRAR: (("Transcription", "transcripts:runs"), ("Students", "students:search")),
    Role.CONSORTIUM: (
        ("Classes", "articulations:sections"),
        ("Fees/Req", "students:requirements"),
        ("Students", "students:search"),
        ("Not yet", "transcripts:not_yet"),
    ),
    Role.STATE: (
        ("Students", "students:search"),
        ("Classes", "articulations:sections"),
        ("Transcription", "transcripts:runs"),
    ),
}
MOST_ITEMS = 6

#: Screens one comes to from a word of the row: the word stays marked there.
UNDER: dict[str, str] = {
    "articulations:articulation": "articulations:search",
    "articulations:new": "articulations:search",
    "articulations:new_section": "articulations:sections",
    "students:choose": "students:register",
    "students:registration": "students:my_classes",
    "students:change_teacher": "students:my_classes",
    "students:withdraw": "students:my_classes",
    "students:student": "students:search",
    "students:history": "students:search",
    "students:open_record": "students:search",
    "students:readers": "students:search",
    "grading:roster": "grading:rosters",
    "grading:reopen": "grading:rosters",
    "grading:verification": "grading:rosters",
    "grading:extensions": "articulations:sections",
    "grading:extension": "articulations:sections",
    "grading:changes": "students:search",
    "grading:change": "students:search",
    "grading:new_change": "students:search",
    "grading:comments": "students:search",
    "transcripts:run": "transcripts:runs",
    "transcripts:ledger": "transcripts:runs",
    "transcripts:not_yet": "transcripts:runs",
    "transcripts:eligibility": "transcripts:runs",
    "transcripts:identities": "transcripts:runs",
    "transcripts:conflicts": "transcripts:runs",
    "transcripts:conflict": "transcripts:runs",
    "transcripts:imports": "transcripts:runs",
    "transcripts:sheet": "transcripts:runs",
    "transcripts:worksheets": "transcripts:runs",
    "transcripts:worksheet": "transcripts:runs",
    "transcripts:columns": "transcripts:runs",
    "transcripts:reconciliation": "transcripts:runs",
    "transcripts:reposts": "transcripts:runs",
    "transcripts:plan": "transcripts:runs",
    "transcripts:request": "transcripts:mine",
    "transcripts:verify_code": "transcripts:verify",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `nav`. Error pages ask for it too, with or without a user on the request."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    held = seats(user) if signed_in else []
    words = list(PUBLIC[:2] if signed_in else PUBLIC)
    for seat in held:
        words.extend(item for item in ITEMS[seat.role] if item not in words)
    if signed_in:  # the search for articulations stands last for people at work
        words = [words[0], *words[2:], words[1]]
    match = getattr(request, "resolver_match", None)
    here = f"{match.app_name}:{match.url_name}" if match and match.app_name else ""
    everything = all_seats(user) if signed_in else []
    language = get_language()
    working_as = held[0] if len(held) == 1 else None
    return {
        "nav": {
            "items": [
                {
                    "label": label,
                    "url": reverse(name),
                    "current": "page" if name == here else "true" if name == UNDER.get(here) else "",
                }
                for label, name in words[:MOST_ITEMS]
            ],
            "user": user if signed_in else None,
            "seats": [
                {
                    "id": seat.id,
                    "role_label": seat.role_label,
                    "place": seat.place,
                    "current": working_as is not None and working_as.id == seat.id,
                }
                for seat in everything
            ],
            "working_as": {"role_label": working_as.role_label, "place": working_as.place}
            if working_as
            else None,
            "help": help_desk_of(user) if signed_in else None,
            "languages": [
                {"code": code, "name": name, "current": code == language} for code, name in settings.LANGUAGES
            ],
            "page": request.get_full_path(),
            "session_seconds": request.session.seconds_left()["seconds"]
            if signed_in and isinstance(request.session, SessionStore)
            else 0,
            "session_warning": settings.SESSION_WARNING,
            "demo": settings.DEMO,
        }
    }
