"""What a student does: register for classes, follow them, change the teacher, withdraw."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles, has_role
from accounts.views import address_of
from organizations.models import AcademicYear
from organizations.rules import Calendar
from sers.lib.refusal import Refusal, Refused
from students import actions, rules
from students.forms.fields import read_ids
from students.forms.late_claims import STATE_TAG as CLAIM_TAG
from students.forms.registering import (
    ChoiceForm,
    ClassesForm,
    CodeForm,
    CollegeForm,
    OtherSchoolForm,
    Outcome,
    TeacherForm,
)
from students.models import (
    Amendment,
    Disclosure,
    EarnedCredential,
    LateClaim,
    Registration,
    Student,
    has_other_colleges,
    sections_beside,
)
from students.rules.credentials import credentials_told
from students.rules.records import can_read_comments
from students.views.disclosing import disclose

#: In the session: what became of the classes that were sent last.
ANSWERS = "students.answers"
READERS = (
    Role.STUDENT, Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip
#: Who may be shown the way to comments, and to a Grade Change; what is there is asked of the rows themselves.
CHANGE_ASKERS = (Role.STUDENT, Role.TEACHER, Role.COUNSELOR)


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedIn) -> HttpResponse:
    """Register for Classes: tick classes of one's own or another school, or type the class code of a teacher."""
    student = get_object_or_404(Student.objects.own(request.user))
    year = AcademicYear.objects.current()
    schools = OtherSchoolForm(request.GET if "school" in request.GET else None, year=year)
    school = schools.chosen or student.school
    on_offer = rules.classes_on_offer(student, on=timezone.localdate(), school=school)
    by_code = "find" in request.POST
    form = ClassesForm(request.POST if request.method == "POST" and not by_code else None, on_offer=on_offer)
    code = CodeForm(request.POST if by_code else None, by=request.user, address=address_of(request))
    if form.is_bound and form.is_valid():
        return redirect(
            f"{reverse('students:choose')}?{urlencode({'class': form.cleaned_data['classes']}, True)}"
        )
    if code.is_bound and code.is_valid():
        return redirect(f"{reverse('students:choose')}?{urlencode({'code': code.cleaned_data['code']})}")
    return render(
        request,
        "students/register.html",
        {
            "student": student,
            "year": year,
            "school": school,
            "schools": schools,
            "on_offer": on_offer,
            "form": code if code.is_bound else schools if schools.errors else form,
            "classes": form,
            "code": code,
            "nothing_here": _("{school} has no class yet that earns college credit in {year}.").format(
                school=school, year=year
            ),
        },
        status=429 if code.is_over else 422 if form.errors or code.errors or schools.errors else 200,
    )


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedIn) -> HttpResponse:
    """The teacher and the college of each class, side by side, and the consent; **Save & Register**."""
    student = get_object_or_404(Student.objects.own(request.user))
    today = timezone.localdate()
    try:
        section = (
            actions.find_class(code=request.GET["code"], by=request.user, address=address_of(request))
            if "code" in request.GET
            else None
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("students:register")
    asked = [section.high_school_course.public_id] if section else read_ids(request.GET.getlist("class"))
    on_offer = rules.classes_on_offer(student, on=today, courses=asked)
    if not on_offer:
        messages.error(
            request, _("No class that earns college credit this year was chosen. Tick one, or type its code.")
        )
        return redirect("students:register")
    form = ChoiceForm(
        request.POST if request.method == "POST" else None,
        on_offer=on_offer,
        section=section,
        on=today,
        language=get_language() or "en",
    )
    if request.method == "POST" and not form.open and form.repeated:
        return _registered(request, student, [Outcome("", one, None) for one in form.repeated])
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        outcomes = form.save(student=student, by=request.user)
        if any(outcome.registration for outcome in outcomes):
            return _registered(request, student, outcomes)
    return render(
        request,
        "students/choose.html",
        {
            "student": student,
            "form": form,
            "question": form.question,
            "closed": [one for one in on_offer if not one.open_offers],
            "refused": [{"target": "main", "message": str(outcome.refusal)} for outcome in outcomes],
        },
        status=409 if outcomes else 422 if form.errors else 200,
    )


def _registered(request: SignedIn, student: Student, outcomes: list[Outcome]) -> HttpResponse:
    """One class leads to its own page; several to a page that answers class by class."""
    made = [outcome.registration for outcome in outcomes if outcome.registration]
    if len(made) == len(outcomes) == 1:
        messages.success(
            request,
            _(
                "You are registered for {title} (reference {reference}). Mail about it goes to {email}."
            ).format(
                title=made[0].high_school_course.title, reference=made[0].reference, email=student.email
            ),
        )
        return redirect("students:registration", public_id=made[0].public_id)
    request.session[ANSWERS] = {
        "made": [str(one.public_id) for one in made],
        "refused": [
            [outcome.title, str(outcome.refusal.message), str(outcome.refusal.next_step)]
            for outcome in outcomes
            if outcome.refusal
        ],
    }
    return redirect("students:answers")


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def answers(request: SignedIn) -> HttpResponse:
    """What became of each class that was sent in one act: its reference and what is owed, or why not."""
    student = get_object_or_404(Student.objects.own(request.user))
    kept = request.session.get(ANSWERS)
    if kept is None:
        return redirect("students:my_classes")
    made = Registration.objects.of(student).chosen(read_ids(kept["made"])).in_full()
    progress, _terms = rules.follow(list(made), on=timezone.localdate())
    return render(
        request,
        "students/answers.html",
        {"student": student, "progress": progress, "refused": kept["refused"]},
    )


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD"])
def my_classes(request: SignedIn) -> HttpResponse:
    """The student's home: the one thing to do, the credits, and where each class is on its line."""
    student = get_object_or_404(Student.objects.own(request.user))
    today = timezone.localdate()
    progress, _terms = rules.follow(list(Registration.objects.of(student).live().in_full()), on=today)
    credits = rules.credits_of([one.registration for one in progress])
    return render(
        request,
        "students/my_classes.html",
        {
            "student": student,
            "claims": [
                (one, CLAIM_TAG[LateClaim.State(one.state)])
                for one in LateClaim.objects.of(student).latest_first()
            ],
            "progress": progress,
            "credentials": credentials_told(EarnedCredential.objects.of(student).standing().told()),
            "credits": credits,
            "shares": rules.shares_of(credits),
            "pathways": rules.pathways_of(one.registration for one in progress),
            "last_days": rules.last_days_of(student, progress, on=today),
            "to_do": rules.what_to_do(student, progress, year=AcademicYear.objects.current(), on=today),
        },
    )


@for_roles(*READERS)
@require_http_methods(["GET", "HEAD"])
def registration(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One registration: its reference, where it stands, what happens next; in print, the registration form."""
    one = get_object_or_404(Registration.objects.visible_to(request.user).in_full(), public_id=public_id)
    disclose(request, Disclosure.What.REGISTRATION, [one.student])
    today = timezone.localdate()
    (progress,), _terms = rules.follow([one], on=today)
    calendar = Calendar.of(one.year)
    own = rules.can_register_for(request.user, one.student)
    reads_comments = can_read_comments(request.user)
    return render(
        request,
        "students/registration.html",
        {
            "registration": one,
            "progress": progress,
            "status_tag": rules.STATUS_TAGS[Registration.Status(one.status)],
            "fees_req_tag": rules.FEES_REQ_TAGS[Registration.FeesReq(one.fees_req)],
            "own": own,
            "may_ask_guardian": own or rules.can_process_requirements(request.user, one),
            # Of upper floors, read through their relation names.
            "grades": list(one.grades.all()),
            "grade_changes": one.grade_changes.visible_to(request.user).latest_first(),
            "comments": one.comments.visible_to(request.user).standing().with_writer(),
            "reads_comments": reads_comments,
            "asks_for_change": one.status in Registration.GRADED and has_role(request.user, *CHANGE_ASKERS),
            "can_change_teacher": own
            and rules.why_not_change_teacher(one, None, calendar=calendar, on=today) is None
            and len(sections_beside(one)) > 1,
            "can_change_college": own
            and rules.why_not_leave_college(one, calendar=calendar, on=today) is None
            and has_other_colleges(one, on=today),
            "statements": Amendment.objects.about_classes(
                [one.pk], comments=rules.is_own(request.user, one.student) or reads_comments
            ),
            "story": rules.story_told(one),
            "can_withdraw": own and rules.why_not_withdraw(one, calendar=calendar, on=today) is None,
        },
    )


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def change_teacher(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Move to another teacher of the same class and year."""
    one = get_object_or_404(Registration.objects.visible_to(request.user).in_full(), public_id=public_id)
    form = TeacherForm(
        request.POST if request.method == "POST" else None, sections=sections_beside(one), registration=one
    )
    refusal = rules.why_not_change_teacher(one, None, calendar=Calendar.of(one.year), on=timezone.localdate())
    if request.method == "POST" and refusal is None and form.is_valid():
        try:
            if form.save(registration=one, by=request.user):
                messages.success(
                    request, _("Your teacher is changed. The new one sees you on the class roster now.")
                )
            return redirect("students:registration", public_id=one.public_id)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "students/change_teacher.html",
        {"registration": one, "registration_url": _url_of(one), "form": form, "refusal": refusal},
        status=422 if form.errors else 409 if refusal and request.method == "POST" else 200,
    )


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def change_college(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Take the credit of a class from another college, compared side by side, with the consent once more."""
    one = get_object_or_404(Registration.objects.visible_to(request.user).in_full(), public_id=public_id)
    today, calendar = timezone.localdate(), Calendar.of(one.year)
    offered = rules.colleges_to_change_to(one, calendar=calendar, on=today)
    offers = offered.open_offers if offered else ()
    posted = request.method == "POST"
    refusal = rules.why_not_leave_college(one, calendar=calendar, on=today)
    if posted and refusal is None and not offers:
        refusal = Refusal(
            "no_other",
            _("No other college takes a registration for this class now."),
            _("You keep your college."),
        )
    form = CollegeForm(
        request.POST if posted and refusal is None else None,
        offers=offers,
        registration=one,
        on=today,
        language=get_language() or "en",
    )
    if form.is_bound and form.is_valid():
        try:
            form.save(registration=one, by=request.user)
            messages.success(request, _("Your college is changed. Mail about it is on its way."))
            return redirect("students:registration", public_id=one.public_id)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "students/change_college.html",
        {
            "registration": one,
            "registration_url": _url_of(one),
            "form": form,
            "refusal": refusal,
            "closed": offered.closed_offers if offered and refusal is None else (),
        },
        status=409 if refusal and posted else 422 if form.errors else 200,
    )


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Withdraw from a class: a page that asks, and a button that does it."""
    one = get_object_or_404(Registration.objects.visible_to(request.user).in_full(), public_id=public_id)
    refusal = rules.why_not_withdraw(one, calendar=Calendar.of(one.year), on=timezone.localdate())
    if request.method == "POST" and refusal is None:
        try:
            actions.withdraw(registration=one, by=request.user)
            messages.success(
                request,
                _("You are withdrawn from {title}. It earns no credit.").format(
                    title=one.high_school_course.title
                ),
            )
            return redirect("students:my_classes")
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request,
        "students/withdraw.html",
        {"registration": one, "registration_url": _url_of(one), "refusal": refusal},
        status=409 if refusal and request.method == "POST" else 200,
    )


def _url_of(one: Registration) -> str:
    return reverse("students:registration", args=[one.public_id])
