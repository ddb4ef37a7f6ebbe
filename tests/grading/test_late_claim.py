"""/grading/late-claims/<claim>/: a late claim is accepted with its grade, asked about, or refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Event, Mail
from articulations.models import Section
from grading.actions import accept_claim
from grading.models import GradeEntry, GradePart
from organizations.models import CollegeYear, ConsortiumYear
from sers.lib.refusal import Refused
from students.actions import ask_about_claim, refuse_claim, withdraw_claim
from students.models import LateClaim, Registration
from tests.people import Cast, make_registration, make_section
from tests.policing import PolicingClient
from tests.students.claiming import claimed
from tests.students.pages import errors, messages, text
from transcripts.models import CreditAward, TranscriptionPlan
from transcripts.rules import forecast


def address(claim: LateClaim) -> str:
    return reverse("grading:late_claim", args=[claim.public_id])


def accept(claim: LateClaim, cast: Cast, grade: str = "97") -> Registration:
    return accept_claim(claim=claim, grades={"whole": grade}, by=cast.consortium)


def test_accepted_it_counts_in_the_year_of_the_class(cast: Cast) -> None:
    claim = claimed(cast, claimed_grade="97 %")
    registration = accept(claim, cast)
    claim.refresh_from_db()
    assert (claim.state, claim.registration, claim.decided_by) == ("accepted", registration, cast.consortium)
    assert (registration.status, registration.year, registration.college, registration.articulation) == (
        "completed", cast.last_year, cast.cbc, cast.agreement,
    )  # fmt: skip
    assert (registration.section, registration.consent, registration.registered_by) == (
        cast.last_section, claim.consent, cast.newcomer.user,
    )  # fmt: skip
    entry = GradeEntry.objects.get(registration=registration)
    assert (entry.percent, entry.points, entry.letter, entry.outcome) == (
        Decimal(97),
        Decimal("3.9"),
        "A",
        "completed",
    )
    assert (entry.entered_by, entry.reason) == (
        cast.consortium, f"Late claim {claim.reference}: the high school’s transcript",
    )  # fmt: skip
    assert Mail.objects.get(kind="students/claim_accepted").to == cast.newcomer.email
    assert Event.objects.filter(kind="grading.claim_accepted", subject_id=claim.pk).exists()


def test_the_credit_follows_in_the_colleges_next_run_of_that_year(cast: Cast) -> None:
    before = forecast(cast.cbc, cast.last_year).awarded
    accept(claimed(cast), cast)
    assert forecast(cast.cbc, cast.last_year).awarded == before + 1
    assert not CreditAward.objects.filter(student=cast.newcomer).exists()


def test_form_and_fee_are_asked_by_the_terms_of_that_year(cast: Cast) -> None:
    ConsortiumYear.objects.update_or_create(
        consortium=cast.columbia_basin, year=cast.last_year,
        defaults={"form_required": False, "fee_basis": "per_class", "fee_amount": Decimal(20)},
    )  # fmt: skip
    registration = accept(claimed(cast), cast)
    assert (registration.fees_req, registration.fee_due) == ("pending", Decimal(20))
    assert "A form or fee is still open" in Mail.objects.get(kind="students/claim_accepted").text


def test_where_several_sections_or_none_were_it_has_one_of_its_own(cast: Cast) -> None:
    make_section(cast.accounting, cast.teacher_seat, year=cast.last_year, label="Period 5")
    registration = accept(claimed(cast), cast)
    assert registration.section.label == "Late claims"
    assert not registration.section.teachers.exists()
    assert Section.objects.filter(label="Late claims").count() == 1


@pytest.mark.parametrize(
    ("grade", "rule"), [("84", "below"), ("NA", "below"), ("", "incomplete"), ("101", "percent"), ("rubbish", "percent")]
)  # fmt: skip
def test_only_a_grade_that_earns_credit(cast: Cast, grade: str, rule: str) -> None:
    claim = claimed(cast)
    with pytest.raises(Refused) as refused:
        accept(claim, cast, grade)
    assert refused.value.refusal.rule == rule
    assert not Registration.objects.filter(student=cast.newcomer).exists()
    claim.refresh_from_db()
    assert claim.state == "asked"


def test_every_part_the_college_asked_for_then(cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.last_year).update(every_term=True, needs_exam=True)
    claim = claimed(cast)
    with pytest.raises(Refused, match="Enter every grade the college asks for"):
        accept_claim(claim=claim, grades={"first": "97"}, by=cast.consortium)
    with pytest.raises(Refused, match="First semester: "):
        accept_claim(claim=claim, grades={"first": "x", "second": "97", "exam": "met"}, by=cast.consortium)
    with pytest.raises(Refused, match="earns no credit"):
        accept_claim(claim=claim, grades={"first": "80", "second": "97", "exam": "met"}, by=cast.consortium)
    registration = accept_claim(
        claim=claim, grades={"first": "90", "second": "97", "exam": "met"}, by=cast.consortium
    )
    parts = {one.part: one.outcome for one in GradePart.objects.filter(registration=registration)}
    assert parts == {"first": "completed", "second": "completed", "exam": "completed"}
    assert registration.status == "completed"


def test_without_a_scale_of_that_year_it_waits(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    TranscriptionPlan.objects.filter(college_year__year=cast.last_year).delete()
    CollegeYear.objects.filter(college=cast.cbc, year=cast.last_year).delete()
    with pytest.raises(Refused, match="set no grade scale"):
        accept(claim, cast)
    client.force_login(cast.consortium)
    assert "has set no grade scale" in text(client.get(address(claim)))


def test_who_registered_meanwhile_is_told(cast: Cast) -> None:
    claim = claimed(cast)
    make_registration(cast.newcomer, cast.last_section, cast.agreement)
    with pytest.raises(Refused, match="is registered for this class of that year"):
        accept(claim, cast)


def test_decided_once(cast: Cast) -> None:
    claim = claimed(cast)
    accept(claim, cast)
    for act in (
        lambda: accept(claim, cast),
        lambda: refuse_claim(claim=claim, ground="other", reason="No.", by=cast.consortium),
        lambda: ask_about_claim(claim=claim, text="Which?", by=cast.consortium),
    ):
        with pytest.raises(Refused, match="has decided this claim meanwhile"):
            act()
    with pytest.raises(Refused, match="decided already"):
        withdraw_claim(claim=claim, by=cast.newcomer.user)


# --- The page -----------------------------------------------------------------------------------------------


def test_the_page_shows_paper_rule_and_minimum(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast, claimed_grade="A", note="I moved here.")
    client.force_login(cast.consortium)
    page = client.get(address(claim))
    words = text(page)
    for said in (
        "transcript.pdf",
        "I moved here.",
        "Looked at one by one",
        "85 %",
        "Accept",
        "Ask the student",
        "Refuse",
    ):
        assert said in words
    assert reverse("students:claim_file", args=[claim.papers.get().public_id]) in page.content.decode()


def test_accept_on_the_page(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.consortium)
    response = client.post(address(claim), {"chosen": "accept", "accept-whole": "84"})
    assert response.status_code == 422
    assert errors(response)[0].startswith("This grade earns no credit at Columbia Basin College.")
    response = client.post(address(claim), {"chosen": "accept", "accept-whole": ""})
    assert errors(response) == ["Grade: enter what the transcript shows"]
    client.post(address(claim), {"chosen": "accept", "accept-whole": "3.9 A"})
    assert "Accepted. Registration R-" in str(messages(client.get(address(claim))))


def test_ask_and_refuse_on_the_page(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.consortium)
    assert errors(client.post(address(claim), {"chosen": "ask"})) == ["Enter the question"]
    client.post(address(claim), {"chosen": "ask", "ask-text": "Which period?"})
    assert errors(client.post(address(claim), {"chosen": "refuse"})) == [
        "Choose the rule by which you refuse it", "Enter the reason: the student reads it",
    ]  # fmt: skip
    client.post(address(claim), {"chosen": "refuse", "refuse-ground": "below", "refuse-reason": "It is a C."})
    claim.refresh_from_db()
    assert (claim.state, claim.ground, claim.decision) == ("refused", "below", "It is a C.")
    response = client.post(address(claim), {"chosen": "accept", "accept-whole": "97"})
    assert response.status_code == 409


def test_who_comes_second_is_told(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.consortium)
    client.get(address(claim))
    refuse_claim(claim=claim, ground="other", reason="No.", by=cast.consortium)
    response = client.post(address(claim), {"chosen": "accept", "accept-whole": "97"})
    assert response.status_code == 409
    assert "Refused" in text(response)


def test_before_the_student_agreed_nobody_decides(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast, by=cast.counselor)
    client.force_login(cast.consortium)
    assert "The student has not agreed to it yet." in text(client.get(address(claim)))
    assert client.post(address(claim), {"chosen": "accept", "accept-whole": "97"}).status_code == 409


@pytest.mark.parametrize(
    ("person", "get", "post"),
    [("registrar", 200, 403), ("state", 200, 403), ("other_consortium", 404, 404), ("teacher", 403, 403), ("counselor", 403, 403)],
)  # fmt: skip
def test_who_reads_and_who_decides(
    client: PolicingClient, cast: Cast, person: str, get: int, post: int
) -> None:
    claim = claimed(cast)
    client.force_login(getattr(cast, person))
    assert client.get(address(claim)).status_code == get
    assert client.post(address(claim), {"chosen": "accept", "accept-whole": "97"}).status_code == post


def test_an_act_that_is_none(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.consortium)
    assert client.post(address(claim), {"chosen": "burn"}).status_code == 404
