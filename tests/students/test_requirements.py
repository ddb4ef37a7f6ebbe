"""The queue of pending Fees/Req: search, tick, Process, Waive, and take it back the same day."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from students.models import Payment, Receipt, Registration, Requirement
from tests.owing import make_fee, make_requirement
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

URL = reverse("students:requirements")
DECIDED = f"{URL}?show=decided"
FeesReq = Registration.FeesReq


@pytest.fixture
def staff(client: PolicingClient, cast: Cast) -> PolicingClient:
    """Signed in; what the cast has decided was decided another day."""
    Registration.objects.filter(fees_req_at__isnull=False).update(
        fees_req_at=timezone.now() - timedelta(days=9)
    )
    client.force_login(cast.consortium)
    return client


def pending(cast: Cast, first_name: str = "Pia", **facts: Any) -> Registration:
    student = make_student(cast.kamiakin, first_name, "Pending")
    return make_registration(student, cast.section, cast.agreement, fees_req=FeesReq.PENDING, **facts)


def tick(
    client: PolicingClient,
    act: str,
    *registrations: Registration,
    url: str = URL,
    reason: str = "",
    what: str = "",
) -> Any:
    ids = [str(one.public_id) for one in registrations]
    return client.post(url, {"act": act, "registration": ids, "reason": reason, "what": what}, follow=True)


def plain(words: list[str]) -> list[str]:
    """Messages without the number of their receipt."""
    return [re.sub(r" Receipt <a [^>]+>F-[0-9A-Z]{8}</a>\.", "", one) for one in words]


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return registration.fees_req


def test_the_pending_of_ones_own_consortium_are_listed(cast: Cast, staff: PolicingClient) -> None:
    Registration.objects.filter(pk=cast.other_registration.pk).update(fees_req=FeesReq.PENDING)
    words = text(staff.get(URL))
    assert "1 Pending" in words
    assert f"Petrenko, Oksana {cast.owing.sers_id} Accounting 1 Kamiakin High School" in words
    assert cast.owing_registration.reference in words
    assert "$20" in words
    assert "Otto" not in words


def test_what_earns_nothing_any_more_is_not_waited_for(cast: Cast, staff: PolicingClient) -> None:
    for one in (cast.gone_registration, cast.below_registration, cast.graduate_registration):
        Registration.objects.filter(pk=one.pk).update(fees_req=FeesReq.PENDING)
    assert "1 Pending" in text(staff.get(URL))  # Oksana alone


def test_what_last_year_s_summer_run_holds_is_still_processed(cast: Cast, staff: PolicingClient) -> None:
    """The credit of a year is transcribed after it ended; a class nobody graded earns none any more."""
    held, blank = (make_student(cast.kamiakin, name, "Late") for name in ("Hana", "Blanka"))
    for student, percent in ((held, "90"), (blank, None)):
        make_registration(
            student, cast.last_section, cast.agreement, fees_req=FeesReq.PENDING, fee_due=20, percent=percent
        )
    words = text(staff.get(URL))
    assert f"Late, Hana {held.sers_id} Accounting 1 Kamiakin High School, {cast.last_year}" in words
    assert "Blanka" not in words
    registration = Registration.objects.get(student=held)
    tick(staff, "process", registration)
    assert state(registration) == FeesReq.PROCESSED


def test_process_and_take_it_back_the_same_day(cast: Cast, staff: PolicingClient) -> None:
    other = pending(cast)
    response = tick(staff, "process", cast.owing_registration, other)
    assert plain(messages(response)) == [
        "2 registrations are Processed now. You can take it back today under Decided today."
    ]
    assert state(cast.owing_registration) == state(other) == FeesReq.PROCESSED
    assert cast.owing_registration.fees_req_by == cast.consortium
    assert Event.objects.filter(kind="students.fees_req_processed").count() == 2
    assert "Nothing is Pending" in text(response)
    assert "2 decided today" in text(staff.get(DECIDED))
    undone = tick(staff, "undo", other, url=DECIDED)
    assert plain(messages(undone)) == ["1 registration is Pending now."]
    assert state(other) == FeesReq.PENDING
    assert other.fees_req_by is None
    assert other.fees_req_at is None


def test_waive(cast: Cast, staff: PolicingClient) -> None:
    tick(staff, "waive", cast.owing_registration, reason="The school pays")
    assert cast.owing_registration.requirements.get().reason == "The school pays"
    assert state(cast.owing_registration) == FeesReq.WAIVED
    assert "Waived" in text(staff.get(DECIDED))


def test_yesterdays_decision_stays(cast: Cast, staff: PolicingClient) -> None:
    tick(staff, "process", cast.owing_registration)
    yesterday = timezone.now() - timedelta(days=1)
    Requirement.objects.filter(state="processed").update(decided_at=yesterday)
    Registration.objects.filter(pk=cast.owing_registration.pk).update(fees_req_at=yesterday)
    response = tick(staff, "undo", cast.owing_registration, url=DECIDED)
    assert messages(response) == ["0 registrations are Pending now. 1 stayed as it was."]
    assert state(cast.owing_registration) == FeesReq.PROCESSED
    assert "Nothing was decided today." in text(response)


def test_pressed_twice_it_changes_once(cast: Cast, staff: PolicingClient) -> None:
    tick(staff, "process", cast.owing_registration)
    again = tick(staff, "process", cast.owing_registration)
    assert messages(again) == ["0 registrations are Processed now. 1 stayed as it was."]
    assert Event.objects.filter(kind="students.fees_req_processed").count() == 1


def test_what_belongs_to_others_stays(cast: Cast, staff: PolicingClient) -> None:
    Registration.objects.filter(pk=cast.other_registration.pk).update(fees_req=FeesReq.PENDING)
    tick(staff, "process", cast.other_registration)
    assert state(cast.other_registration) == FeesReq.PENDING


def test_nothing_ticked_or_nonsense_is_refused(cast: Cast, staff: PolicingClient) -> None:
    response = staff.post(URL, {"act": "process"})
    assert response.status_code == 422
    assert errors(response) == ["Tick the registrations first"]
    assert staff.post(URL, {"act": "process", "registration": "x" * 200_000}).status_code == 422
    assert (
        staff.post(URL, {"act": "delete", "registration": str(cast.owing_registration.public_id)}).status_code
        == 422
    )
    assert staff.post(URL, {}).status_code == 422


@pytest.mark.parametrize("words", ["petr", "oks PETRENKO", "id", "reference"])
def test_search_by_name_id_or_reference(cast: Cast, staff: PolicingClient, words: str) -> None:
    pending(cast)
    words = {"id": cast.owing.sers_id.lower().replace("-", ""), "reference": cast.owing_registration.reference.lower()}.get(
        words, words
    )  # fmt: skip
    response = staff.post(URL, {"words": words, "find": "1"})
    assert response.headers["Location"] == URL  # no name, no ID in an address
    assert "Petrenko" in text(staff.get(URL))
    assert "Pending, Pia" not in text(staff.get(URL))
    staff.post(URL, {"words": "", "find": "1"})
    assert "Pending, Pia" in text(staff.get(URL))


def test_nothing_found_says_how_to_see_all(cast: Cast, staff: PolicingClient) -> None:
    staff.post(URL, {"words": "nobody like this", "find": "1"})
    assert "Nothing here matches “nobody like this”." in text(staff.get(URL))
    staff.post(URL, {"words": "nobody like this", "find": "all"})
    assert cast.owing_registration.reference in text(staff.get(URL))
    assert "Show all" not in text(staff.get(URL))
    assert staff.post(URL, {"words": "x" * 5000, "find": "1"}).status_code == 422


def test_tick_all_works_without_a_script(cast: Cast, staff: PolicingClient) -> None:
    pending(cast)
    assert staff.get(URL + "?tick=all").content.decode().count(" checked") == 2


@pytest.mark.parametrize("page", ["0", "99", "x", "9" * 400])
def test_a_page_that_is_none_is_the_first(staff: PolicingClient, page: str) -> None:
    response = staff.get(URL, {"page": page})
    assert response.status_code == 200
    assert response.context["page"].number == 1


def test_it_is_for_consortium_staff(cast: Cast, client: PolicingClient) -> None:
    for person in (cast.teacher, cast.state, cast.registrar, cast.student.user):
        client.force_login(person)
        assert client.get(URL).status_code == 403
        assert client.post(URL, {"act": "process"}).status_code == 403


def test_one_row_and_three_cost_the_same(
    cast: Cast, staff: PolicingClient, django_assert_num_queries: Any
) -> None:
    staff.get(URL)
    with django_assert_num_queries(10):
        staff.get(URL)
    for name in ("Ana", "Bea"):
        pending(cast, name, fee_due=Decimal(20))
    with django_assert_num_queries(10):
        staff.get(URL)


def test_what_came_in_is_processed_and_the_rest_is_waited_for(cast: Cast, staff: PolicingClient) -> None:
    """A pile of signed forms is processed; the fees stay Pending."""
    one = pending(cast)
    make_requirement(one, "form")
    make_fee(one)
    assert "Signed form and $20 fee" in text(staff.get(URL))
    tick(staff, "process", one, what="form")
    assert dict(one.requirements.values_list("kind", "state")) == {"form": "processed", "fee": "pending"}
    assert state(one) == FeesReq.PENDING
    words = text(staff.get(f"{URL}?kind=fee"))
    assert "Pending, Pia" in words
    assert "$20 fee" in words
    assert "Pending, Pia" not in text(staff.get(f"{URL}?kind=form"))


def test_a_fee_processed_at_the_desk_is_a_payment_and_goes_back_with_it(
    cast: Cast, staff: PolicingClient
) -> None:
    one = pending(cast)
    make_fee(one, 50)
    tick(staff, "process", one)
    payment = Payment.objects.get(student=one.student)
    assert (payment.amount, payment.source, payment.by) == (50, "desk", cast.consortium)
    assert Payment.objects.with_standing().get(pk=payment.pk).left == 0
    tick(staff, "undo", one, url=DECIDED)
    assert state(one) == FeesReq.PENDING
    assert payment.returns.get().kind == Payment.Kind.TAKEN_BACK
    assert Payment.objects.with_standing().get(pk=payment.pk).left == 0


def test_scanned_forms_gather_on_a_pile_and_are_processed_at_once(cast: Cast, staff: PolicingClient) -> None:
    other = pending(cast)
    for one in (cast.owing_registration, other):
        address = f"https://sers.example.org{reverse('students:take_form', args=[one.public_id])}"
        response = staff.post(URL, {"words": address, "find": "1"})
        assert response.headers["Location"] == f"{URL}?show=scanned"
    page = staff.get(f"{URL}?show=scanned")
    assert "2 Scanned" in text(page)
    assert page.content.decode().count(" checked") == 2
    tick(staff, "process", cast.owing_registration, other, url=f"{URL}?show=scanned")
    assert state(cast.owing_registration) == state(other) == FeesReq.PROCESSED
    assert "Scanned (" not in text(staff.get(URL))


def test_the_pile_can_be_emptied(cast: Cast, staff: PolicingClient) -> None:
    address = reverse("students:take_form", args=[cast.owing_registration.public_id])
    staff.post(URL, {"words": address, "find": "1"})
    staff.post(f"{URL}?show=scanned", {"empty": "1"})
    assert "No form is scanned" in text(staff.get(f"{URL}?show=scanned"))


def test_receipts_of_today_are_listed(cast: Cast, staff: PolicingClient) -> None:
    tick(staff, "process", cast.owing_registration)
    receipt = Receipt.objects.latest("pk")
    assert receipt.number in text(staff.get(DECIDED))


def test_guardians_are_mailed_for_those_ticked(cast: Cast, staff: PolicingClient) -> None:
    one = pending(cast)
    make_requirement(one, "guardian")
    one.student.guardian_email = "home@example.org"
    one.student.save()
    response = tick(staff, "ask", one, cast.owing_registration)
    assert messages(response) == ["1 link mailed. 1 student has no guardian’s address, or nothing to sign."]
    assert "Link mailed" in text(response)
