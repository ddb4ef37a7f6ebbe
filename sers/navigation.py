"""The navigation of every page: at most six words, by the seats the person works as."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, all_seats, is_english, seats
from accounts.rules import help_desk_of
from accounts.session_store import SessionStore

PUBLIC: tuple[tuple[Any, str], ...] = (
    (_("Home"), "reports:home"),
    (_("For students"), "organizations:for_students"),
    (_("For teachers"), "organizations:for_teachers"),
    (_("Search Articulations"), "articulations:search"),
    (_("Find your consortium"), "organizations:consortia"),
    (_("Check a transcript"), "transcripts:verify"),
)
#: What of it stands in the row of people at work: home first, the search last.
HOME, SEARCH = PUBLIC[0], PUBLIC[3]

#: For each role the words of its row, most used first.
ITEMS: dict[Role, tuple[tuple[Any, str], ...]] = {
    Role.STUDENT: (
        (_("Registration"), "students:register"),
        (_("My classes"), "students:my_classes"),
        (_("Transcript"), "transcripts:mine"),
    ),
    Role.TEACHER: (
        (_("Assignments"), "grading:rosters"),
        (_("Students"), "students:search"),
        ("Rosters", "students:school_rosters"),
        ("Requests", "articulations:requests"),
    ),
    Role.COUNSELOR: (
        (_("Students"), "students:search"),
        (_("Classes"), "articulations:sections"),
        ("Rosters", "students:school_rosters"),
        (_("People"), "organizations:people"),
        ("Reports", "reports:figures"),
    ),
    Role.DISTRICT: (
        (_("Students"), "students:search"),
        (_("Classes"), "articulations:sections"),
        (_("People"), "organizations:people"),
        ("Requests", "articulations:requests"),
        ("Reports", "reports:figures"),
    ),
    Role.FACULTY: (
        ("Requests", "articulations:requests"),
        ("Agreements", "articulations:agreements"),
        (_("Classes"), "articulations:sections"),
        ("Reports", "reports:figures"),
    ),
    Role.REGISTRAR: (
        (_("Transcription"), "transcripts:runs"),
        (_("Documents"), "transcripts:issued"),
        (_("Students"), "students:search"),
        (_("People"), "organizations:people"),
        ("Reports", "reports:figures"),
    ),
    Role.CONSORTIUM: (
        ("Agreements", "articulations:agreements"),
        (_("Classes"), "articulations:sections"),
        (_("Fees/Req"), "students:requirements"),
        (_("Students"), "students:search"),
        ("Reports", "reports:figures"),
    ),
    Role.STATE: (
        (_("Students"), "students:search"),
        (_("Classes"), "articulations:sections"),
        (_("Transcription"), "transcripts:runs"),
        (_("People"), "organizations:people"),
        ("Reports", "reports:figures"),
    ),
}
MOST_ITEMS = 6

#: Screens one comes to from a word of the row: the word stays marked there.
UNDER: dict[str, str] = {
    # Where the navigation has no word of its own for requests.
    "articulations:requests": "articulations:agreements",
    "articulations:articulation": "articulations:search",
    "articulations:schools": "articulations:search",
    "articulations:school": "articulations:search",
    "organizations:consortium": "organizations:consortia",
    "organizations:college": "organizations:consortia",
    "articulations:new": "articulations:search",
    "articulations:agreement": "articulations:agreements",
    "articulations:new_agreement": "articulations:agreements",
    "articulations:agreement_text": "articulations:agreements",
    "articulations:partners": "articulations:agreements",
    "articulations:reviews": "articulations:agreements",
    "articulations:review": "articulations:agreements",
    "articulations:courses": "articulations:agreements",
    "articulations:course": "articulations:agreements",
    "articulations:edit_course": "articulations:agreements",
    "articulations:new_course": "articulations:agreements",
    "articulations:new_courses": "articulations:agreements",
    "articulations:course_file": "articulations:agreements",
    "articulations:amend": "articulations:search",
    "articulations:terminate": "articulations:search",
    "articulations:alternatives": "articulations:search",
    "articulations:request_alternatives": "articulations:requests",
    "articulations:request": "articulations:requests",
    "articulations:new_request": "articulations:requests",
    "articulations:request_page": "articulations:requests",
    "articulations:check_request": "articulations:requests",
    "articulations:request_versions": "articulations:requests",
    "articulations:alignment": "articulations:requests",
    "articulations:enter_request": "articulations:requests",
    "articulations:request_steps": "articulations:requests",
    "articulations:new_section": "articulations:sections",
    "articulations:high_school_course": "articulations:sections",
    "articulations:edit_class": "articulations:sections",
    "organizations:codes": "articulations:sections",
    "articulations:new_classes": "articulations:sections",
    "articulations:class_file": "articulations:sections",
    "articulations:roll_over": "articulations:sections",
    "articulations:rollover": "articulations:sections",
    "articulations:hand_over": "articulations:sections",
    "articulations:section_teachers": "articulations:sections",
    "articulations:credentials": "articulations:sections",
    "articulations:new_credential": "articulations:sections",
    "articulations:credential": "articulations:sections",
    "articulations:class_credentials": "articulations:sections",
    "articulations:assurances": "articulations:sections",
    "articulations:countersign": "articulations:sections",
    "articulations:assurance_text": "articulations:sections",
    "articulations:my_assurances": "grading:rosters",
    "articulations:assurance": "grading:rosters",
    "students:choose": "students:register",
    "students:answers": "students:register",
    "students:registration_forms": "students:my_classes",
    "students:consent": "students:my_classes",
    "students:take_form": "students:requirements",
    "students:consents": "students:requirements",
    "students:receipt": "students:requirements",
    "students:payments": "students:requirements",
    "students:payment": "students:requirements",
    "students:statements": "students:requirements",
    "students:statement": "students:requirements",
    "students:statement_line": "students:requirements",
    "students:invoices": "students:requirements",
    "students:invoice": "students:requirements",
    "students:terms": "articulations:sections",
    "students:guardian_text": "articulations:sections",
    "students:fees": "students:my_classes",
    "students:checkout": "students:my_classes",
    "students:ask_guardian": "students:my_classes",
    "students:class_sheet": "articulations:sections",
    "students:registration": "students:my_classes",
    "students:change_teacher": "students:my_classes",
    "students:change_college": "students:my_classes",
    "students:withdraw": "students:my_classes",
    "students:student": "students:search",
    "students:history": "students:search",
    "students:registered": "articulations:search",
    "organizations:scales": "articulations:sections",
    "organizations:scale": "articulations:sections",
    "organizations:new_scale": "articulations:sections",
    "students:new_claim": "students:my_classes",
    "students:claim": "students:my_classes",
    "students:claim_for": "students:search",
    "grading:late_claims": "students:search",
    "grading:late_claim": "students:search",
    "students:new_school_roster": "students:school_rosters",
    "students:school_roster": "students:school_rosters",
    "students:in_class": "students:school_rosters",
    "students:credentials": "grading:rosters",
    "students:open_record": "students:search",
    "students:readers": "students:search",
    "students:amendments": "students:search",
    "students:amendment": "students:search",
    "students:enter_amendment": "students:search",
    "transcripts:statement": "students:search",
    "students:inspections": "students:search",
    "students:inspection": "students:search",
    "students:enter_inspection": "students:search",
    "students:new_students": "students:search",
    "students:student_file": "students:search",
    "students:twins": "students:search",
    "students:twin": "students:search",
    "reports:record": "students:search",
    "reports:lists": "reports:figures",
    "reports:standing": "reports:figures",
    "reports:operations": "reports:home",
    "reports:mailings": "reports:figures",
    "reports:mailing": "reports:figures",
    "transcripts:merges": "students:search",
    "transcripts:new_merge": "students:search",
    "transcripts:merge": "students:search",
    "organizations:person": "organizations:people",
    "organizations:new_person": "organizations:people",
    "organizations:new_seat": "organizations:people",
    "organizations:new_people": "organizations:people",
    "organizations:people_file": "organizations:people",
    "organizations:invited": "organizations:people",
    "organizations:seat": "organizations:people",
    "organizations:end_seat": "organizations:people",
    "grading:roster": "grading:rosters",
    "grading:reopen": "grading:rosters",
    "grading:verification": "grading:rosters",
    "grading:settings": "articulations:sections",
    "grading:college_year": "articulations:sections",
    "grading:windows": "articulations:sections",
    "grading:progress": "articulations:sections",
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
    "transcripts:replace_identity": "transcripts:runs",
    "transcripts:replacements": "transcripts:runs",
    "transcripts:replacement": "transcripts:runs",
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
    "transcripts:badges": "transcripts:mine",
    "transcripts:document": "transcripts:issued",
    "transcripts:new_ids": "transcripts:issued",
    "transcripts:reissue": "transcripts:issued",
    "transcripts:revoke": "transcripts:issued",
    "transcripts:paper_facts": "transcripts:issued",
    "transcripts:acknowledge": "transcripts:issued",
    "transcripts:letterhead": "transcripts:issued",
    "transcripts:wording": "transcripts:issued",
    "transcripts:mailings": "transcripts:issued",
    "transcripts:mailing": "transcripts:issued",
    "transcripts:verify_code": "transcripts:verify",
    "transcripts:check_file": "transcripts:verify",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `nav`. Error pages ask for it too, with or without a user on the request."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    held = seats(user) if signed_in else []
    words = [HOME] if signed_in else list(PUBLIC)
    for seat in held:
        words.extend(item for item in ITEMS[seat.role] if item not in words)
    if signed_in:
        words.append(SEARCH)
    match = getattr(request, "resolver_match", None)
    here = f"{match.app_name}:{match.url_name}" if match and match.app_name else ""
    shown = words[:MOST_ITEMS]
    above = UNDER.get(here, "")
    if above not in {name for _, name in shown}:
        above = UNDER.get(above, "")
    everything = all_seats(user) if signed_in else []
    language = get_language()
    working_as = held[0] if len(held) == 1 else None
    return {
        "nav": {
            "items": [
                {
                    "label": str(label),
                    "url": reverse(name),
                    "current": "page" if name == here else "true" if name == above else "",
                }
                for label, name in shown
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
            # Pages for staff alone are in English: there is nothing to choose.
            "languages": []
            if match and is_english(match.func, user)
            else [
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
