"""What became of the classes that were sent in one act."""

import time
from typing import Any

import pytest
from django.urls import reverse

from articulations.models import HighSchoolCourse, Section
from students.models import FIRST_CONSENT, Registration
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course, make_section
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:answers")
CHOOSE = reverse("students:choose")
THIRTY = 30


@pytest.fixture
def thirty(cast: Cast) -> list[tuple[HighSchoolCourse, Section]]:
    """Thirty classes that can be registered for."""
    found = []
    for number in range(THIRTY):
        course = make_high_school_course(cast.kamiakin, f"Class {number}")
        found.append((course, make_section(course, cast.teacher_seat)))
        make_agreement(
            (course, make_college_course(cast.cbc, f"THE {number + 100}")), consortium=cast.columbia_basin
        )
    return found


def form(cast: Cast, classes: list[tuple[HighSchoolCourse, Section]]) -> dict[str, str]:
    data = {"consent": "on", "consent_version": FIRST_CONSENT}
    for course, section in classes:
        data[f"teacher_{course.public_id}"] = str(section.public_id)
        data[f"college_{course.public_id}"] = str(cast.cbc.public_id)
    return data


def path(classes: list[tuple[HighSchoolCourse, Section]]) -> str:
    return CHOOSE + "?" + "&".join(f"class={course.public_id}" for course, _ in classes)


def test_thirty_classes_in_one_act_and_safe_to_send_again(
    cast: Cast, client: PolicingClient, thirty: list[tuple[HighSchoolCourse, Section]]
) -> None:
    client.force_login(cast.newcomer.user)
    began = time.monotonic()
    response = client.post(path(thirty), form(cast, thirty), follow=True)
    took = time.monotonic() - began
    words = text(response)
    assert "You are registered for 30 classes" in words
    references = list(Registration.objects.of(cast.newcomer).values_list("reference", flat=True))
    assert len(references) == THIRTY
    assert all(reference in words for reference in references)
    again = client.post(path(thirty), form(cast, thirty), follow=True)
    assert "You are registered for 30 classes" in text(again)
    assert Registration.objects.of(cast.newcomer).count() == THIRTY
    assert took < 20, f"{took:.1f} s"


def test_what_broke_off_left_nothing_and_the_next_try_registers_all(
    cast: Cast,
    client: PolicingClient,
    thirty: list[tuple[HighSchoolCourse, Section]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from students.actions import registrations

    class Cut(Exception):
        """The server went away before the answer."""

    def cut(*args: Any) -> None:
        raise Cut

    client.force_login(cast.newcomer.user)
    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(registrations, "_tell", cut)
        client.post(path(thirty), form(cast, thirty))
    assert not Registration.objects.of(cast.newcomer).exists()
    client.post(path(thirty), form(cast, thirty))
    assert Registration.objects.of(cast.newcomer).count() == THIRTY


def test_who_sent_nothing_is_led_to_my_classes(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.newcomer.user)
    assert client.get(URL).headers["Location"] == reverse("students:my_classes")
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 403
