"""New accounts from a file: hand it in, see what it will do, have it saved."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedIn, for_roles
from organizations import actions, rules
from organizations.forms.fields import places_to_give
from organizations.forms.files import PeopleFileForm
from organizations.models import PeopleFile
from sers.lib.attachments import CSV, attachment
from sers.lib.listing import page_of
from sers.lib.refusal import Refused
from sers.lib.sheets import write_csv

#: Seconds between two looks at a file that is being saved.
LOOK_AGAIN: Final = 2


@for_roles(*rules.GRANTS)
@require_http_methods(["GET", "POST"])
def new_people(request: SignedIn) -> HttpResponse:
    """Hand in a CSV file of new people. Nothing is saved yet: the next page says what it will do."""
    form = PeopleFileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if form.is_bound and form.is_valid():
        return redirect("organizations:people_file", public_id=form.save(by=request.user).public_id)
    reach = rules.reach_of(request.user)
    context = {
        "form": form,
        "columns": rules.columns_in_words(reach),
        "words": rules.grants_in_words(reach),
    }
    return render(request, "organizations/new_people.html", context, status=422 if form.errors else 200)


@for_roles(*rules.GRANTS)
@require_safe
def template(request: SignedIn) -> HttpResponse:
    """The CSV file to fill in: one row for each place one gives seats at, spelled as SERS spells it."""
    reach = rules.reach_of(request.user)
    rows = rules.template_rows(reach, places_to_give(reach).by_key.values())
    content = write_csv([column.head for column in rules.COLUMNS], rows)
    return attachment(content, name="new-people.csv", mime=CSV)


@for_roles(*rules.GRANTS)
@require_http_methods(["GET", "POST"])
def people_file(request: SignedIn, public_id: UUID) -> HttpResponse:
    """What a file will do, row by row; Save hands it to a worker, whose progress this page tells."""
    file = get_object_or_404(PeopleFile.objects.of(request.user), public_id=public_id)
    if request.method == "POST":
        try:
            actions.save_file(file=file, by=request.user)
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("organizations:people_file", public_id=file.public_id)
    rows = actions.rows_of_file(file)
    problems = [row for row in rows if row.problem]
    page = page_of([*problems, *(row for row in rows if not row.problem)], request.GET.get("page", ""))
    context = {
        "file": file,
        "page": page,
        "tally": rules.tally(rows),
        "problems": len(problems),
        "rows": len(rows),
        "sentence": f"{len(rows):,} rows are saved together: all of them, or none. It takes less than a minute.",
        "result": rules.result_in_words(file.accounts, file.seats),
        "people_url": reverse("organizations:people"),
        "again": reverse("organizations:new_people"),
        "refresh": LOOK_AGAIN if file.state == PeopleFile.State.QUEUED else 0,
    }
    return render(request, "organizations/people_file.html", context)
