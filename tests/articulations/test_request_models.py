"""Requests against the database itself: right state, right people, ink, one decision a step, one request a pair."""

import pytest

from articulations.models import ArticulationRequest, PlannedStep, RequestStep
from tests import requesting
from tests.people import Cast
from tests.raw import breaks, change, copy, delete, stands


@pytest.fixture
def asked(cast: Cast) -> ArticulationRequest:
    """Signed and screened, in faculty review, with one row of a matrix."""
    requesting.signed(cast.articulation_request, by=cast.district)
    return requesting.fresh(requesting.screened(cast.articulation_request, by=cast.consortium))


def step(asked: ArticulationRequest, kind: str) -> RequestStep:
    return RequestStep.objects.get(version=asked.latest, kind=kind)


def test_a_request_goes_its_way(cast: Cast) -> None:
    asked = cast.articulation_request
    closed = {"decided_by_id": cast.teacher.pk, "decided_at": asked.started_at, "step_id": None}
    with breaks("Invalid transition"):
        change(asked, state="entered", **closed)
    with stands():
        change(asked, state="withdrawn", **closed)
    with breaks("articulation_request_under_way_is_at_a_step"):
        change(asked, step_id=None)
    with breaks("articulation_request_state_has_its_people"):
        change(asked, state="denied", step_id=None)
    with breaks("articulation_request_state_has_its_people"):
        change(asked, decided_by_id=cast.teacher.pk)
    with breaks("Cannot delete"):
        delete(asked)


def test_a_request_begins_once(cast: Cast) -> None:
    asked = cast.articulation_request
    for columns in ({"college_id": cast.wwcc.pk}, {"started_by_id": cast.state.pk}, {"reference": "A-X"}):
        with breaks("Cannot"):
            change(asked, **columns)
    with breaks("articulation_request_renews_what_is_there"):
        copy(asked, reference="A-Y", renews_id=cast.agreement.pk, step_id=None, state="draft")
    with stands():
        copy(
            asked, reference="A-Y", renews_id=cast.agreement.pk, kind="revision", step_id=None, state="draft"
        )


def test_one_open_request_a_course_pair(cast: Cast) -> None:
    pair = cast.articulation_request.pairs.get()
    with breaks("one_open_request_for_a_course_pair"):
        copy(pair, asked_id=cast.other_articulation_request.pk)
    with stands():
        copy(pair, code="ACCT 111")


def test_versions_files_and_messages_are_ink(cast: Cast) -> None:
    version = cast.articulation_request.latest
    assert version is not None
    with breaks("Cannot"):
        change(version, content='{"title": "Other"}')
    with breaks("Cannot"):
        delete(version)
    with breaks("request_version_once"):
        copy(version, sha256="0" * 64)
    with breaks("Cannot"):
        change(cast.request_file, name="other.pdf")
    with breaks("Cannot"):
        delete(cast.request_file)
    with stands():
        change(cast.request_file, removed_at=version.handed_in_at)
    message = cast.other_articulation_request.messages.get()
    with breaks("Cannot"):
        change(message, text="Other")
    with breaks("request_message_says_something"):
        copy(message, text="")


def test_a_decided_step_is_ink(asked: ArticulationRequest) -> None:
    for kind in ("sign", "screen"):
        with breaks("Cannot"):
            change(step(asked, kind), outcome="returned", reason="Other")
        with breaks("Cannot"):
            delete(step(asked, kind))
    with breaks("Cannot"):
        change(step(asked, "screen").v_codes.get(), code="V000000")


def test_a_signature_is_whole_and_of_this_version(cast: Cast) -> None:
    one = step(cast.articulation_request, "sign")
    whole = {
        "outcome": "passed", "decided_by_id": cast.district.pk, "decided_at": one.version.handed_in_at,
        "signed_name": "D", "signed_as": "CTE director", "intent": "I sign.", "signed_sha256": one.version.sha256,
    }  # fmt: skip
    with stands():
        change(one, **whole)
    for column in ("signed_name", "signed_as", "intent"):
        with breaks("request_signature_is_whole"):
            change(one, **(whole | {column: ""}))
    with breaks("request_signature_is_whole"):
        change(one, **(whole | {"signed_sha256": None}))
    with breaks("signature_names_its_version"):
        change(one, **(whole | {"signed_sha256": "0" * 64}))
    with breaks("request_step_decided_has_its_person"):
        change(one, **(whole | {"decided_by_id": None}))


def test_no_screening_without_perkins_and_v_codes(cast: Cast) -> None:
    one = step(cast.articulation_request, "screen")
    passed = {
        "outcome": "passed", "decided_by_id": cast.consortium.pk, "decided_at": one.version.handed_in_at,
        "perkins_confirmed": True, "teachers_checked": 1,
    }  # fmt: skip
    with stands():
        change(one, **passed)
    for columns in ({"perkins_confirmed": False}, {"teachers_checked": 0}):
        with breaks("no_screening_without_perkins_and_v_codes"):
            change(one, **(passed | columns))
    with breaks("request_step_says_why_not"):
        change(one, **(passed | {"outcome": "returned"}))
    with breaks("only_a_review_denies"):
        change(one, **(passed | {"outcome": "denied", "reason": "No."}))


@pytest.mark.parametrize(
    ("aligned", "is_sound"), [(80, True), (100, True), (79, False), (101, False), (None, False)]
)
def test_no_approval_below_the_least_alignment(
    asked: ArticulationRequest, aligned: int | None, is_sound: bool
) -> None:
    one = step(asked, "review")
    with stands() if is_sound else breaks("no_approval_below_the_least_alignment"):
        change(
            one,
            outcome="passed",
            aligned=aligned,
            decided_by_id=asked.started_by_id,
            decided_at=asked.started_at,
        )


def test_rows_of_a_matrix_name_what_covers(cast: Cast) -> None:
    row = step(cast.other_articulation_request, "review").rows.get()
    with breaks("what_covers_an_outcome_is_named"):
        change(row, competencies="")
    with stands():
        change(row, competencies="", cover="not")
    with breaks("alignment_row_has_its_outcome"):
        change(row, outcome="")
    with breaks("alignment_row_once"):
        copy(row)


def test_a_v_code_is_v_and_six_digits(asked: ArticulationRequest) -> None:
    one = step(asked, "screen").v_codes.get()
    for code, is_sound in (("V000001", True), ("V00001", False), ("X000001", False), ("V00000A", False)):
        with stands() if is_sound else breaks("v_code_has_six_digits"):
            copy(one, position=2, code=code)


def test_a_planned_signature_has_its_title(cast: Cast) -> None:
    one = PlannedStep.objects.get(kind="sign")
    with breaks("planned_signature_has_its_title"):
        change(one, signs_as_id=None)
    with breaks("planned_signature_has_its_title"):
        change(one, kind="screen")
    with breaks("planned_step_once"):
        copy(one)
    with breaks("one_step_plan_a_college"):
        copy(one.plan)
    with breaks("least_alignment_is_a_percent"):
        change(one.plan, minimum_alignment=0)
