"""Agreements against the database itself: ink, right state, right people, signed by all, one successor."""

import datetime

import pytest

from accounts.models import User
from articulations.models import AgreementSigner, Articulation
from tests import agreeing
from tests.people import Cast
from tests.raw import breaks, change, copy, delete, stands


@pytest.fixture
def dean(cast: Cast) -> User:
    return agreeing.make_dean(cast.cbc, cast.dean)


def test_the_words_of_a_text_are_ink(cast: Cast) -> None:
    text = cast.agreement_text
    for columns in (
        {"content": '{"number": "X"}'}, {"sha256": "0" * 64}, {"valid_until": "2099-06-30"}, {"number": "X"}, {"after": "1" * 64},
    ):  # fmt: skip
        with breaks("Cannot"):
            change(text, **columns)
    with breaks("Cannot"):
        delete(text)
    with breaks("Cannot"):
        change(text.signers.earliest("pk"), outside_name="X")


def test_a_text_goes_its_way(cast: Cast) -> None:
    text = cast.agreement_text
    with breaks("Invalid transition"):
        change(text, state="draft", sent_by_id=None, sent_at=None)
    with breaks("agreement_text_ended_says_by_whom"):
        change(text, state="called_back")
    with breaks("declined_agreement_says_why"):
        change(text, state="declined", ended_at=text.sent_at, ended_name="X")
    with stands():
        change(text, state="declined", ended_at=text.sent_at, ended_name="X", reason="No.")


def test_a_signature_is_of_a_partner_of_what_is_out(cast: Cast) -> None:
    agreeing.signed(cast.agreement_text, by=cast.district)
    signature = cast.agreement_text.signatures.get()
    for columns in ({"name": "Other"}, {"network": "10.0.0.1"}, {"link": "0" * 64}):
        with breaks("Cannot"):
            change(signature, **columns)
    with breaks("Cannot"):
        delete(signature)
    second = cast.agreement_text.signers.exclude(pk=signature.signer_id).get()
    with breaks("one_person_signs_an_agreement_once"):
        copy(signature, signer_id=second.pk, number=2, link="1" * 64)
    with breaks("signature_names_its_text"):
        copy(signature, signer_id=second.pk, number=2, link="1" * 64, by_id=cast.faculty.pk, sha256="0" * 64)
    with breaks("a_signature_is_of_a_partner_of_its_text"):
        other = AgreementSigner.objects.filter(text=cast.other_agreement_text).first()
        assert other is not None
        copy(signature, signer_id=other.pk, number=2, link="1" * 64, by_id=cast.faculty.pk)
    with breaks("agreement_signature_is_whole"):
        copy(signature, signer_id=second.pk, number=2, link="1" * 64, by_id=cast.faculty.pk, way="")
    with stands():
        copy(signature, signer_id=second.pk, number=2, link="1" * 64, by_id=cast.faculty.pk)
    change(cast.agreement_text, state="called_back", ended_at=cast.agreement_text.sent_at, ended_name="X")
    with breaks("only_what_is_out_is_signed"):
        copy(signature, signer_id=second.pk, number=2, link="1" * 64, by_id=cast.faculty.pk)


def test_an_agreement_is_signed_by_all(cast: Cast, dean: User) -> None:
    text = cast.agreement_text
    agreeing.signed(text, by=cast.district)
    agreement = {"number": "X-1", "basis": "signed", "text_id": text.pk, "review_due_on": None}
    with breaks("an_agreement_is_signed_by_all"):
        copy(cast.agreement, **agreement)
    with breaks("articulation_is_signed_here_or_on_paper"):
        copy(cast.agreement, **(agreement | {"basis": "paper"}))
    agreeing.signed(text, by=dean)
    made = Articulation.objects.get(text=text)
    with breaks("Cannot"):
        change(made, text_id=cast.other_agreement_text.pk)
    with breaks("articulations_articulation_text_id_key"):
        copy(cast.agreement, **agreement)


def test_every_agreement_is_reviewed_and_ends_as_it_says(cast: Cast) -> None:
    agreement = Articulation.objects.get(pk=cast.agreement.pk)
    assert agreement.review_due_on is not None
    assert agreement.review_due_on < agreement.valid_from.replace(year=agreement.valid_from.year + 3)
    with breaks("articulation_is_reviewed_in_time"):
        change(agreement, review_years=4)
    with breaks("terminated_agreement_says_who_and_why"):
        change(agreement, terminated_at=agreement.entered_at)
    with breaks("Cannot"):
        change(agreement, basis="signed")


def test_one_open_text_an_agreement(cast: Cast) -> None:
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin,
        agreeing.terms(
            cast.year.first_year, valid_from=cast.agreement.valid_until + datetime.timedelta(days=1),
            valid_until=cast.agreement.valid_until + datetime.timedelta(days=365),
        ),
        kind="renewal", amends=cast.agreement, by=cast.consortium,
    )  # fmt: skip
    with breaks("one_open_text_for_an_agreement"):
        copy(text, issue=2)
    with breaks("agreement_text_once"):
        copy(text, state="called_back", ended_at=text.prepared_at, ended_name="X")
    with breaks("agreement_text_takes_over_from_what_is_there"):
        copy(text, issue=2, amends_id=None)
