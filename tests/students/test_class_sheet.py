"""The class code and its QR code on one sheet, for the wall of the classroom."""

import pytest
from django.conf import settings
from django.urls import reverse

from sers.lib.qr import qr_picture
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text


def address(cast: Cast) -> str:
    return reverse("students:class_sheet", args=[cast.section.public_id])


def test_the_sheet_says_the_code_in_english_and_spanish(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.teacher)
    response = client.get(address(cast))
    words = text(response)
    assert "ACCTG23" in words
    assert f"{settings.PUBLIC_URL}{reverse('students:join', args=['ACCTG23'])}" in words
    assert "Earn college credit in this class" in words
    assert '<div lang="es">' in response.content.decode()
    assert "Columbia Basin College, 5 credits" in words
    assert "Columbia Basin College, 5 créditos" in words
    picture = qr_picture(f"{settings.PUBLIC_URL}{reverse('students:join', args=['ACCTG23'])}")
    assert picture.modules in response.content.decode()


@pytest.mark.parametrize("who", ["counselor", "district", "consortium", "state"])
def test_staff_within_reach_print_it_too(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast)).status_code == 200


@pytest.mark.parametrize("who", ["colleague", "other_teacher", "other_counselor", "other_consortium"])
def test_for_strangers_it_is_not_there(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast)).status_code == 404


def test_students_and_registrars_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    for user in (cast.student.user, cast.registrar, cast.faculty):
        client.force_login(user)
        assert client.get(address(cast)).status_code == 403


def test_the_list_of_classes_leads_there(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    assert address(cast) in client.get(reverse("articulations:sections")).content.decode()
