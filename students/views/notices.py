"""The notice of rights that everybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.access import for_anyone
from students.models import ConsentText


@for_anyone("the rights of students and parents are told to everybody")
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What rights students and parents have in a record (34 CFR 99.7), in the version in force."""
    text = ConsentText.objects.in_force(ConsentText.Audience.NOTICE)
    return render(
        request, "students/notice.html", {"text": text, "wording": text.wording(get_language() or "en")}
    )
