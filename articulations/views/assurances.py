"""Annual Teacher Assurances: one's own, the work list, one that was signed, signing beside, and the text of a college."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_roles, has_role
from accounts.views import address_of
from articulations import actions, rules
from articulations.forms.assurances import AssurancesForm, AssuranceTextForm, AssureForm, CountersignForm
from articulations.models import AssuranceText, TeacherAssurance, owed_listed, owed_to
from organizations.models import AcademicYear, College
from organizations.rules import can_keep_rules, colleges_in_charge
from sers.lib.attachments import CSV, attachment
from sers.lib.listing import changed, chips_of, page_of
from sers.lib.refusal import Refused
from sers.lib.sheets import write_csv


@for_roles(Role.TEACHER)
@require_safe
def my_assurances(request: SignedIn) -> HttpResponse:
    """What a teacher assures in this school year, college by college."""
    year = AcademicYear.objects.current()
    rows = owed_listed(owed_to(request.user, year, Role.TEACHER))
    context = {
        "year": year,
        "colleges": rules.by_college(rules.assurances_in_words(rows, timezone.localdate())),
    }
    return render(request, "articulations/my_assurances.html", context)


@for_roles(Role.TEACHER)
@require_http_methods(["GET", "HEAD", "POST"])
def assurance(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """Read the assurance of a college and sign it, for one agreement or for all of them."""
    year = AcademicYear.objects.current()
    college = get_object_or_404(College, public_id=public_id)
    text = AssuranceText.objects.latest_of(college, year)
    rows = rules.of_college(owed_listed(owed_to(request.user, year, Role.TEACHER)), college)
    if text is None or not rows:
        raise Http404
    posted = request.method == "POST"
    form = AssureForm(request.POST if posted else None, text=text, rows=rows, user=request.user)
    status, refusal = 200, None
    if posted and not form.pending:
        messages.success(request, "You have signed this assurance already.")
        return redirect("articulations:my_assurances")
    if posted and form.is_valid():
        try:
            signed = form.save(network=address_of(request), by=request.user)
        except Refused as refused:
            if refused.refusal.rule == "other_name":
                form.add_error("name", refused.refusal.message.rstrip("."))
                status = 422
            else:
                refusal, status = refused.refusal, 409
                form = AssureForm(None, text=text, rows=rows, user=request.user)
        else:
            messages.success(request, rules.signed_in_words(len(signed), college))
            return redirect("articulations:my_assurances")
    elif posted:
        status = 422
    context = {
        "college": college,
        "year": year,
        "text": text,
        "facts": rules.assurance_in_words(text),
        "form": form,
        "refusal": refusal,
        "rows": rules.assurances_in_words(rows, timezone.localdate()),
    }
    return render(request, "articulations/assurance.html", context, status=status)


@for_roles(Role.TEACHER, *rules.FOLLOWS)
@require_safe
def signed_assurance(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """An assurance as it was signed: the text, by whom, when, from where."""
    found = get_object_or_404(
        TeacherAssurance.objects.visible_to(request.user).in_full(), public_id=public_id
    )
    context = {
        "assurance": found,
        "facts": rules.signature_in_words(found),
        "beside": [(one, rules.signature_in_words(one)) for one in rules.countersignatures_of(found)],
    }
    return render(request, "articulations/signed_assurance.html", context)


def worklist_of(request: SignedIn) -> AssurancesForm:
    """The work list within reach, as the address asks for it."""
    year = AcademicYear.objects.current()
    owed = owed_to(request.user, year, *rules.FOLLOWS)
    return AssurancesForm(request.GET, owed=owed, year=year)


@for_roles(*rules.FOLLOWS)
@require_http_methods(["GET", "HEAD", "POST"])
def assurances(request: SignedIn) -> HttpResponse:
    """Who has signed and who has not; those who have not are reminded."""
    form = worklist_of(request)
    reminds = has_role(request.user, *rules.REMINDS)
    if request.method == "POST":
        if not reminds:
            raise PermissionDenied("The district, the registrar and the consortium remind teachers.")
        remind(request, form)
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    if not form.is_valid():
        return render(request, "articulations/assurances.html", {"form": form, "page": None}, status=422)
    page = page_of(form.narrow(), request.GET.get("page", ""))
    context = {
        "form": form,
        "year": form.year,
        "counts": rules.counts_of(form.owed),
        "page": page,
        "rows": rules.assurances_in_words(page.object_list, timezone.localdate()),
        "chips": chips_of(request.GET, form.in_use()),
        "query": changed(request.GET, page=None, tick=None),
        "reminds": reminds,
        "tick_all": request.GET.get("tick") == "all",
        "sides": rules.sides_of(request.user),
        "colleges": colleges_in_charge(request.user),
    }
    return render(request, "articulations/assurances.html", context)


def remind(request: SignedIn, form: AssurancesForm) -> None:
    ticked = request.POST.getlist("seat")
    if not ticked:
        messages.warning(request, "Nobody was ticked. Tick the teachers to remind, then press Send Reminder.")
        return
    mailed, left_out = actions.remind_teachers(year=form.year, seats=ticked, by=request.user)
    if mailed:
        messages.success(request, rules.reminded_in_words(mailed))
    if left_out:
        messages.warning(request, rules.left_out_in_words(left_out))


@for_roles(*rules.FOLLOWS)
@require_safe
def assurances_file(request: SignedIn) -> HttpResponse:
    """The work list as a spreadsheet, as it is filtered."""
    form = worklist_of(request)
    if not form.is_valid():
        raise Http404
    rows = rules.assurances_in_words(form.narrow(), timezone.localdate())
    content = write_csv(rules.SHEET_HEADS, rules.sheet_of(rows))
    return attachment(content, name=f"assurances-{form.year}.csv", mime=CSV)


@for_roles(Role.DISTRICT, Role.COUNSELOR, Role.FACULTY, Role.REGISTRAR)
@require_http_methods(["GET", "HEAD", "POST"])
def countersign(request: SignedIn) -> HttpResponse:
    """Sign beside teachers, for the district or the college."""
    sides = rules.sides_of(request.user)
    if not sides:
        raise PermissionDenied("People who sign agreements for their district or college sign here.")
    waiting = rules.to_countersign(request.user, AcademicYear.objects.current())
    sent = next((side for side in sides if f"{side}-name" in request.POST), None)
    forms = {
        side: CountersignForm(
            request.POST if side == sent else None, side=side, waiting=waiting[side], user=request.user
        )
        for side in sides
    }
    status, refusal = 200, None
    if request.method == "POST":
        status = 422
        form: Any = forms[sent] if sent else None
        if form is not None and form.is_valid():
            try:
                signed = form.save(network=address_of(request), by=request.user)
            except Refused as refused:
                if refused.refusal.rule == "other_name":
                    form.add_error("name", refused.refusal.message.rstrip("."))
                else:
                    refusal, status = refused.refusal, 409
            else:
                messages.success(request, rules.countersigned_in_words(len(signed)))
                return redirect("articulations:countersign")
    context = {
        "forms": list(forms.values()), "sent": forms.get(sent) if sent else None, "refusal": refusal,
        "tick_all": "" if sent else request.GET.get("tick", ""),
    }  # fmt: skip
    return render(request, "articulations/countersign.html", context, status=status)


@for_roles(Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)
@require_http_methods(["GET", "HEAD", "POST"])
def assurance_text(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """The text of a college's assurance of a year, written version by version."""
    reach = College.objects.all() if has_role(request.user, Role.STATE) else colleges_in_charge(request.user)
    college = get_object_or_404(reach, public_id=public_id)
    year = rules.year_near(request.GET.get("year", ""))
    if year is None:
        raise Http404
    posted = request.method == "POST"
    may_write = can_keep_rules(request.user, college)
    if posted and not may_write:
        raise PermissionDenied("Staff of the college’s consortium and its registrar write its assurance.")
    form = AssuranceTextForm(request.POST if posted else None, college=college, year=year)
    status, refusal = 200, None
    if posted and form.is_valid():
        try:
            written = form.save(by=request.user)
        except Refused as refused:
            refusal, status = refused.refusal, 409
        else:
            messages.success(request, f"Version {written.number} is saved. Teachers sign it from now on.")
            return redirect(f"{request.path}?year={year.first_year}")
    elif posted:
        status = 422
    context = {
        "college": college,
        "year": year,
        "years": rules.years_near(),
        "form": form,
        "may_write": may_write,
        "refusal": refusal,
        "versions": [
            (one, rules.assurance_in_words(one)) for one in AssuranceText.objects.versions(college, year)
        ],
    }
    return render(request, "articulations/assurance_text.html", context, status=status)
