"""What became of the classes that were sent in one act."""

import time
import tracemalloc
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Mail
from articulations.models import ArticulationCourse, HighSchoolCourse, Section
from organizations.models import FurtherAsk
from sers.lib.refusal import Refusal
from students.actions import Wanted, register_classes
from students.models import FIRST_CONSENT, Registration, Requirement
from tests.owing import make_terms
from tests.people import (
    Cast,
    account_of,
    make_agreement,
    make_college_course,
    make_high_school_course,
    make_section,
)
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


#: As many for thirty classes as for three. One class is answered by its own page: nothing is kept for the page of
#: answers then, which is written into the session in three queries.
ASKS, ACT_OF_ONE, ACT, ANSWERS = 17, 37, 40, 15


@pytest.mark.parametrize("number", [1, 3, THIRTY])
def test_thirty_classes_ask_the_database_as_often_as_one(
    cast: Cast,
    client: PolicingClient,
    thirty: list[tuple[HighSchoolCourse, Section]],
    django_assert_num_queries: Any,
    number: int,
) -> None:
    """With a form, a guardian's signature, a fee of the year and one thing more to write down for each."""
    terms = make_terms(
        cast.columbia_basin, cast.year, form_required=True, guardian_signs="everybody",
        fee_basis="flat_per_year", fee_amount=20,
    )  # fmt: skip
    FurtherAsk.objects.create(terms=terms, names={"en": "College application"})
    client.force_login(cast.newcomer.user)
    some = thirty[:number]
    client.get(path(some))
    with django_assert_num_queries(ASKS):
        client.get(path(some))
    with django_assert_num_queries(ACT if number > 1 else ACT_OF_ONE):
        client.post(path(some), form(cast, some))
    made = Registration.objects.of(cast.newcomer)
    assert made.count() == number
    assert sorted(made.values_list("fee_due", flat=True)) == [Decimal(0)] * (number - 1) + [Decimal(20)]
    assert set(made.values_list("fees_req", flat=True)) == {"pending"}
    assert Requirement.objects.filter(registration__in=made).count() == 3 * number + 1
    assert Event.objects.filter(kind="students.registered").count() == number
    assert Mail.objects.filter(kind="students/registered").count() == 1
    if number > 1:
        with django_assert_num_queries(ANSWERS):
            client.get(URL)


def test_thirty_classes_take_little_memory(
    cast: Cast, client: PolicingClient, thirty: list[tuple[HighSchoolCourse, Section]]
) -> None:
    """What the act of thirty holds at its peak, beside that of three."""
    client.force_login(cast.newcomer.user)
    peaks = []
    for some in (thirty[:3], thirty):
        sent = form(cast, some)
        client.get(path(some))
        tracemalloc.start()
        client.post(path(some), sent)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1024**2)
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 5, peaks


def test_one_that_is_refused_keeps_none_of_the_others_back(
    cast: Cast, client: PolicingClient, thirty: list[tuple[HighSchoolCourse, Section]]
) -> None:
    """While the form was open, a third of the classes lost their agreement; the page says of each what became of it."""
    client.force_login(cast.newcomer.user)
    lost = {course.pk for course, _ in thirty[::3]}
    ArticulationCourse.objects.filter(high_school_course__in=lost).update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    answers = register_classes(
        student=cast.newcomer,
        wanted=[Wanted(section, cast.cbc) for _, section in thirty],
        by=account_of(cast.newcomer),
    )
    for (course, _), answer in zip(thirty, answers, strict=True):
        assert isinstance(answer, Refusal) is (course.pk in lost)
    assert Registration.objects.of(cast.newcomer).count() == THIRTY - len(lost)


def test_a_class_twice_in_one_act_is_registered_once(cast: Cast) -> None:
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 6")
    answers = register_classes(
        student=cast.newcomer,
        wanted=[Wanted(one, cast.cbc) for one in (cast.section, cast.section, other)],
        by=account_of(cast.newcomer),
    )
    made = Registration.objects.get(student=cast.newcomer)
    assert answers[:2] == [made, made]
    assert isinstance(answers[2], Refusal)
    assert answers[2].rule == "registered_already"


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
