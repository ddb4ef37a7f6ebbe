"""A student's record: the profile, the Registration History, and who has seen it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles
from accounts.rules import came_back_on
from sers.lib.listing import changed, page_of
from sers.lib.refusal import Refusal, Refused
from students import actions, rules
from students.forms.fields import read_id
from students.forms.records import ProfileForm
from students.models import Amendment, Disclosure, EarnedCredential, Registration, Student
from students.rules import inspections as rights
from students.rules.credentials import credentials_told
from students.rules.records import can_read_comments
from students.views.disclosing import disclose, record_at
from students.views.searching import SEARCHERS


@for_roles(Role.STUDENT)
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """From My Account to one's own record."""
    one = get_object_or_404(Student.objects.own(request.user))
    return redirect("students:student", public_id=one.public_id)


@for_roles(Role.STUDENT, *SEARCHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def student(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The profile: open fields to change, locked fields as text that says why."""
    one = record_at(Student.objects.visible_to(request.user), public_id)
    disclose(request, Disclosure.What.PROFILE, [one])
    form = ProfileForm(request.POST if request.method == "POST" else None, student=one, user=request.user)
    refusal: Refusal | None = None
    clashes: tuple[rules.Clash, ...] = ()
    if request.method == "POST":
        if not form.open:
            raise PermissionDenied(
                "You can read this record. Its counselor, district or consortium changes it."
            )
        try:
            if form.is_valid():
                _tell(request, form.save())
                return _where_it_is_seen(request, one)
        except actions.Clashed as clashed:
            # The form again, as the record stands now, with what this person typed: Save keeps it knowingly.
            one = record_at(Student.objects.visible_to(request.user), public_id)
            form = ProfileForm(None, student=one, user=request.user, typed=clashed.mine)
            refusal, clashes = clashed.refusal, clashed.clashes
        except Refused as refused:
            refusal = refused.refusal
    earned = credentials_told(EarnedCredential.objects.of(one).visible_to(request.user).standing().told())
    if earned:
        disclose(request, Disclosure.What.CREDENTIALS, [one])
    change, now = rules.newest_change(one), timezone.now()
    held = rules.is_held(change, now)
    context = {
        "student": one,
        "form": form,
        "refusal": refusal,
        "clashes": clashes,
        "own": rules.is_own(request.user, one),
        "credentials": earned,
        "can_see_readers": rules.can_see_readers(request.user, one),
        "can_see_changes": rules.can_see_changes(request.user, one),
        "can_reset": rules.can_reset(request.user, one),
        "can_claim": not rules.is_own(request.user, one) and rules.can_claim_for(request.user, one),
        "statements": Amendment.objects.about_profile(one),
        "can_enter_inspection": rights.can_enter_inspection(request.user, one),
        "came_back": came_back_on(one.email),
        "change": change if change and (held or change.is_waiting) and form.open else None,
        "held_until": rules.held_until(change) if change and held else None,
        "can_decide": rules.offers_decision(request.user, change, one, now),
    }
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "students/student.html", context, status=status)


def _tell(request: SignedIn, saved: actions.Edited) -> None:
    """Say what now stands, what waits, and what somebody else had changed meanwhile."""
    if saved.is_saved:
        messages.success(request, _("The record is saved."))
    elif saved.is_nothing:
        messages.success(request, _("Nothing was changed."))
    if saved.waiting is not None:
        said = _("We mailed a link to {address}. Open it, and the new address counts.")
        messages.success(request, said.format(address=saved.waiting.new_address))
    for one in saved.meanwhile:
        said = _("{who} had changed the same record meanwhile, and that stays. {field}: {value}")
        messages.info(request, said.format(who=one.by, field=one.name, value=one.value))


@for_roles(Role.STUDENT, *rules.KEEPERS)
@require_safe
def changes(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The history of a profile: who changed what, when, from what to what, and why."""
    one = record_at(Student.objects.visible_to(request.user), public_id)
    if not rules.can_see_changes(request.user, one):
        raise Http404
    disclose(request, Disclosure.What.PROFILE, [one])
    page = page_of(rules.changes_of(one), request.GET.get("page", ""))
    own = rules.is_own(request.user, one)
    return render(request, "students/changes.html", {"student": one, "page": page, "own": own})


def _where_it_is_seen(request: SignedIn, one: Student) -> HttpResponse:
    """Back to the record; to the search when it went to a school out of reach."""
    if Student.objects.visible_to(request.user).contains(one):
        return redirect("students:student", public_id=one.public_id)
    messages.info(request, f"{one.sers_id} belongs to another school now and is out of your reach.")
    return redirect("students:search")


@for_roles(Role.STUDENT, *SEARCHERS)
@require_safe
def history(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Registration History: every registration with its Status; Details opens in place."""
    one = record_at(Student.objects.visible_to(request.user), public_id)
    disclose(request, Disclosure.What.HISTORY, [one])
    theirs = Registration.objects.of(one)
    seen = theirs.visible_to(request.user)
    registrations = list(seen.in_full())
    own = rules.is_own(request.user, one)
    left_out = theirs.besides(seen).count()
    pathways = rules.pathways_of(registrations)
    return render(
        request,
        "students/history.html",
        {
            "student": one,
            "rows": [rules.history_row(registration) for registration in registrations],
            # A sum without the classes that are left out would be taken for all the student has.
            "pathways": [] if left_out else pathways,
            "not_added_up": bool(left_out and pathways),
            "statements": Amendment.objects.about_classes(
                [one.pk for one in registrations], comments=own or can_read_comments(request.user)
            ),
            "left_out": left_out,
            "open": read_id(request.GET.get("open", "")),
            "own": own,
        },
    )


@for_roles(Role.STUDENT, Role.DISTRICT, Role.CONSORTIUM, Role.STATE)
@require_safe
def readers(request: SignedIn, public_id: UUID) -> HttpResponse:
    """Who has seen my record: who, from where, what, on which day and why; across agency lines, or everybody."""
    one = record_at(Student.objects.visible_to(request.user), public_id)
    if not rules.can_see_readers(request.user, one):
        raise Http404
    disclose(request, Disclosure.What.READERS, [one])
    everybody = request.GET.get("show") == "everybody"
    rows = Disclosure.objects.visible_to(request.user).of(one).by_others()
    page = page_of((rows if everybody else rows.across_agencies()).listed(), request.GET.get("page", ""))
    return render(
        request,
        "students/readers.html",
        {
            "student": one,
            "readings": [rules.reading_in_words(row) for row in page],
            "page": page,
            "everybody": everybody,
            "query": changed(request.GET, page=None),
            "may_ask": rules.can_ask_for_record(request.user, one),
            "own": rules.is_own(request.user, one),
        },
    )
