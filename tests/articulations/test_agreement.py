"""One text of an agreement: read, sent out, signed by its partners, declined, called back; by whom, when, once."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event, Mail, User
from articulations import actions, rules
from articulations.models import AgreementText, Articulation
from sers.lib.refusal import Refused
from tests import agreeing
from tests.people import Cast, make_seat
from tests.policing import PolicingClient


def page(text: AgreementText) -> str:
    return reverse("articulations:agreement", args=[text.public_id])


def signature(text: AgreementText, user: User, **changes: Any) -> dict[str, Any]:
    return {
        "chosen": "sign", "sign-sha256": text.sha256, "sign-name": user.name, "sign-has_read": "on",
        "sign-intends": "on", **changes,
    }  # fmt: skip


@pytest.fixture
def dean(cast: Cast) -> User:
    return agreeing.make_dean(cast.cbc, cast.dean)


def test_with_the_last_signature_it_is_in_force(client: PolicingClient, cast: Cast, dean: User) -> None:
    text = cast.agreement_text
    client.force_login(cast.district)
    html = client.get(page(text)).content.decode()
    for words in (
        "MKTG 110 Marketing, 5 credits",
        "As CTE director for Kennewick School District",
        text.sha256,
    ):
        assert words in html
    assert client.post(page(text), signature(text, cast.district)).status_code == 302
    assert not Articulation.objects.filter(text=text).exists()
    client.force_login(dean)
    assert client.post(page(text), signature(text, dean)).status_code == 302
    text = agreeing.fresh(text)
    assert text.state == "signed"
    agreement = agreeing.in_force(text)
    line = agreement.courses.get()
    assert (line.high_school_course.title, line.college_course.code, line.credits) == (
        "Marketing 1",
        "MKTG 110",
        5,
    )
    assert (agreement.basis, agreement.number) == ("signed", text.number)
    assert agreement.review_due_on == agreement.valid_until
    signatures = list(text.signatures.order_by("number"))
    assert [one.number for one in signatures] == [1, 2]
    assert rules.check_signatures(text, signatures) == ""
    assert {one.network for one in signatures} == {"127.0.0.1"}
    assert {one.way for one in signatures} == {"password"}
    assert Event.objects.filter(kind="articulations.agreement_in_force").count() == 1
    assert Mail.objects.filter(subject=f"Agreement {agreement} is in force").exists()
    assert "Every partner has signed" in client.get(page(text)).content.decode()


def test_others_read_it_and_sign_nothing(client: PolicingClient, cast: Cast) -> None:
    for user in (cast.faculty, cast.counselor, cast.registrar, cast.state, cast.consortium):
        client.force_login(user)
        assert "Sign the agreement" not in client.get(page(cast.agreement_text)).content.decode()
        answer = client.post(page(cast.agreement_text), signature(cast.agreement_text, user))
        assert answer.status_code == 403
    for user in (cast.other_district, cast.teacher):
        client.force_login(user)
        assert client.get(page(cast.agreement_text)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"sign-name": "Somebody Else"}, 422, "Type your name as it stands here"),
        ({"sign-name": ""}, 422, "Type your name to sign"),
        ({"sign-intends": ""}, 422, "Tick this if you intend to sign"),
        ({"sign-has_read": ""}, 422, "Tick this when you have read the agreement"),
        ({"sign-sha256": "0" * 64}, 409, "The text changed since you opened it."),
    ],
)
def test_a_signature_is_ones_own_name_for_this_very_text(
    client: PolicingClient, cast: Cast, changes: dict[str, str], status: int, words: str
) -> None:
    client.force_login(cast.district)
    text = cast.agreement_text
    answer = client.post(page(text), signature(text, cast.district, **changes))
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not text.signatures.exists()


def test_nobody_signs_twice(client: PolicingClient, cast: Cast) -> None:
    text = cast.agreement_text
    agreeing.signed(text, by=cast.district)
    client.force_login(cast.district)
    answer = client.post(page(text), signature(text, cast.district))
    assert answer.status_code == 409
    assert f"{cast.district.name} has signed on" in answer.content.decode()


def test_one_person_signs_for_one_partner(cast: Cast, dean: User) -> None:
    """Who holds two titles leaves the second one to somebody else."""
    agreeing.name_partners(
        cast.columbia_basin, cast.cte_director, cast.dean, cast.principal, year=cast.year, by=cast.consortium
    )
    text = agreeing.out(
        agreeing.prepared(
            cast.columbia_basin, cast.cbc, cast.kamiakin,
            agreeing.terms(cast.year.first_year, classes=("Payroll",)), by=cast.consortium,
        ),
        by=cast.consortium,
    )  # fmt: skip
    cast.counselor.seats.update(signs_as=cast.principal)
    counselor = User.objects.get(pk=cast.counselor.pk)
    make_seat(counselor, "district", cast.kennewick, signs_as=cast.cte_director)
    counselor = User.objects.get(pk=cast.counselor.pk)
    agreeing.signed(text, by=counselor)
    with pytest.raises(Refused) as refused:
        agreeing.signed(text, by=counselor)
    assert refused.value.refusal.rule == "signed_for_another"


def test_declined_with_the_reason(client: PolicingClient, cast: Cast) -> None:
    text = cast.agreement_text
    client.force_login(cast.district)
    assert client.post(page(text), {"chosen": "decline", "decline-reason": ""}).status_code == 422
    answer = client.post(page(text), {"chosen": "decline", "decline-reason": "The credits are wrong."})
    assert answer.status_code == 302
    text = agreeing.fresh(text)
    assert (text.state, text.reason, text.ended_name) == (
        "declined",
        "The credits are wrong.",
        cast.district.name,
    )
    assert "The credits are wrong." in client.get(page(text)).content.decode()
    assert client.post(page(text), signature(text, cast.district)).status_code == 409


def test_sent_out_and_called_back_by_the_consortium(client: PolicingClient, cast: Cast) -> None:
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin,
        agreeing.terms(cast.year.first_year, classes=("Payroll",)), by=cast.consortium,
    )  # fmt: skip
    client.force_login(cast.district)
    assert client.post(page(text), signature(text, cast.district)).status_code == 409
    assert client.post(page(text), {"chosen": "send"}).status_code == 403
    client.force_login(cast.consortium)
    assert client.post(page(text), {"chosen": "send"}).status_code == 302
    assert agreeing.fresh(text).state == "out"
    assert Mail.objects.filter(to=cast.district.email, subject__contains=f"{text} waits for your").exists()
    assert client.post(page(text), {"chosen": "send"}).status_code == 409
    assert client.post(page(text), {"chosen": "call_back", "back-reason": "Wrong year"}).status_code == 302
    assert agreeing.fresh(text).state == "called_back"
    assert client.post(page(text), {"chosen": "call_back", "back-reason": ""}).status_code == 409
    assert client.post(page(text), {"chosen": "nothing"}).status_code == 404


def test_what_could_not_come_into_force_is_not_sent_out(cast: Cast) -> None:
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin,
        agreeing.terms(
            cast.year.first_year, classes=("Accounting 1",), courses=(("ACCT& 201", "Principles", "5"),)
        ),
        by=cast.consortium,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        agreeing.out(text, by=cast.consortium)
    assert refused.value.refusal.rule == "covered_already"


def test_several_classes_earn_several_courses(cast: Cast, dean: User) -> None:
    """Two classes together for two courses: four lines, under one agreement."""
    agreed = agreeing.terms(
        cast.year.first_year, classes=("Shop 1", "Shop 2"), courses=(("MT 101", "Milling", "5"), ("MT 102", "Turning", "4")),
    )  # fmt: skip
    text = agreeing.prepared(cast.columbia_basin, cast.cbc, cast.kamiakin, agreed, by=cast.consortium)
    agreeing.out(text, by=cast.consortium)
    agreeing.signed(text, by=cast.district)
    agreeing.signed(text, by=dean)
    assert agreeing.in_force(text).courses.count() == 4
    assert "All the classes together earn each course." in str(rules.lines_of_text(text.content))


def test_partners_are_reminded_once_a_time(cast: Cast) -> None:
    text = cast.agreement_text
    assert actions.remind_of_signatures() == 0
    AgreementText.objects.filter(pk=text.pk).update(sent_at=text.sent_at - datetime.timedelta(days=8))
    before = Mail.objects.count()
    assert actions.remind_of_signatures() == 1
    assert actions.remind_of_signatures() == 0
    subjects = set(Mail.objects.order_by("id")[before:].values_list("subject", flat=True))
    assert f"Agreement {text} still waits for your signature" in subjects
