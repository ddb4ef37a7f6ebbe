"""Fees that come by bank or shop: files are handed in and looked at, and what matches nobody is worked off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Role, SignedIn, for_roles
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.statements import ColumnsForm, LineForm, StatementForm
from students.models import Disclosure, Statement, StatementLine, Student
from students.views.disclosing import disclose


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: SignedIn) -> HttpResponse:
    """Hand in a file of payments; money that waits for somebody to say whose it is; the last files."""
    posted = request.method == "POST"
    form = StatementForm(
        request.POST if posted else None, request.FILES if posted else None, user=request.user
    )
    if form.is_bound and form.is_valid():
        return redirect("students:statement", public_id=form.save(by=request.user).public_id)
    lines = StatementLine.objects.visible_to(request.user)
    return render(
        request,
        "students/statements.html",
        {
            "form": form,
            "page": page_of(lines.waiting(), request.GET.get("page", "")),
            "done": list(lines.done()[:10]),
            "files": list(Statement.objects.visible_to(request.user).lately()),
        },
        status=422 if form.errors else 200,
    )


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What a file will do, line by line; which columns hold what; then it is saved, all of it or nothing."""
    file = get_object_or_404(
        Statement.objects.visible_to(request.user).select_related("consortium"), public_id=public_id
    )
    form = ColumnsForm(request.POST if "map" in request.POST else None, statement=file)
    if request.method == "POST":
        try:
            if "save" in request.POST:
                actions.save_statement(statement=file, by=request.user)
                return redirect("students:statement", public_id=public_id)
            if form.is_valid():
                form.save(by=request.user)
                return redirect("students:statement", public_id=public_id)
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("students:statement", public_id=public_id)
    matched = actions.matches_of(file) if file.state == Statement.State.PREVIEW else []
    page = page_of(rules.faults_first(matched), request.GET.get("page", ""))
    disclose(request, Disclosure.What.FEES, Student.objects.keyed([one.student for one in page]))
    return render(
        request,
        "students/statement.html",
        {
            "file": file,
            "form": form,
            "page": page,
            "tally": rules.tally_of(matched),
            "refusal": rules.why_not_save_statement(matched),
            "columns_refusal": rules.why_not_columns(file.rows[0] if file.rows else [], file.columns),
        },
        status=422 if form.errors else 200,
    )


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def statement_line(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One line that matches nobody: whose money it is, or why it is set aside."""
    line = get_object_or_404(
        StatementLine.objects.visible_to(request.user).select_related(
            "statement", "payment__student", "decided_by"
        ),
        public_id=public_id,
    )
    form = LineForm(
        request.POST if request.method == "POST" and "back" not in request.POST else None,
        line=line,
        user=request.user,
    )
    refusal = None
    try:
        if "back" in request.POST:
            actions.put_line_back(line=line, by=request.user)
            return redirect("students:statement_line", public_id=public_id)
        if form.is_bound and form.is_valid():
            payment = form.save(by=request.user)
            if payment is None:
                messages.success(request, "The line is set aside.")
                return redirect("students:statements")
            messages.success(request, f"The money is entered as payment {payment.number}.")
            return redirect("students:payment", public_id=payment.public_id)
    except Refused as refused:
        refusal = refused.refusal
    if line.payment is not None and line.payment.student is not None:
        disclose(request, Disclosure.What.FEES, [line.payment.student])
    return render(
        request,
        "students/statement_line.html",
        {"line": line, "form": form, "refusal": refusal},
        status=409 if refusal else 422 if form.errors else 200,
    )
