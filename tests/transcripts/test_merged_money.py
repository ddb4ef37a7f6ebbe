"""Money on both records of a merged student: a yearly fee is borne once, and what was paid is found from either."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from students import actions as students
from students.models import Merge, Payment, Registration, Requirement, Student
from tests.owing import make_fee, make_payment, make_terms
from tests.people import (
    Cast,
    account_of,
    make_registration,
    make_student,
)
from tests.policing import PolicingClient
from tests.students.pages import text
from tests.transcripts.merging import WHY, merged
from transcripts import actions, rules

State = Requirement.State
TWICE = "The fee of the year was paid on both records of this student"


class Pair:
    """Two records of one person, each registered for a class of Columbia Basin with a fee of $20."""

    def __init__(self, cast: Cast) -> None:
        self.stands, self.gone = (
            make_student(cast.kamiakin, "Mari", last, email=f"{last.lower()}@example.net")
            for last in ("Vega", "Solis")
        )
        self.ours = make_registration(self.stands, cast.section, cast.agreement)
        self.theirs = make_registration(self.gone, cast.colleague_section, cast.welding_agreement)
        self.fees = [make_fee(one) for one in (self.ours, self.theirs)]

    @property
    def states(self) -> list[str]:
        for one in self.fees:
            one.refresh_from_db()
        return [one.state for one in self.fees]

    @property
    def owed(self) -> list[Requirement]:
        return list(Requirement.objects.fees_owed(Student.objects.get(pk=self.stands.pk)))


@pytest.fixture
def yearly(cast: Cast) -> None:
    make_terms(cast.columbia_basin, cast.year, fee_basis="flat_per_year", fee_amount=20)


@pytest.fixture
def pair(cast: Cast) -> Pair:
    return Pair(cast)


def pay(fee: Requirement, **facts: Any) -> Payment:
    """Money that came in, with its fee Processed as the ledger does."""
    payment = make_payment(fee, **facts)
    Requirement.objects.filter(pk=fee.pk).update(state=State.PROCESSED, decided_at=payment.at)
    return payment


def undo(cast: Cast, merge: Merge) -> None:
    actions.undo_merge(merge=Merge.objects.get(pk=merge.pk), reason="Cousins", by=cast.consortium)


def left(payment: Payment) -> Decimal:
    return students.left_of(payment)


def queue(cast: Cast, client: PolicingClient, words: str) -> str:
    client.force_login(cast.consortium)
    client.post(reverse("students:requirements"), {"words": words, "find": "1"})
    return text(client.post(reverse("students:requirements"), {"words": words, "find": "1"}, follow=True))


def test_a_yearly_fee_both_owe_is_owed_once(
    cast: Cast, client: PolicingClient, yearly: None, pair: Pair
) -> None:
    preview = rules.preview_of(cast.consortium, pair.stands, pair.gone)
    assert any("It is borne once then" in note for note in preview.notes)
    merged(cast, pair.stands, pair.gone)
    assert pair.states == [State.PENDING, State.DROPPED]
    assert pair.fees[1].reason == f"Borne by {pair.ours.reference} since the records were merged"
    pair.theirs.refresh_from_db()
    assert (pair.theirs.fees_req, pair.theirs.fee_due) == ("not_required", 0)  # it holds no credit up
    client.force_login(pair.gone.user)
    assert "$20" in (words := text(client.get(reverse("students:fees"))))
    assert "$40" not in words


@pytest.mark.parametrize("paid", [0, 1])
def test_who_paid_on_one_record_owes_nothing_on_the_other(
    cast: Cast, client: PolicingClient, yearly: None, pair: Pair, paid: int
) -> None:
    payment = pay(pair.fees[paid])
    merged(cast, pair.stands, pair.gone)
    assert pair.states[paid] == State.PROCESSED
    assert pair.states[1 - paid] == State.DROPPED
    assert pair.owed == []
    assert left(payment) == 0
    for account in (pair.stands.user, pair.gone.user):
        client.force_login(account)
        words = text(client.get(reverse("students:fees")))
        assert payment.number in words
        assert text(client.get(reverse("students:payment", args=[payment.public_id])))


def test_waived_once_is_waived_for_the_person(cast: Cast, yearly: None, pair: Pair) -> None:
    Requirement.objects.filter(pk=pair.fees[1].pk).update(
        state=State.WAIVED, decided_at=pair.ours.registered_at, reason="The school pays"
    )
    merged(cast, pair.stands, pair.gone)
    assert pair.states == [State.DROPPED, State.WAIVED]


def test_what_was_paid_on_both_is_given_back_once(
    cast: Cast, client: PolicingClient, yearly: None, pair: Pair
) -> None:
    """Both fees stay Processed and both receipts stand; the second shows as money to give back, with the reason."""
    payments = [pay(one) for one in pair.fees]
    assert [left(one) for one in payments] == [0, 0]
    assert any(
        "paid or waived on both" in one
        for one in rules.preview_of(cast.consortium, pair.stands, pair.gone).notes
    )
    merge = merged(cast, pair.stands, pair.gone)
    assert pair.states == [State.PROCESSED, State.PROCESSED]
    assert [left(one) for one in payments] == [0, 20]
    client.force_login(cast.consortium)
    refunds = text(client.get(reverse("students:payments") + "?show=refunds"))
    assert TWICE in refunds
    assert payments[1].number in refunds
    assert payments[0].number not in refunds
    page = reverse("students:payment", args=[payments[1].public_id])
    assert TWICE in text(client.get(page))
    client.post(page, {"amount": "20", "reason": "Paid on two records"})
    assert left(payments[1]) == 0
    assert payments[1].number not in text(client.get(reverse("students:payments") + "?show=refunds"))
    undo(cast, merge)
    assert pair.states == [State.PROCESSED, State.PROCESSED]


def test_a_fee_for_each_class_is_owed_for_each(cast: Cast, pair: Pair) -> None:
    make_terms(cast.columbia_basin, cast.year, fee_basis="per_class", fee_amount=20)
    first = pay(pair.fees[0])
    merged(cast, pair.stands, pair.gone)
    assert pair.states == [State.PROCESSED, State.PENDING]
    second = pay(pair.fees[1])
    assert [left(first), left(second)] == [0, 0]


def test_undone_each_owes_its_own_again(cast: Cast, yearly: None, pair: Pair) -> None:
    merge = merged(cast, pair.stands, pair.gone)
    undo(cast, merge)
    assert [one.registration_id for one in pair.owed] == [pair.ours.pk]
    again = Requirement.objects.pending().get(registration=pair.theirs)
    assert (again.kind, again.amount, again.payer) == ("fee", Decimal(20), "student")
    pair.theirs.refresh_from_db()
    assert (pair.theirs.fees_req, pair.theirs.fee_due) == ("pending", Decimal(20))


def test_undone_a_class_that_was_left_owes_nothing(cast: Cast, yearly: None, pair: Pair) -> None:
    merge = merged(cast, pair.stands, pair.gone)
    Registration.objects.filter(pk=pair.theirs.pk).update(status="withdrawn")
    undo(cast, merge)
    assert not Requirement.objects.pending().filter(registration=pair.theirs).exists()


def test_a_yearly_fee_holds_on_to_a_class_of_the_other_record(cast: Cast, yearly: None, pair: Pair) -> None:
    """Paid for a class that was left, while the other record is in one: nothing is given back. Undone, it is."""
    payment = pay(pair.fees[0])
    Registration.objects.filter(pk=pair.ours.pk).update(status="withdrawn")
    assert left(payment) == 20
    merge = merged(cast, pair.stands, pair.gone)
    assert left(payment) == 0
    undo(cast, merge)
    assert left(payment) == 20


def test_the_desk_s_receipt_and_the_class_s_line_say_so_on_either_record(
    cast: Cast, client: PolicingClient, yearly: None, pair: Pair
) -> None:
    merged(cast, pair.stands, pair.gone)
    done = students.process_requirements(registrations=[pair.ours], to=State.PROCESSED, by=cast.consortium)
    (receipt,) = done.receipts
    client.force_login(cast.consortium)
    words = text(client.get(reverse("students:receipt", args=[receipt.public_id])))
    assert pair.ours.reference in words
    assert pair.stands.sers_id in words
    client.force_login(pair.gone.user)
    for one, said in ((pair.ours, "Processed"), (pair.theirs, "Registered")):
        assert said in text(client.get(reverse("students:registration", args=[one.public_id])))


def test_a_bank_line_finds_the_person_by_either_id_and_either_reference(
    cast: Cast, yearly: None, pair: Pair
) -> None:
    """Both IDs in one line are one student, not two; two lines for one person are told one after the other."""
    merged(cast, pair.stands, pair.gone)
    rows = [
        ["Date", "Amount", "Memo"],
        ["11/02/2026", "5.00", f"{pair.gone.sers_id} and {pair.stands.sers_id}"],
        ["11/03/2026", "5.00", f"fee {pair.theirs.reference}"],
        ["11/04/2026", "12.00", f"fee {pair.gone.sers_id}"],
    ]
    statement = students.hand_in_statement(
        consortium=cast.columbia_basin, name="bank.csv", rows=rows, by=cast.consortium
    )
    students.name_columns(
        statement=statement,
        columns={"paid_on": "Date", "amount": "Amount", "words": ["Memo"]},
        by=cast.consortium,
    )
    found = students.matches_of(statement)
    assert [one.match for one in found] == ["exact", "exact", "exact"]
    assert {one.student for one in found} == {pair.stands.pk}
    assert [one.told.partition(" owes ")[2] for one in found] == [
        "$20: $15 still to come", "$15: $10 still to come", "$10: $2 too much, to give back",
    ]  # fmt: skip
    students.save_statement(statement=statement, by=cast.consortium)
    assert pair.states[0] == State.PROCESSED
    assert [
        left(one) for one in Payment.objects.filter(source="file", student=pair.stands).order_by("pk")
    ] == [0, 0, 2]


def test_a_checkout_begun_on_either_record_is_gone_on_with(cast: Cast, yearly: None, pair: Pair) -> None:
    pay(pair.fees[0], amount=20)
    Requirement.objects.filter(pk=pair.fees[0].pk).update(state=State.DROPPED)
    begun = students.begin_checkout(
        student=pair.gone, consortium=cast.columbia_basin, by=account_of(pair.gone)
    )
    merged(cast, pair.stands, pair.gone)
    again = students.begin_checkout(
        student=pair.stands, consortium=cast.columbia_basin, by=account_of(pair.stands)
    )
    assert again == begun


def test_the_log_says_what_was_dropped(cast: Cast, yearly: None, pair: Pair) -> None:
    merge = actions.merge_records(stands=pair.stands, gone=pair.gone, reason=WHY, by=cast.consortium)
    (event,) = Event.objects.about(merge, "transcripts.records_merged")
    assert event.data["fees_dropped"] == [pair.fees[1].pk]
