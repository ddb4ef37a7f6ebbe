"""Registration forms to print: one sheet a class, with the words agreed to and a QR code for staff."""

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from organizations.models import ConsortiumYear
from sers.lib.qr import qr_picture
from students.models import Registration
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:registration_forms")


def of(*registrations: Registration) -> dict[str, list[str]]:
    return {"one": [str(one.public_id) for one in registrations]}


def test_the_sheet_holds_what_a_form_needs(cast: Cast, client: PolicingClient) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(form_required=True)
    client.force_login(cast.owing.user)
    response = client.get(URL, of(cast.owing_registration))
    words = text(response)
    for said in (
        "1 registration form to print",
        cast.owing_registration.reference,
        cast.owing.sers_id,
        "Fee $20",
        "This becomes part of your permanent college record",
        "Consent text 2026-1, agreed to in SERS on",
        "Give the signed form to your teacher or to Columbia Basin",
        "Signature of the student",
        "Signature of a parent or guardian",
    ):
        assert said in words
    intake = reverse("students:take_form", args=[cast.owing_registration.public_id])
    assert qr_picture(f"{settings.PUBLIC_URL}{intake}").modules in response.content.decode()


def test_several_forms_are_one_sheet_each(cast: Cast, client: PolicingClient) -> None:
    other = make_registration(cast.student, cast.colleague_section, cast.welding_agreement)
    client.force_login(cast.student.user)
    page = client.get(URL, of(cast.registration, other)).content.decode()
    assert page.count('<article class="s-sheet"') == 2


def test_a_class_that_was_left_is_not_signed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.gone.user)
    words = text(client.get(URL, of(cast.gone_registration)))
    assert "This class stands as Withdrawn. Do not hand the form in." in words
    assert "Signature" not in words


@pytest.mark.parametrize("who", ["teacher", "counselor", "consortium"])
def test_staff_within_reach_print_it(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(URL, of(cast.registration)).status_code == 200


def test_what_is_not_ones_own_is_left_out_or_not_there(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    mixed = client.get(URL, of(cast.registration, cast.classmate_registration)).content.decode()
    assert cast.classmate_registration.reference not in mixed
    assert client.get(URL, of(cast.classmate_registration)).status_code == 404
    assert client.get(URL, {"one": [str(uuid.uuid4()), "nonsense"]}).status_code == 404
    assert client.get(URL).status_code == 404
    client.force_login(cast.faculty)
    assert client.get(URL, of(cast.registration)).status_code == 403


def test_the_number_of_queries_does_not_grow(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.student.user)
    client.get(URL, of(cast.registration))
    with django_assert_num_queries(16):
        client.get(URL, of(cast.registration))
    more = [
        make_registration(cast.student, section, agreement)
        for section, agreement in (
            (cast.colleague_section, cast.welding_agreement),
            (cast.other_section, cast.other_agreement),
        )
    ]
    with django_assert_num_queries(16):
        client.get(URL, of(cast.registration, *more))
