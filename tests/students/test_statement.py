"""What a bank file comes to, line by line, before and after it is saved."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Payment, Registration, Statement, StatementColumns, StatementLine
from tests.owing import make_fee
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import errors, text

HEADS = ["Date", "Amount", "Memo"]


def hand_in(cast: Cast, *lines: tuple[str, str, str], name: str = "bank.csv") -> Statement:
    return actions.hand_in_statement(
        consortium=cast.columbia_basin, name=name, rows=[HEADS, *lines], by=cast.consortium
    )


def matches(file: Statement) -> list[tuple[str, str]]:
    return [(str(one.match), one.told) for one in actions.matches_of(file)]


@pytest.fixture(autouse=True)
def fee(cast: Cast) -> None:
    make_fee(cast.owing_registration, 50)


def test_lines_are_matched_and_each_says_what_comes_of_it(cast: Cast) -> None:
    sers_id, reference = cast.owing.sers_id, cast.owing_registration.reference
    file = hand_in(
        cast,
        ("11/02/2026", "50.00", f"fee {sers_id.lower()}"),
        ("2026-11-03", "$20", f"again {reference}"),
        ("11/04/2026", "20", f"{cast.payment.number} online"),
        ("11/05/2026", "50", "nobody we know"),
        ("11/06/2026", "50", "TP9-99-9999-9"),
        ("11/07/2026", "(12.00)", "Bank fee"),
        ("11/08/2026", "50", f"{sers_id} and {cast.student.sers_id}"),
        ("11/09/2026", "9", f"{cast.classmate.sers_id}"),
    )
    assert matches(file) == [
        ("exact", "Oksana Petrenko owes $50: paid in full"),
        ("exact", "Oksana Petrenko owes nothing: $20 to give back"),
        ("known", "A payment that is in SERS already"),
        ("unmatched", "It names no ID, no reference, and nobody who owes this"),
        ("unmatched", "It names no ID, no reference, and nobody who owes this"),
        ("passed", "Money that went out, or none"),
        ("ambiguous", "It names two students"),
        ("exact", f"{cast.classmate.name} owes nothing: $9 to give back"),
    ]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("20", "Oksana Petrenko owes $50: $30 still to come"),
        ("60", "Oksana Petrenko owes $50: $10 too much, to give back"),
    ],
)
def test_too_little_and_too_much_are_told(cast: Cast, amount: str, said: str) -> None:
    assert matches(hand_in(cast, ("11/02/2026", amount, cast.owing.sers_id))) == [("exact", said)]


def test_a_name_alone_matches_only_with_exactly_what_is_owed(cast: Cast) -> None:
    file = hand_in(cast, ("11/02/2026", "50", "PETRENKO OKSANA"), ("11/02/2026", "40", "Oksana Petrenko"))
    assert [match for match, _ in matches(file)] == ["name", "ambiguous"]
    twin = make_registration(make_student(cast.kamiakin, "Oksana", "Petrenko"), cast.section, cast.agreement)
    make_fee(twin, 50)
    assert [match for match, _ in matches(file)] == ["ambiguous", "ambiguous"]


def test_saved_it_enters_payments_and_keeps_what_matches_nobody(cast: Cast, client: PolicingClient) -> None:
    file = hand_in(cast, ("11/02/2026", "50", cast.owing.sers_id), ("11/05/2026", "7", "nobody"))
    client.force_login(cast.consortium)
    response = client.post(reverse("students:statement", args=[file.public_id]), {"save": "1"}, follow=True)
    assert "1 payment entered" in text(response)
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "processed"
    payment = Payment.objects.get(student=cast.owing)
    assert (payment.source, payment.amount, str(payment.paid_on)) == ("file", Decimal(50), "2026-11-02")
    assert [one.words for one in StatementLine.objects.waiting()] == ["nobody"]


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    lines = (
        ("11/02/2026", "50", cast.owing.sers_id),
        ("11/05/2026", "7", "nobody"),
        ("11/05/2026", "7", "nobody"),
    )
    first = actions.save_statement(statement=hand_in(cast, *lines), by=cast.consortium)
    assert (first.matched, first.unmatched, first.known) == (1, 2, 0)
    actions.save_statement(statement=first, by=cast.consortium)
    again = actions.save_statement(statement=hand_in(cast, *lines, name="again.csv"), by=cast.consortium)
    assert (again.matched, again.unmatched, again.known) == (0, 0, 3)
    assert Payment.objects.filter(student=cast.owing).count() == 1
    assert StatementLine.objects.filter(statement__in=(first, again)).count() == 3


def test_a_line_that_cannot_be_read_keeps_the_whole_file_out(cast: Cast, client: PolicingClient) -> None:
    file = hand_in(
        cast, ("11/02/2026", "50", cast.owing.sers_id), ("yesterday", "7", "x"), ("11/02/2026", "seven", "")
    )
    with pytest.raises(Refused, match="2 lines have to be corrected"):
        actions.save_statement(statement=file, by=cast.consortium)
    assert not Payment.objects.filter(student=cast.owing).exists()
    client.force_login(cast.consortium)
    words = text(client.get(reverse("students:statement", args=[file.public_id])))
    assert "“yesterday” is not a day such as 6/15/2026" in words
    assert "Save All" not in words


def test_columns_are_named_once_and_remembered(cast: Cast, client: PolicingClient) -> None:
    StatementColumns.objects.all().delete()
    rows = [["When", "How much", "Who"], ["11/02/2026", "50", cast.owing.sers_id]]
    file = actions.hand_in_statement(
        consortium=cast.columbia_basin, name="shop.csv", rows=rows, by=cast.consortium
    )
    client.force_login(cast.consortium)
    url = reverse("students:statement", args=[file.public_id])
    assert "Name the columns of the day and of the amount." in text(client.get(url))
    refused = client.post(url, {"map": "1", "paid_on": "When", "amount": "When", "words": ["Who"]})
    assert errors(refused) == ["Day and amount stand in different columns. Name two."]
    client.post(url, {"map": "1", "paid_on": "When", "amount": "How much", "words": ["Who"]})
    assert "paid in full" in text(client.get(url))
    next_one = actions.hand_in_statement(
        consortium=cast.columbia_basin, name="b.csv", rows=rows, by=cast.consortium
    )
    assert next_one.columns == {"paid_on": "When", "amount": "How much", "words": ["Who"]}


def test_two_lines_of_one_student_are_told_one_after_the_other(cast: Cast) -> None:
    file = hand_in(cast, *[("11/02/2026", "30", cast.owing.sers_id)] * 2)
    assert [told for _, told in matches(file)] == [
        "Oksana Petrenko owes $50: $20 still to come", "Oksana Petrenko owes $20: $10 too much, to give back",
    ]  # fmt: skip
    actions.save_statement(statement=file, by=cast.consortium)
    assert sum(one.left for one in Payment.objects.filter(student=cast.owing).with_standing()) == 10


def test_nobody_else_saves_it(cast: Cast) -> None:
    file = hand_in(cast, ("11/02/2026", "50", cast.owing.sers_id))
    for person in (cast.other_consortium, cast.teacher, cast.state):
        with pytest.raises(Refused):
            actions.save_statement(statement=file, by=person)


def test_a_hundred_lines_cost_as_many_questions_as_one(cast: Cast, django_assert_num_queries: Any) -> None:
    one = hand_in(cast, ("11/02/2026", "50", cast.owing.sers_id))
    many = hand_in(cast, *[("11/02/2026", "50", f"{cast.owing.sers_id} {number}") for number in range(100)])
    for file in (one, many):
        with django_assert_num_queries(7):
            actions.matches_of(file)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("$1,250.00", "1250"), ("50", "50"), ("(20.00)", "-20"), ("-5", "-5"), ("", "0"), ("USD 7.5", "7.5"),
        ("seven", None), ("1e3", None), ("NaN", None), ("1.234", None), ("９", None), ("9" * 30, None),
    ],
)  # fmt: skip
def test_amounts_as_banks_write_them(typed: str, amount: str | None) -> None:
    assert rules.read_amount(typed) == (None if amount is None else Decimal(amount))


def test_a_withdrawn_student_s_money_is_to_give_back(cast: Cast) -> None:
    Registration.objects.filter(pk=cast.owing_registration.pk).update(status="withdrawn")
    file = hand_in(cast, ("11/02/2026", "50", cast.owing.sers_id))
    assert matches(file) == [("exact", "Oksana Petrenko owes nothing: $50 to give back")]


def test_no_line_is_told_before_the_columns_are_named(cast: Cast, client: PolicingClient) -> None:
    StatementColumns.objects.all().delete()
    file = actions.hand_in_statement(
        consortium=cast.columbia_basin,
        name="x.csv",
        rows=[["A", "B"], ["yesterday", "much"]],
        by=cast.consortium,
    )
    client.force_login(cast.consortium)
    words = text(client.get(reverse("students:statement", args=[file.public_id])))
    assert "Name the columns of the day and of the amount." in words
    assert "What comes of it" not in words
    assert "No payment" not in words
