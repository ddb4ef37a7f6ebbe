"""The receipts of a class: every Save Changes, latest first."""

import re
from typing import Any

import pytest
from django.urls import reverse

from tests import people
from tests.grading.test_actions import change, save
from tests.people import Cast
from tests.policing import PolicingClient


def address(section: Any) -> str:
    return reverse("grading:receipts", args=[section.public_id])


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_every_save_latest_first(teacher: PolicingClient, cast: Cast) -> None:
    cast.section.teachers.add(cast.colleague_seat)
    receipt = save(cast, change(cast.registration, "91", comment="Good."), by=cast.colleague).receipt
    said = words(teacher.get(address(cast.section)))
    assert "2 receipts" in said
    assert f"{cast.colleague.name} 1 row and 1 comment" in said
    assert said.index(f"{receipt} ") < said.index(f"R-{cast.receipt.pk} ")
    assert "You 1 row" in said


def test_none_yet(teacher: PolicingClient, cast: Cast) -> None:
    other = people.make_section(cast.welding, cast.teacher_seat, label="Period 9")
    assert "Nothing was saved in this class yet." in words(teacher.get(address(other)))


def test_who_may_open_it(client: PolicingClient, cast: Cast) -> None:
    for person, status in {"colleague": 404, "counselor": 403, "state": 403, "former_teacher": 403}.items():
        client.force_login(getattr(cast, person))
        assert client.get(address(cast.section)).status_code == status, person
        assert client.post(address(cast.section)).status_code in (403, 405)


@pytest.mark.parametrize("number", [1, 3])
def test_queries(teacher: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for percent in range(number):
        save(cast, change(cast.registration, str(90 + percent)))
    # session, user, seats, class, receipts
    with django_assert_num_queries(5):
        assert teacher.get(address(cast.section)).status_code == 200
