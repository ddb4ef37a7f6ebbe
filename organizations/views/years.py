"""The school year that a page of rules and dates is asked for."""

from django.http import Http404, HttpRequest

from organizations.models import AcademicYear


def year_asked(request: HttpRequest) -> AcademicYear:
    """This one when the address names none. Only years around today have settings to make."""
    this, typed = AcademicYear.objects.current(), request.GET.get("year", "")
    if not typed:
        return this
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4) or int(typed) > this.first_year + 1:
        raise Http404
    return AcademicYear.objects.named(int(typed))
