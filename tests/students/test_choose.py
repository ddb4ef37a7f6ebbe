"""The teacher and the college of each class, and Save & Register."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Mail, User
from articulations.models import HighSchoolCourse, Section
from organizations.models import College, CollegeYear, ConsortiumYear, Window
from sers.lib.refusal import Refusal
from students import actions, rules
from students.models import FIRST_CONSENT, ConsentText, Registration, Student
from tests.people import Cast, close_window, make_agreement, make_college_course, make_section
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text, title

URL = reverse("students:choose")


@pytest.fixture
def newcomer(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.newcomer.user)
    return client


@pytest.fixture
def second_college(cast: Cast) -> College:
    """The neighbour's college gives credit for accounting too, under terms of its own."""
    make_agreement(
        (cast.accounting, make_college_course(cast.wwcc, "ACCT& 201")), consortium=cast.walla_walla
    )
    ConsortiumYear.objects.filter(consortium=cast.walla_walla, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )
    CollegeYear.objects.filter(college=cast.wwcc, year=cast.year).update(
        mode=CollegeYear.Mode.ON_REQUEST, request_by=cast.year.ends_on, every_term=True
    )
    return cast.wwcc


def at(*courses: HighSchoolCourse) -> str:
    return URL + "?" + "&".join(f"class={course.public_id}" for course in courses)


def choice(course: HighSchoolCourse, section: Section, college: College) -> dict[str, str]:
    return {
        f"teacher_{course.public_id}": str(section.public_id),
        f"college_{course.public_id}": str(college.public_id),
    }


CONSENT = {"consent": "on", "consent_version": FIRST_CONSENT}


def test_one_teacher_and_one_college_are_chosen_already(cast: Cast, newcomer: PolicingClient) -> None:
    response = newcomer.get(at(cast.accounting))
    words = text(response)
    assert "Register for Accounting 1" in words
    assert response.content.decode().count(" checked") == 2
    assert "This becomes part of your permanent college record" in words
    assert "take the class without college credit" in words


def test_of_several_colleges_none_is_chosen_and_what_differs_stands_first(
    cast: Cast, newcomer: PolicingClient, second_college: College
) -> None:
    response = newcomer.get(at(cast.accounting))
    page = response.content.decode()
    assert "Which college should give you credit for Accounting 1?" in text(response)
    assert page.count(" checked") == 1  # the teacher
    cards = [
        [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"(?s)<dt>.*?</dd>", card)]
        for card in page.split('class="s-option"')[1:]
    ]
    closes = f"{timezone.localdate() + timedelta(days=30):%B} "
    assert [row.split(closes)[0] for row in cards[0]] == [
        "Minimum grade 85 % at the end of the class",
        "Fee None",
        "How it reaches your record Automatic in the summer",
        "College course ACCT& 201 Principles of Accounting I".replace("&", "&amp;"),
        "Register by ",
        "Credits and worth 5 credits, about $660 of tuition",
    ]
    assert cards[1][:3] == [
        "Minimum grade 70 % in each term",
        "Fee $50 once a school year",
        "How it reaches your record You ask the college by June 30",
    ]
    assert [row.split()[0] for row in cards[0]] == [row.split()[0] for row in cards[1]]
    assert page.count('<div class="same">') == 4


def test_of_several_teachers_none_is_chosen_but_by_the_class_code(
    cast: Cast, newcomer: PolicingClient
) -> None:
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5", class_code="FIFTH55")
    assert newcomer.get(at(cast.accounting)).content.decode().count(" checked") == 1  # the college
    page = newcomer.get(URL, {"code": "fifth55"}).content.decode()
    assert re.search(f'value="{other.public_id}"[^>]* checked', page)


def test_save_and_register(cast: Cast, newcomer: PolicingClient) -> None:
    response = newcomer.post(
        at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT, follow=True
    )
    one = Registration.objects.get(student=cast.newcomer)
    assert response.redirect_chain[-1][0] == reverse("students:registration", args=[one.public_id])
    assert (one.section, one.college, one.status) == (cast.section, cast.cbc, Registration.Status.IN_PROGRESS)
    assert one.registered_by == cast.newcomer.user
    assert (one.consent_id, one.consent_language) == (ConsentText.objects.in_force().version, "en")
    assert messages(response) == [
        f"You are registered for Accounting 1 (reference {one.reference}). "
        f"Mail about it goes to {cast.newcomer.email}."
    ]
    assert one.reference in Mail.objects.get(kind="students/registered").text
    assert Event.objects.filter(kind="students.registered", subject_id=one.pk).exists()


def test_several_classes_at_once(cast: Cast, newcomer: PolicingClient) -> None:
    response = newcomer.post(at(cast.accounting, cast.welding), both(cast), follow=True)
    assert response.redirect_chain[-1][0] == reverse("students:answers")
    made = Registration.objects.of(cast.newcomer)
    assert made.count() == 2
    mail = Mail.objects.get(kind="students/registered", to=cast.newcomer.email)  # one for all
    assert all(one.reference in mail.text and one.reference in text(response) for one in made)


def test_a_fee_or_form_makes_it_pending(cast: Cast, newcomer: PolicingClient) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(form_required=True)
    assert "You also sign a form" in text(newcomer.get(at(cast.accounting)))
    newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT)
    assert Registration.objects.get(student=cast.newcomer).fees_req == Registration.FeesReq.PENDING


def test_what_is_not_chosen_is_asked_for_and_the_rest_kept(
    cast: Cast, newcomer: PolicingClient, second_college: College
) -> None:
    make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    response = newcomer.post(at(cast.accounting), {})
    assert response.status_code == 422
    assert errors(response) == [
        "Choose your teacher for Accounting 1",
        "Choose a college for Accounting 1",
        "Tick the box if you want the college credit",
    ]
    assert title(response).startswith("Error: ")
    kept = newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, second_college))
    assert errors(kept) == ["Tick the box if you want the college credit"]
    assert kept.content.decode().count(" checked") == 2
    assert not Registration.objects.of(cast.newcomer).exists()


@pytest.mark.parametrize("nonsense", ["", "x" * 200_000, "6b2f0a0e-9a0b-4a53-8a55-bd3a31f3d5d1"])
def test_a_foreign_teacher_or_college_is_refused(cast: Cast, newcomer: PolicingClient, nonsense: str) -> None:
    for field in ("teacher", "college"):
        data = choice(cast.accounting, cast.section, cast.cbc) | CONSENT
        data[f"{field}_{cast.accounting.public_id}"] = nonsense
        assert newcomer.post(at(cast.accounting), data).status_code == 422
    other = choice(cast.accounting, cast.other_section, cast.wwcc) | CONSENT
    assert newcomer.post(at(cast.accounting), other).status_code == 422
    assert not Registration.objects.of(cast.newcomer).exists()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?class=nonsense",
        "?class=6b2f0a0e-9a0b-4a53-8a55-bd3a31f3d5d1",
        "?code=NOPE",
        "?code=" + "9" * 3000,
    ],
)
def test_nothing_to_choose_leads_back_with_words(cast: Cast, newcomer: PolicingClient, query: str) -> None:
    response = newcomer.get(URL + query, follow=True)
    assert response.redirect_chain == [(reverse("students:register"), 302)]
    assert "No class that earns college credit this year was chosen" in messages(response)[0]


def test_a_closed_class_shows_why_and_takes_nothing(cast: Cast, newcomer: PolicingClient) -> None:
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    response = newcomer.get(at(cast.accounting))
    assert "You cannot register now" in text(response)
    assert "Registration in Columbia Basin closed" in text(response)
    sent = newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT)
    assert not Registration.objects.of(cast.newcomer).exists()
    assert sent.status_code in (200, 409, 422)


def test_a_college_whose_window_is_closed_is_named_but_not_offered(
    cast: Cast, newcomer: PolicingClient, second_college: College
) -> None:
    close_window(Window.Kind.REGISTRATION, cast.walla_walla, cast.year)
    response = newcomer.get(at(cast.accounting))
    assert "Walla Walla Community College: Registration in Walla Walla closed" in text(response)
    assert str(second_college.public_id) not in response.content.decode()


def close_between(patch: pytest.MonkeyPatch, *courses: HighSchoolCourse) -> None:
    """Somebody else's change comes between the page and the button: these classes are refused by the act."""
    really = rules.why_not_register

    def why_not(student: Student, section: Section, *args: Any, **facts: Any) -> Any:
        if section.high_school_course in courses:
            return Refusal("registration_closed", "Registration in Columbia Basin closed.", "Ask.")
        return really(student, section, *args, **facts)

    patch.setattr(rules, "why_not_register", why_not)


def both(cast: Cast) -> dict[str, str]:
    return (
        choice(cast.accounting, cast.section, cast.cbc)
        | choice(cast.welding, cast.colleague_section, cast.cbc)
        | CONSENT
    )


def test_one_refused_keeps_none_of_the_others_back(
    cast: Cast, newcomer: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_between(monkeypatch, cast.accounting)
    response = newcomer.post(at(cast.accounting, cast.welding), both(cast), follow=True)
    assert [one.high_school_course for one in Registration.objects.of(cast.newcomer)] == [cast.welding]
    words = text(response)
    assert "You are registered for 1 class" in words
    assert "1 class is not registered Accounting 1 Registration in Columbia Basin closed. Ask." in words


def test_all_refused_is_said_on_the_page(
    cast: Cast, newcomer: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_between(monkeypatch, cast.accounting)
    response = newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT)
    assert response.status_code == 409
    assert "Registration in Columbia Basin closed" in errors(response)[0]


def test_a_text_that_changed_meanwhile_is_read_again(cast: Cast, newcomer: PolicingClient) -> None:
    data = choice(cast.accounting, cast.section, cast.cbc) | CONSENT
    new = actions.publish_consent(
        wordings={"en": ("Read this", "New words."), "es": ("Lee esto", "Palabras nuevas.")}, by=cast.state
    )
    response = newcomer.post(at(cast.accounting), data)
    assert response.status_code == 422
    assert "The text you agree to was changed while this page was open." in errors(response)[0]
    assert "New words." in text(response)
    newcomer.post(at(cast.accounting), data | {"consent_version": new.version})
    assert Registration.objects.get(student=cast.newcomer).consent == new


def test_it_is_agreed_to_in_the_language_of_the_screen(cast: Cast, newcomer: PolicingClient) -> None:
    User.objects.filter(pk=cast.newcomer.user_id).update(language="es")
    assert "historial universitario permanente" in text(newcomer.get(at(cast.accounting)))
    newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT)
    assert Registration.objects.get(student=cast.newcomer).consent_language == "es"


def test_sent_again_it_answers_with_what_stands(cast: Cast, newcomer: PolicingClient) -> None:
    """A double click, or the same form once more after a time-out."""
    data = choice(cast.accounting, cast.section, cast.cbc) | CONSENT
    first = newcomer.post(at(cast.accounting), data)
    again = newcomer.post(at(cast.accounting), data)
    assert Registration.objects.of(cast.newcomer).count() == 1
    assert again.headers["Location"] == first.headers["Location"]


def test_sent_again_with_more_classes_it_answers_for_all(cast: Cast, newcomer: PolicingClient) -> None:
    newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT)
    response = newcomer.post(at(cast.accounting, cast.welding), both(cast), follow=True)
    assert "You are registered for 2 classes" in text(response)
    assert Registration.objects.of(cast.newcomer).count() == 2
    assert Mail.objects.filter(kind="students/registered", to=cast.newcomer.email).count() == 2


def test_another_choice_for_a_registered_class_is_told_and_changes_nothing(
    cast: Cast, newcomer: PolicingClient
) -> None:
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    newcomer.post(at(cast.accounting), choice(cast.accounting, cast.section, cast.cbc) | CONSENT)
    again = newcomer.post(at(cast.accounting), choice(cast.accounting, other, cast.cbc) | CONSENT)
    assert "You are registered for this class with Columbia Basin College" in text(again)
    assert Registration.objects.get(student=cast.newcomer).section == cast.section


def test_an_address_not_confirmed_for_a_week_registers_nothing(cast: Cast, newcomer: PolicingClient) -> None:
    Student.objects.filter(pk=cast.newcomer.pk).update(created_at=timezone.now() - timedelta(days=9))
    assert "Your e-mail address is not confirmed yet." in text(newcomer.get(at(cast.accounting)))


def test_other_classes_that_are_needed_too_are_named(cast: Cast, newcomer: PolicingClient) -> None:
    both = make_college_course(cast.cbc, "BUS 250")
    make_agreement((cast.accounting, both), (cast.welding, both), consortium=cast.columbia_basin)
    assert "You also need Welding Technology" in text(newcomer.get(at(cast.accounting)))


def test_it_is_for_students(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    assert client.get(at(cast.accounting)).status_code == 403


def test_the_number_of_queries_does_not_grow(
    cast: Cast, newcomer: PolicingClient, django_assert_num_queries: Any, second_college: College
) -> None:
    with django_assert_num_queries(17):
        newcomer.get(at(cast.welding))
    make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    with django_assert_num_queries(17):
        newcomer.get(at(cast.accounting, cast.welding, cast.health))
