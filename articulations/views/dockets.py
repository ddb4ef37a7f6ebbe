"""A list in which people find what waits for them: requests, and texts of agreements."""

from collections.abc import Callable, Mapping
from typing import Any

from accounts.access import SignedIn
from articulations.forms.dockets import DocketForm, Rows
from sers.lib.listing import changed, chips_of, page_of


def docket(
    request: SignedIn,
    form: DocketForm,
    *,
    visible: Rows,
    waiting: Rows,
    listed: Callable[[Rows], Any],
    told: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    """What the page of such a list says: what waits for the reader where something does, else what is open."""
    show = form.cleaned_data["show"] or ("waiting" if waiting.exists() else "open")
    found: Rows = {"waiting": waiting, "open": visible.open(), "closed": visible.closed()}[show]
    page = page_of(listed(form.narrow(found).latest_first()), request.GET.get("page", ""))
    return {
        "form": form,
        "show": show,
        "choices": [
            (value, label, changed(request.GET, show=value, page=None)) for value, label in form.SHOWN
        ],
        "page": page,
        "rows": [row | told(row) for row in page.object_list],
        "chips": chips_of(request.GET, form.in_use()),
        "query": changed(request.GET, page=None),
    }
