"""Files of courses and of classes, looked at row by row before anything is saved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import SignedIn
from articulations.models import LookedAtFile
from sers.lib.listing import page_of
from sers.lib.refusal import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Read:
    """What a file comes to as things stand now: its rows in the order they are looked at, how many come to what, whether
    saving changes something, and the fingerprint of all that."""

    rows: Sequence[Any]
    tally: Sequence[tuple[str, str]]
    changes_something: bool
    seen: str
    #: What the page of the kind says besides.
    more: dict[str, Any] = field(default_factory=dict)


def looked_at(
    request: SignedIn,
    file: LookedAtFile,
    template: str,
    *,
    again: str,
    save: Callable[..., object],
    read: Callable[[Any], Read],
) -> HttpResponse:
    """What a file changes, row by row; Save All saves that and nothing else. `again` is where another one is handed in."""
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            save(file=file, seen=request.POST.get("seen", ""), by=request.user)
        except Refused as refused:
            refusal = refused.refusal
        else:
            return redirect(request.path)
    found = read(file)
    context = {
        "file": file,
        "page": page_of(found.rows, request.GET.get("page", "")),
        "again": again,
        "tally": found.tally,
        "problems": any(row.problem for row in found.rows),
        "changes_something": found.changes_something,
        "seen": found.seen,
        "refusal": refusal,
        **found.more,
    }
    return render(request, template, context, status=409 if refusal else 200)
