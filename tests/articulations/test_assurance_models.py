"""Assurances against the database itself: ink, bound to the very text that was signed, once."""

from articulations.models import AssuranceText
from tests.people import Cast
from tests.raw import breaks, change, copy, delete, stands


def test_texts_are_ink(cast: Cast) -> None:
    text = cast.assurance.text
    with breaks("Cannot"):
        change(text, text="Another")
    with breaks("Cannot"):
        delete(text)
    with breaks("assurance_text_once"):
        copy(text, sha256="0" * 64)
    with breaks("assurance_holds_from_a_version_there_is"):
        copy(text, number=2, holds_from=3)
    with breaks("assurance_text_says_something"):
        copy(text, number=2, text="")
    with stands():
        copy(text, number=2, holds_from=2)


def test_a_signature_holds_for_the_text_it_names(cast: Cast) -> None:
    given = cast.assurance
    with breaks("Cannot"):
        change(given, signed_name="Somebody Else")
    with breaks("Cannot"):
        delete(given)
    with breaks("assured_once_a_text"):
        copy(given)
    with breaks("assurance_names_its_text"):
        copy(given, seat_id=cast.teacher_seat.pk, signed_sha256="0" * 64)
    with breaks("assurance_is_whole"):
        copy(given, seat_id=cast.teacher_seat.pk, intent="")
    with stands():
        copy(given, seat_id=cast.teacher_seat.pk)


def test_a_side_signs_once(cast: Cast) -> None:
    given = cast.assurance.countersignatures.get()
    with breaks("Cannot"):
        change(given, signed_name="Somebody Else")
    with breaks("Cannot"):
        delete(given)
    with breaks("countersigned_once_a_side"):
        copy(given)
    with breaks("countersignature_is_whole"):
        copy(given, side="college", signed_as="")
    with stands():
        copy(given, side="college")


def test_a_text_knows_its_fingerprint() -> None:
    text = AssuranceText(text="One", sha256="0" * 64)
    assert not text.is_whole
