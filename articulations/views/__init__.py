"""Articulations, where they are taught, and the classes that are taught under them."""

from articulations.views.agreements import articulation, new
from articulations.views.alternatives import alternatives, request_alternatives
from articulations.views.assurances import (
    assurance,
    assurance_text,
    assurances,
    assurances_file,
    countersign,
    my_assurances,
    signed_assurance,
)
from articulations.views.catalog import catalog, catalog_api, catalog_data
from articulations.views.classes import class_file, classes_file, edit_class, high_school_course, new_classes
from articulations.views.courses import (
    course,
    course_file,
    courses,
    courses_file,
    edit_course,
    new_course,
    new_courses,
)
from articulations.views.credentials import (
    class_credentials,
    credential,
    credentials,
    new_credential,
)
from articulations.views.deciding import alignment, enter_request, request, request_steps
from articulations.views.outside import sign_outside, signing_link
from articulations.views.papers import agreement_file, verify_agreement
from articulations.views.partners import partners
from articulations.views.requests import (
    check_request,
    new_request,
    request_file,
    request_page,
    request_versions,
    requests,
)
from articulations.views.reviews import review, reviews, reviews_file
from articulations.views.rollovers import hand_over, roll_over, rollover, section_teachers
from articulations.views.schools import school, schools
from articulations.views.searching import search
from articulations.views.sections import new_section, sections
from articulations.views.texts import agreement, agreement_text, agreements, amend, new_agreement, terminate

__all__ = [
    "agreement",
    "agreement_file",
    "agreement_text",
    "agreements",
    "alignment",
    "alternatives",
    "amend",
    "articulation",
    "assurance",
    "assurance_text",
    "assurances",
    "assurances_file",
    "catalog",
    "catalog_api",
    "catalog_data",
    "check_request",
    "class_credentials",
    "class_file",
    "classes_file",
    "countersign",
    "course",
    "course_file",
    "courses",
    "courses_file",
    "credential",
    "credentials",
    "edit_class",
    "edit_course",
    "enter_request",
    "hand_over",
    "high_school_course",
    "my_assurances",
    "new",
    "new_agreement",
    "new_classes",
    "new_course",
    "new_courses",
    "new_credential",
    "new_request",
    "new_section",
    "partners",
    "request",
    "request_alternatives",
    "request_file",
    "request_page",
    "request_steps",
    "request_versions",
    "requests",
    "review",
    "reviews",
    "reviews_file",
    "roll_over",
    "rollover",
    "school",
    "schools",
    "search",
    "section_teachers",
    "sections",
    "sign_outside",
    "signed_assurance",
    "signing_link",
    "terminate",
    "verify_agreement",
]
