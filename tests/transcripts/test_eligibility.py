"""One class, rule by rule: what is asked, how it stands, who can act."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import CollegeYear
from students.models import Registration
from tests import people
from tests.people import Cast
from transcripts.models import TranscriptionPlan, TranscriptRequest


def look(cast: Cast, client: Client, registration: Registration) -> Any:
    client.force_login(cast.registrar)
    return client.get(reverse("transcripts:eligibility", args=[registration.public_id]))


def unmet(page: Any) -> list[str]:
    return [line.rule for line in page.context["explained"].lines if not line.met]


def test_a_class_that_is_ready_waits_for_the_run_alone(cast: Cast, client: Client) -> None:
    page = look(cast, client, cast.classmate_registration)
    assert unmet(page) == ["awarded"]
    assert page.context["explained"].next.who == "Registrar"
    assert "3.9 A" in page.content.decode()


def test_what_is_pending_says_who_can_act(cast: Cast, client: Client) -> None:
    page = look(cast, client, cast.owing_registration)
    assert unmet(page) == ["fees_req", "awarded"]
    assert "Not met yet: Form and fee are in" in page.content.decode()
    assert "Consortium: set Fees/Req to Processed" in page.content.decode()


@pytest.mark.parametrize(
    ("which", "rules"),
    [
        ("registration", ["status", "grade", "awarded"]),
        ("below_registration", ["status", "grade", "awarded"]),
        ("gone_registration", ["status", "grade", "awarded"]),
        ("graduate_registration", []),
    ],
)
def test_every_status_is_explained(cast: Cast, client: Client, which: str, rules: list[str]) -> None:
    assert unmet(look(cast, client, getattr(cast, which))) == rules


def test_a_second_class_is_asked_for_until_it_is_completed(cast: Cast, client: Client) -> None:
    other = people.make_high_school_course(cast.kamiakin, "Accounting 2")
    course = people.make_college_course(cast.cbc, "ACCT& 299")
    agreement = people.make_agreement(
        *((taught, course) for taught in (cast.accounting, other)), consortium=cast.columbia_basin
    )
    student = people.make_student(cast.kamiakin)
    registration = people.make_registration(student, cast.section, agreement, percent="97")
    assert unmet(look(cast, client, registration)) == ["other_class", "awarded"]
    people.make_registration(student, people.make_section(other), agreement, percent="97")
    assert unmet(look(cast, client, registration)) == ["awarded"]


def test_the_earlier_credit_of_a_repeat_is_shown_beside(cast: Cast, client: Client) -> None:
    again = people.make_registration(cast.graduate, cast.section, cast.agreement, percent="99")
    page = look(cast, client, again)
    assert unmet(page) == ["repeat", "awarded"]
    assert "The earlier credit, which stands" in page.content.decode()
    assert "3.8 A" in page.content.decode()


def test_the_way_of_the_college_is_a_rule(cast: Cast, client: Client) -> None:
    terms = CollegeYear.objects.filter(college=cast.cbc, year=cast.year)
    for mode, rule in (("enrollment", "mode"), ("external", "mode"), ("on_request", "not_asked")):
        terms.update(mode=mode)
        assert unmet(look(cast, client, cast.classmate_registration)) == [rule, "awarded"]
    TranscriptRequest.objects.create(
        registration=cast.classmate_registration, asked_by=cast.classmate.user, consent_version="test"
    )
    assert unmet(look(cast, client, cast.classmate_registration)) == ["awarded"]
    terms.delete()
    assert unmet(look(cast, client, cast.classmate_registration)) == ["mode", "awarded"]


def test_a_college_id_is_a_rule_where_it_is_required(cast: Cast, client: Client) -> None:
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year), sid_required=True
    )
    assert unmet(look(cast, client, cast.classmate_registration)) == ["no_sid", "awarded"]
    identity = people.make_identity(cast.classmate, cast.cbc)
    page = look(cast, client, cast.classmate_registration)
    assert unmet(page) == ["awarded"]
    assert f"College ID {identity.sid}" in page.content.decode()


def test_strangers_and_other_seats(cast: Cast, client: Client) -> None:
    address = reverse("transcripts:eligibility", args=[cast.owing_registration.public_id])
    for user, status in (
        (cast.consortium, 200), (cast.state, 200), (cast.other_registrar, 404), (cast.other_consortium, 404),
        (cast.teacher, 403), (cast.owing.user, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(address).status_code == status
    assert client.post(address).status_code in (403, 405)


def test_a_college_id_is_told_to_nobody_who_may_not_see_it(cast: Cast, client: Client) -> None:
    text = look(cast, client, cast.graduate_registration).content.decode()
    assert f"College ID {people.SID}" in text
    client.force_login(cast.consortium)
    url = reverse("transcripts:eligibility", args=[cast.graduate_registration.public_id])
    text = client.get(url).content.decode()
    assert people.SID not in text
    assert "The college knows the student" in text
    client.force_login(cast.state)
    assert f"College ID {people.SID}" in client.get(url).content.decode()
