"""Create New SERS Account as a person fills it in, page by page."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from students.forms.creating import QUESTIONS
from tests.people import Cast
from tests.policing import PolicingClient

PASSWORD = "a quiet river of stones"


def page_url(page: str) -> str:
    return reverse("students:question", args=[page])


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    """What a new student types, all in order."""
    return {
        "first_name": "Noor",
        "last_name": "Haddad",
        "birth_date_month": "march",
        "birth_date_day": "27",
        "birth_date_year": str(timezone.localdate().year - 16),
        "email": "noor@example.net",
        "school": str(cast.kamiakin.public_id),
        "grade_level": "11",
        "graduation_year": str(timezone.localdate().year + 1),
    } | changes


def answer(client: PolicingClient, page: str, everything: Mapping[str, str]) -> Any:
    """Send the fields of one page."""
    fields = QUESTIONS[page].base_fields
    mine = {
        name: value
        for name, value in everything.items()
        if any(name == field or name.startswith(f"{field}_") for field in fields)
    }
    return client.post(page_url(page), mine)


def answer_all(client: PolicingClient, everything: Mapping[str, str]) -> None:
    for page in QUESTIONS:
        response = answer(client, page, everything)
        assert response.status_code == 302, (page, response.context["form"].errors)


def create(client: PolicingClient, cast: Cast, **changes: str) -> Any:
    """The whole way; the answer to the last page."""
    answer_all(client, typed(cast, **changes))
    return client.post(reverse("students:password"), {"password": PASSWORD, "compare_password": PASSWORD})
