"""Screens that belong to no app: the error pages, the probe, and the style guide."""

import logging
from datetime import UTC, datetime

from crispy_forms.bootstrap import AppendedText, FormActions, InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout, Submit
from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import for_anyone
from sers.lib.acting import Happening
from sers.lib.days import DayField

log = logging.getLogger(__name__)

NO_COOKIE = _(
    "The page stood open too long, or your browser does not keep cookies, so SERS cannot tell that the form was yours. "
    "Nothing was changed. Go back, load the page again and send it once more."
)


@for_anyone("an error page answers whoever met the error")
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, drawn without asking who is there: the host or the session may be what could not be read."""
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return HttpResponse(render_to_string("400.html", {"reason": reason}), status=400)


@for_anyone("an error page answers whoever met the error")
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the words of the rule that said no, and the way on."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


@for_anyone("an error page answers whoever met the error")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token did not match."""
    return render(request, "403.html", {"reason": NO_COOKIE}, status=403)


@for_anyone("an error page answers whoever met the error")
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words whether nothing is there or it is not this person's to see."""
    return render(request, "404.html", status=404)


@for_anyone("an error page answers whoever met the error")
def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """405: somebody opened the address of a button."""
    return render(request, "405.html", status=405)


@for_anyone("an error page answers whoever met the error")
def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn without context processors; in plain text when even the template cannot be drawn."""
    try:
        return HttpResponseServerError(render_to_string("500.html"))
    except Exception:
        log.exception("The page for errors could not be drawn")
        return HttpResponseServerError(
            "Something broke on our side. Write to sershelp@sbctc.edu.", content_type="text/plain"
        )


@for_anyone("how SERS can be used by everyone is public")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: what SERS keeps to, how it was checked, whom to tell of a barrier."""
    return render(request, "accessibility.html")


@for_anyone("a probe of the platform holds no account; it learns only whether SERS works")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Does this process answer, and can it ask the database?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "down"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


EXAMPLES = {
    "pathways": [
        {
            "cluster": "Finance",
            "words": "1.5 of 2 credits Completed, 0.5 credits in class now",
            "filled": 750,
            "reaches": 1000,
        },
        {
            "cluster": "Health Sciences",
            "words": "0 of 2 credits Completed, 1 credit in class now",
            "filled": 0,
            "reaches": 500,
        },
    ],
    "rail_credit": [
        {"state": "past", "name": "Registered", "note": "March 9"},
        {"state": "owed", "name": "Form and fee", "note": "Signature due June 15"},
        {"state": "ahead", "name": "Grade", "note": "By June 25"},
        {"state": "ahead", "name": "College credit", "note": "By September 1"},
    ],
    "rail_graded": [
        {"state": "past", "name": "Registered", "note": "October 3"},
        {"state": "past", "name": "Form and fee", "note": "No fee. Form October 20"},
        {"state": "past", "name": "Grade", "note": "97 %, college grade 3.9 A"},
        {"state": "here", "name": "College credit", "note": "The college awards it by September 1"},
    ],
    "rail_how": [
        {"state": "", "name": "Register", "note": "You, in SERS"},
        {"state": "", "name": "Form and fee", "note": "Often free"},
        {"state": "", "name": "Grade", "note": "From your teacher"},
        {"state": "owed", "name": "College credit", "note": "By September 1"},
    ],
    "rail_run": [
        {"state": "past", "name": "Find credit", "note": "2,087 registrations"},
        {"state": "past", "name": "Match students", "note": "1,442 of 1,449"},
        {"state": "past", "name": "Award credit", "note": "1,986 registrations"},
        {"state": "here", "name": "Make PDFs", "note": "1,012 of 1,424"},
        {"state": "ahead", "name": "Export", "note": "For ctcLink"},
        {"state": "ahead", "name": "Tell students", "note": "Mail and e-mail"},
    ],
    "trail": [
        Happening(datetime(2026, 3, 9, 16, 5, tzinfo=UTC), "Terry Teacher", "Requested", "97 %, not 79 %"),
        Happening(datetime(2026, 3, 10, 17, 30, tzinfo=UTC), "Connie Consortium", "Approved", ""),
    ],
    "figures": [
        {"number": "312", "meaning": "students in your classes", "key": ""},
        {"number": "$660", "meaning": "tuition a 5-credit course is about worth", "key": ""},
    ],
    "credits": [
        {"number": "5", "meaning": "on your college record", "key": "full"},
        {"number": "5", "meaning": "graded, waiting for the college", "key": "half"},
        {"number": "5", "meaning": "in class now", "key": "open"},
    ],
}


class StyleguideForm(forms.Form):
    """Every kind of field the pack draws; it saves nothing."""

    last_name = forms.CharField(
        label="Last name",
        help_text="As it stands on your school record",
        error_messages={"required": "Enter your last name"},
        widget=forms.TextInput({"autocomplete": "family-name", "spellcheck": "false"}),
    )
    middle_name = forms.CharField(label="Middle name", required=False)
    email = forms.EmailField(
        label="E-mail",
        help_text="One that stays yours after school",
        error_messages={"required": "Enter your e-mail", "invalid": "Enter an e-mail like name@example.org"},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    born = DayField(
        label="When were you born?",
        what="your birth date",
        birthday=True,
        help_text="For example March 27 2009",
    )
    percent = forms.IntegerField(
        label="Student Grade",
        min_value=0,
        max_value=100,
        error_messages={
            "required": "Enter a percent from 0 to 100",
            "invalid": "Enter a percent from 0 to 100",
            "min_value": "Enter a percent from 0 to 100",
            "max_value": "Enter a percent from 0 to 100",
        },
        widget=forms.TextInput({"inputmode": "numeric", "class": "s-w3"}),
    )
    school = forms.ChoiceField(
        label="High school",
        choices=[
            ("", "Choose a school"),
            ("kamiakin", "Kamiakin High School"),
            ("southridge", "Southridge High School"),
        ],
        error_messages={"required": "Choose your high school"},
    )
    grade_level = forms.ChoiceField(
        label="Grade level",
        choices=[("9", "9"), ("10", "10"), ("11", "11"), ("12", "12")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose your grade level"},
    )
    reasons = forms.MultipleChoiceField(
        label="Why do you want this credit?",
        help_text="Choose all that fit",
        required=False,
        choices=[
            ("time", "Finish college sooner"),
            ("cost", "Pay less tuition"),
            ("try", "Try college work"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        label="Add a comment",
        help_text="Programme staff and teachers of this class read it. The student may ask for a copy.",
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    form_file = forms.FileField(
        label="Signed form", help_text="A PDF or a photo, at most 5 MB", required=False
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 15 characters. Several words are easy to keep.",
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    agree = forms.BooleanField(
        label="I understand that the grade becomes part of my permanent college record",
        error_messages={"required": "Tick the box if you want the credit"},
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            Fieldset("About you", "last_name", "middle_name", "email", "born"),
            AppendedText("percent", "%"),
            Field("school"),
            InlineRadios("grade_level"),
            "reasons",
            "comment",
            "form_file",
            "password",
            "agree",
            FormActions(
                Submit("save", "Save Changes", css_id=f"{self.prefix}-save"),
                HTML('<a href="#form">Undo all</a>'),
            ),
        )
        return helper


@for_anyone("it shows the parts of the pages and no data of anyone")
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part and every state, with the markup to copy."""
    refused = StyleguideForm(
        QueryDict(
            "refused-last_name=&refused-email=dana at school&refused-percent=197&refused-reasons=cost"
            "&refused-born_month=June&refused-born_day=31&refused-born_year=2009"
        ),
        prefix="refused",
    )
    page = Paginator(range(312), 50).page(3)
    return render(
        request,
        "styleguide.html",
        {"fresh": StyleguideForm(prefix="fresh"), "refused": refused, "page": page} | EXAMPLES,
    )
