"""What tests of Grade Changes share: a class whose grading is closed, and the steps as people press them."""

from typing import Any

from django.urls import reverse

from grading.models import GradeChange
from organizations.models import Window
from students.models import Registration
from tests.people import Cast, close_window, make_change
from tests.policing import PolicingClient


def closed(cast: Cast) -> Registration:
    """`classmate_registration`, Completed with 97, after grading closed."""
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    return cast.classmate_registration


def confirmed(cast: Cast, registration: Registration, grade: str = "91", **facts: Any) -> GradeChange:
    """A Grade Change its teacher asked for, and so confirmed."""
    change = make_change(registration, cast.teacher, asked_as="teacher", wanted=grade)
    now = change.asked_at
    GradeChange.objects.filter(pk=change.pk).update(
        state="confirmed", grade=grade, confirmed_by=cast.teacher, confirmed_at=now, **facts
    )
    change.refresh_from_db()
    return change


def page(change: GradeChange) -> str:
    return reverse("grading:change", args=[change.public_id])


def press(client: PolicingClient, user: Any, change: GradeChange, act: str, **typed: str) -> Any:
    """Send one of the forms of a Grade Change."""
    client.force_login(user)
    fields = {f"{act}-{name}": value for name, value in typed.items()}
    return client.post(page(change), {"chosen": act, **fields})
