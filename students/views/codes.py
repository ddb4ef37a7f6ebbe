"""A class by its code: the page behind the QR code on the classroom wall, and the sheet it is printed on."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_anyone, for_roles, has_role
from accounts.views import address_of
from articulations.models import Section
from sers.lib.qr import qr_picture
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import teacher_names

#: In the session: the class whose code brought somebody here who has no account yet.
CAME_FOR: Final = "students.came_for"


def class_in(request: HttpRequest) -> Section | None:
    """The class this browser came for, if it came by a class code."""
    return Section.objects.with_code_key(request.session.get(CAME_FOR, ""))


def way_to(section: Section) -> str:
    """Where one registers for this class, with its teacher chosen already."""
    return f"{reverse('students:choose')}?{urlencode({'code': section.class_code})}"


@for_anyone("a class code hangs on a classroom wall, for students who have no account yet")
@never_cache
@require_http_methods(["GET", "HEAD"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """A class by its code: what it earns, and the way to register, for those without an account too."""
    user = request.user if request.user.is_authenticated else None
    try:
        section = actions.find_class(code=code, by=user, address=address_of(request))
    except Refused as refused:
        return render(request, "students/join.html", {"refusal": refused.refusal}, status=429)
    if section is None:
        raise Http404
    request.session[CAME_FOR] = str(section.public_id)
    return render(
        request,
        "students/join.html",
        {
            "refusal": None,
            "section": section,
            "teachers": teacher_names(section),
            "promises": rules.promises_of(section, on=timezone.localdate()),
            "way": way_to(section),
            "is_student": user is not None and has_role(user, Role.STUDENT),
            "is_staff": user is not None and not has_role(user, Role.STUDENT),
        },
    )


@for_roles(Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD"])
def class_sheet(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The class code and its QR code on one sheet of paper, for the wall of the classroom."""
    section = get_object_or_404(Section.objects.visible_to(request.user).in_full(), public_id=public_id)
    address = f"{settings.PUBLIC_URL}{reverse('students:join', args=[section.class_code])}"
    return render(
        request,
        "students/class_sheet.html",
        {
            "section": section,
            "teachers": teacher_names(section),
            "promises": rules.promises_of(section, on=timezone.localdate()),
            "address": address,
            "picture": qr_picture(address),
            "languages": [code for code, _ in settings.LANGUAGES],
        },
    )
