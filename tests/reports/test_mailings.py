"""Letters to a group: who is in which, what a letter may say, and the page they begin on."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from reports import actions, rules
from reports.models import Mailing, NoLetters
from sers.lib.refusal import Refused
from students.models import Registration, Student
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.students.pages import text

ADDRESS = "/reports/mailings/"


def draft(cast: Cast, group: str, **facts: Any) -> Mailing:
    facts.setdefault("year", cast.year)
    return actions.begin_mailing(group=group, consortium=cast.columbia_basin, by=cast.consortium, **facts)


def names(mailing: Mailing) -> set[str]:
    return set(rules.people_of(mailing).values_list("username", flat=True))


def users(*people: Any) -> set[str]:
    return {(one.user if isinstance(one, Student) else one).username for one in people}


# --- Who is in which group ----------------------------------------------------------------------------------


def test_not_registered_are_students_of_its_schools_without_a_class(cast: Cast) -> None:
    letter = draft(cast, "not_registered")
    found = names(letter)
    assert users(cast.newcomer) <= found
    assert not found & users(cast.student, cast.classmate, cast.below, cast.owing, cast.other_student)
    assert users(cast.gone) <= found, "whoever withdrew is not registered"
    make_registration(cast.newcomer, cast.section, cast.agreement)
    assert not names(letter) & users(cast.newcomer)
    Registration.objects.filter(student=cast.newcomer).update(student=cast.gone)
    Student.objects.filter(pk=cast.gone.pk).update(merged_into=cast.newcomer)
    assert not names(letter) & users(cast.newcomer), "a class of a merged record is theirs"


def test_form_pending_are_those_of_the_queue(cast: Cast) -> None:
    assert names(draft(cast, "form_pending")) == users(cast.owing)


def test_blanks_are_the_teachers_of_classes_with_them(cast: Cast) -> None:
    found = names(draft(cast, "blanks"))
    assert users(cast.teacher) <= found
    assert not found & users(cast.colleague, cast.other_teacher, cast.former_teacher, cast.locked_teacher)
    Registration.objects.filter(section=cast.section, status="in_progress").update(status="withdrawn")
    assert names(draft(cast, "blanks")) == set()


def test_assurance_are_the_teachers_who_owe_one(cast: Cast) -> None:
    found = names(draft(cast, "assurance"))
    assert users(cast.teacher) <= found
    assert not found & users(cast.colleague, cast.other_teacher)


def test_awarded_are_students_with_standing_credit_of_that_year(cast: Cast) -> None:
    assert names(draft(cast, "awarded", year=cast.last_year)) == users(cast.graduate)
    assert names(draft(cast, "awarded")) == set()


def test_the_dead_the_locked_and_who_has_no_address_are_left_out(cast: Cast) -> None:
    letter = draft(cast, "not_registered")
    assert cast.newcomer.user is not None
    for model, pk, change, back in (
        (Student, cast.newcomer.pk, {"died_on": timezone.localdate()}, {"died_on": None}),
        (User, cast.newcomer.user.pk, {"is_active": False}, {"is_active": True}),
        (User, cast.newcomer.user.pk, {"email": ""}, {"email": "n@example.net"}),
    ):
        model._default_manager.filter(pk=pk).update(**change)
        assert not names(letter) & users(cast.newcomer), change
        model._default_manager.filter(pk=pk).update(**back)
    assert names(letter) & users(cast.newcomer)


@pytest.mark.parametrize(
    ("group", "left_out"),
    [
        ("not_registered", True),
        ("awarded", True),
        ("form_pending", False),
        ("blanks", False),
        ("assurance", False),
    ],
)
def test_who_wants_no_letters_still_hears_of_duties(cast: Cast, group: str, left_out: bool) -> None:
    letter = draft(cast, group, year=cast.last_year if group == "awarded" else cast.year)
    before = list(rules.people_of(letter))
    assert before
    NoLetters.objects.bulk_create(NoLetters(user=one) for one in before)
    assert (rules.people_of(letter).count() == 0) is left_out


def test_each_person_is_in_it_once(cast: Cast) -> None:
    cast.teacher_seat.sections.add(cast.colleague_section)
    make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    people = [one.pk for one in rules.people_of(draft(cast, "blanks"))]
    assert len(people) == len(set(people))


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("Hello {first_name} of {consortium}, {year}, {name}", []), ("Hello {firstname}", ["firstname"]),
        ("{ first_name }", [" first_name "]), ("{}", [""]), ("No braces", []),
    ],
)  # fmt: skip
def test_braces_name_what_is_known(words: str, unknown: list[str]) -> None:
    assert rules.unknown_fields(words) == unknown


def test_every_group_has_words_to_begin_with() -> None:
    for group in Mailing.Group.values:
        subject, words = rules.STARTERS[group]
        assert subject
        assert rules.unknown_fields(words) == []


# --- The page -------------------------------------------------------------------------------------------------


def test_a_letter_is_begun_and_listed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    answer = client.post(
        ADDRESS,
        {
            "group": "blanks", "consortium": str(cast.columbia_basin.public_id), "year": str(cast.year.first_year),
        },
    )  # fmt: skip
    mailing = Mailing.objects.get(group="blanks")
    assert answer["Location"] == reverse("reports:mailing", args=[mailing.public_id])
    page = text(client.get(ADDRESS))
    assert "Grades are missing Teachers with grades missing" in page
    assert "Draft" in page


def test_what_is_missing_is_said(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    page = client.post(ADDRESS, {"consortium": str(cast.walla_walla.public_id)})
    assert page.status_code == 422
    for words in ("Choose a group", "Choose your consortium", "Choose a school year"):
        assert words in text(page)


def test_one_writes_for_one_s_own_consortium_alone(cast: Cast) -> None:
    with pytest.raises(Refused, match="your own consortium"):
        actions.begin_mailing(group="blanks", consortium=cast.walla_walla, year=cast.year, by=cast.consortium)


def test_others_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    for who in (cast.state, cast.registrar, cast.teacher, cast.nobody):
        client.force_login(who)
        assert client.get(ADDRESS).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_however_long(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        draft(cast, "blanks")
    client.force_login(cast.consortium)
    client.get(ADDRESS)
    with django_assert_num_queries(8):
        client.get(ADDRESS)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("subject = ''", "mailing_says_something"),
        ("text_es = 'Hola'", "mailing_in_spanish_is_whole"),
        ("done_at = now()", "mailing_done_was_sent"),
    ],
)
def test_what_no_row_may_say(cast: Cast, change: str, constraint: str) -> None:
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE reports_mailing SET {change} WHERE id = %s", [cast.mailing.pk])


def test_a_seat_that_ended_writes_to_nobody(cast: Cast) -> None:
    cast.consortium.seats.update(ends_on=timezone.localdate() - timedelta(days=1))
    again = User.objects.get(pk=cast.consortium.pk)
    with pytest.raises(Refused):
        actions.send_mailing(mailing=cast.mailing, by=again)
