"""Change college: the credit of a class from another college, within its window and rule."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event, Mail
from articulations.models import Articulation
from organizations.models import ConsortiumYear, Window
from organizations.rules import Calendar
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import FIRST_CONSENT, Registration
from tests.people import (
    Cast,
    close_window,
    make_agreement,
    make_college_course,
    make_registration,
)
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

Status, FeesReq = Registration.Status, Registration.FeesReq


@pytest.fixture
def other(cast: Cast) -> Articulation:
    """The neighbour's college gives credit for accounting too."""
    return make_agreement(
        (cast.accounting, make_college_course(cast.wwcc, "ACCT& 201")), consortium=cast.walla_walla
    )


@pytest.fixture
def url(cast: Cast) -> str:
    return reverse("students:change_college", args=[cast.registration.public_id])


@pytest.fixture
def student(cast: Cast, client: PolicingClient) -> PolicingClient:
    client.force_login(cast.student.user)
    return client


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "college": str(cast.wwcc.public_id),
        "version": "1",
        "consent": "on",
        "consent_version": FIRST_CONSENT,
    } | changes


def test_it_moves_the_registration_and_keeps_its_reference(
    cast: Cast, url: str, other: Articulation, student: PolicingClient
) -> None:
    ConsortiumYear.objects.filter(consortium=cast.walla_walla, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.CLASS, fee_amount=Decimal(30)
    )
    page = text(student.get(url))
    assert "Your college now: Columbia Basin College" in page
    assert "Walla Walla Community College" in page
    response = student.post(url, typed(cast), follow=True)
    assert messages(response) == ["Your college is changed. Mail about it is on its way."]
    before = cast.registration
    one = Registration.objects.get(pk=before.pk)
    assert (one.college, one.articulation, one.section) == (cast.wwcc, other, cast.section)
    assert (one.fee_due, one.fees_req) == (30, FeesReq.PENDING)
    assert (one.reference, one.version) == (before.reference, 3)  # moved, then asked anew
    event = Event.objects.get(kind="students.college_changed")
    assert (event.data["was"], event.data["is"]) == (cast.cbc.pk, cast.wwcc.pk)
    assert "Walla Walla Community College" in Mail.objects.get(kind="students/registered").text
    assert "College changed from Columbia Basin College to Walla Walla Community College" in text(response)


def test_a_yearly_fee_that_is_owed_passes_to_another_class(cast: Cast, other: Articulation) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )
    Registration.objects.filter(pk=cast.registration.pk).update(fee_due=50, fees_req=FeesReq.PENDING)
    heir = make_registration(cast.student, cast.colleague_section, cast.welding_agreement)
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    assert actions.change_college(registration=one, college=cast.wwcc, version=1, by=cast.student.user)
    heir.refresh_from_db()
    assert (heir.fee_due, heir.fees_req) == (50, FeesReq.PENDING)
    assert Registration.objects.get(pk=one.pk).fee_due == 0


def test_what_is_not_chosen_is_asked_for(
    cast: Cast, url: str, other: Articulation, student: PolicingClient
) -> None:
    response = student.post(url, {"version": "1"})
    assert response.status_code == 422
    assert errors(response) == ["Choose a college", "Tick the box if you want the college credit"]
    assert student.post(url, typed(cast, college=str(cast.cbc.public_id))).status_code == 422
    assert student.post(url, typed(cast, consent_version="1999-1")).status_code == 422


def test_a_change_meanwhile_is_told(
    cast: Cast, url: str, other: Articulation, student: PolicingClient
) -> None:
    Registration.objects.filter(pk=cast.registration.pk).update(version=2)
    response = student.post(url, typed(cast))
    assert response.status_code == 409
    assert "The class was changed while this page was open." in text(response)


def test_without_another_college_there_is_nothing_to_choose(
    cast: Cast, url: str, student: PolicingClient
) -> None:
    assert "No other college takes a registration for this class now." in text(student.get(url))
    page = student.get(reverse("students:registration", args=[cast.registration.public_id]))
    assert "Change college" not in text(page)


def test_the_button_is_there_while_the_rule_allows(
    cast: Cast, other: Articulation, student: PolicingClient
) -> None:
    page = reverse("students:registration", args=[cast.registration.public_id])
    assert "Change college" in text(student.get(page))
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    assert "Change college" not in text(student.get(page))


@pytest.mark.parametrize(
    ("status", "fees_req", "here", "there", "rule"),
    [
        (Status.IN_PROGRESS, FeesReq.NOT_REQUIRED, "open", "open", None),
        (Status.IN_PROGRESS, FeesReq.PENDING, "open", "open", None),
        (Status.IN_PROGRESS, FeesReq.PROCESSED, "open", "open", "fees_decided"),
        (Status.IN_PROGRESS, FeesReq.WAIVED, "open", "open", "fees_decided"),
        (Status.IN_PROGRESS, FeesReq.PENDING, "closed", "open", "registration_closed"),
        (Status.IN_PROGRESS, FeesReq.PENDING, "open", "closed", "registration_closed"),
        (Status.IN_PROGRESS, FeesReq.PENDING, "open", "to come", "registration_not_open"),
        (Status.COMPLETED, FeesReq.PENDING, "open", "open", "has_ended"),
        (Status.NOT_ATTAINED, FeesReq.PENDING, "open", "open", "has_ended"),
        (Status.WITHDRAWN, FeesReq.PENDING, "open", "open", "has_ended"),
        (Status.NOT_IN_CLASS, FeesReq.PENDING, "open", "open", "has_ended"),
    ],
)
def test_when_the_college_can_be_changed(
    cast: Cast, other: Articulation, status: str, fees_req: str, here: str, there: str, rule: str | None
) -> None:
    from django.utils import timezone

    for consortium, window in ((cast.columbia_basin, here), (cast.walla_walla, there)):
        if window != "open":
            close_window(
                Window.Kind.REGISTRATION,
                consortium,
                cast.year,
                **({} if window == "closed" else {"days_ago": -1}),
            )
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    one.status, one.fees_req = status, fees_req
    refusal = rules.why_not_change_college(
        one, tuple(other.courses.all()), calendar=Calendar.of(one.year), on=timezone.localdate()
    )
    assert (refusal.rule if refusal else None) == rule


def test_the_same_college_and_one_without_an_agreement(cast: Cast) -> None:
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    assert not actions.change_college(registration=one, college=cast.cbc, version=1, by=cast.student.user)
    with pytest.raises(Refused) as refused:
        actions.change_college(registration=one, college=cast.wwcc, version=1, by=cast.student.user)
    assert refused.value.refusal.rule == "no_agreement"


def test_it_is_ones_own(cast: Cast, url: str, other: Articulation, student: PolicingClient) -> None:
    student.force_login(cast.classmate.user)
    assert student.get(url).status_code == 404
    assert student.post(url, typed(cast)).status_code == 404
    student.force_login(cast.counselor)
    assert student.get(url).status_code == 403
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    with pytest.raises(Refused) as refused:
        actions.change_college(registration=one, college=cast.wwcc, version=1, by=cast.counselor)
    assert refused.value.refusal.rule == "not_yourself"
