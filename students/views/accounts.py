"""A student's account: made, and its address confirmed."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_anyone, for_roles, has_role
from accounts.views import address_of
from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.creating import QUESTIONS, Draft, PasswordForm
from students.models import Student
from students.views.codes import class_in, way_to

FIRST_PAGE, *_between, LAST_PAGE = QUESTIONS


@for_anyone("a student has no account before this page")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create New SERS Account: what it takes; on with what was begun, or begin anew."""
    draft = Draft(request.session)
    if request.method == "POST":
        draft.forget()
        return redirect("students:question", FIRST_PAGE)
    return render(request, "students/new.html", {"draft": draft, "first": FIRST_PAGE})


@for_anyone("a student has no account before this page")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, page: str) -> HttpResponse:
    """One question or small group of the new account. Answers wait, sealed, in the session."""
    if page not in QUESTIONS:
        raise Http404
    draft = Draft(request.session)
    form = draft.form(page, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and not form.asks():
        draft.keep(page, form)
        return redirect(_after(draft))
    return render(
        request,
        "students/question.html",
        {"form": form, "back": _before(draft, page)},
        status=422 if form.is_bound else 200,
    )


@for_anyone("a student has no account before this page")
@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Check your answers, each with its Change link."""
    draft = Draft(request.session)
    if draft.next_page:
        return redirect(_after(draft))
    return render(request, "students/check.html", {"rows": draft.rows, "last": LAST_PAGE})


@for_anyone("a student has no account before this page")
@sensitive_post_parameters("password", "compare_password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The password, and the account. The new person is signed in; whoever was in SERS before is treated the same."""
    draft = Draft(request.session)
    if draft.next_page:
        return redirect(_after(draft))
    form = PasswordForm(request.POST if request.method == "POST" else None, draft=draft)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            student = form.save(address=address_of(request), came_for=class_in(request))
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            draft.forget()
            if not request.user.is_authenticated:
                login(request, student.user)
            return redirect("students:created")
    return render(request, "students/password.html", {"form": form}, status=status)


def _after(draft: Draft) -> str:
    return (
        reverse("students:question", args=[draft.next_page]) if draft.next_page else reverse("students:check")
    )


def _before(draft: Draft, page: str) -> str:
    """Back: to the page before; to the answers when they are all there."""
    if not draft.next_page:
        return reverse("students:check")
    before = dict(zip(list(QUESTIONS)[1:], QUESTIONS, strict=False)).get(page)
    return reverse("students:question", args=[before]) if before else reverse("students:new")


@for_anyone("it says the same to everybody, whether an account was made or not")
@never_cache
@require_http_methods(["GET", "HEAD"])
def created(request: HttpRequest) -> HttpResponse:
    """Check your e-mail: the same words for a new person and for one who has an account."""
    return render(request, "students/created.html", {"came_for": class_in(request)})


@for_anyone("the mailed link is opened on any device, signed in or not")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it changes nothing, because mail scanners open links; the button confirms."""
    student = actions.confirm_email(token=token) if request.method == "POST" else None
    if student is not None:
        messages.success(request, _("Your e-mail is confirmed."))
        if _is_staff(request):
            return redirect("reports:home")
        coming = rules.still_comes_for(student, year=AcademicYear.objects.current())
        return redirect(way_to(coming) if coming else "students:my_classes")
    is_open = actions.is_open_link(token)
    return render(request, "students/confirm.html", {"is_open": is_open}, status=200 if is_open else 404)


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not has_role(request.user, Role.STUDENT)


@for_roles(Role.STUDENT)
@require_http_methods(["POST"])
def send_link(request: SignedIn) -> HttpResponse:
    """Send the link that confirms the e-mail once more."""
    student = get_object_or_404(Student.objects.own(request.user))
    try:
        actions.send_link(student=student, by=request.user)
        messages.success(
            request,
            _("We sent a new link to {email}. Links sent before open nothing now.").format(
                email=student.email
            ),
        )
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("students:my_classes")
