"""Truth tables of requests: what Perkins asks, what is whole, who decides, what is aligned, what differs."""

from typing import Any

import pytest

from accounts.access import Role
from accounts.models import User
from articulations import rules
from articulations.models import AlignmentRow, ArticulationRequest, RequestStep, StepKind, fingerprint
from organizations.models import SignerTitle
from tests import requesting
from tests.people import Cast, make_seat

WHOLE: dict[str, Any] = {
    "schools": [{"id": "1", "name": "Kamiakin"}], "title": "Accounting", "length": "2 semesters",
    "teachers": [{"seat": "", "first_name": "A", "last_name": "B", "email": "a@example.org", "phone": ""}],
    "courses": [{"id": "", "code": "A 1", "title": "A", "credits": "5"}],
    "leads_to": "degree", "leads_to_name": "AAS", "technical_fields": ["business"], "competencies": ["Count"],
    "mathematics": "m", "science": "s", "technology": "t", "communications": "c",
}  # fmt: skip
PAPERS = ("syllabus", "competencies", "assessment", "program", "framework")


def rule_of(refusal: Any) -> str:
    return "" if refusal is None else refusal.rule


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, ""), ({"leads_to": ""}, "no_end"), ({"leads_to": "hobby"}, "no_end"), ({"leads_to_name": ""}, "no_end"),
        ({"technical_fields": []}, "no_field"), ({"technical_fields": ["art"]}, "no_field"),
        ({"technical_fields": ["art", "health"]}, ""), ({"science": ""}, "no_competencies"),
        ({"competencies": []}, "no_competencies"),
    ],
)  # fmt: skip
def test_what_perkins_asks(changes: dict[str, Any], rule: str) -> None:
    content = WHOLE | changes
    assert rule_of(rules.why_not_perkins(content)) == rule
    assert rule_of(rules.why_not_screen(content, ["V140100"], perkins_confirmed=True)) == rule


@pytest.mark.parametrize(
    ("codes", "confirmed", "rule"),
    [
        (["V140100"], True, ""), (["V140100"], False, "perkins_unconfirmed"), ([], True, "v_code_missing"),
        (["V140100", "V140101"], True, "v_code_missing"), (["140100"], True, "v_code"), (["V14010"], True, "v_code"),
        (["V1401000"], True, "v_code"), ([""], True, "v_code"),
    ],
)  # fmt: skip
def test_every_teacher_has_a_v_code(codes: list[str], confirmed: bool, rule: str) -> None:
    assert rule_of(rules.why_not_screen(WHOLE, codes, perkins_confirmed=confirmed)) == rule


@pytest.mark.parametrize(
    ("kind", "changes", "papers", "rule"),
    [
        ("new", {}, PAPERS, ""), ("revision", {}, PAPERS, ""), ("no_revision", {}, ("syllabus",), ""),
        ("new", {}, PAPERS[1:], "paper_missing"), ("revision", {}, PAPERS[:-1], "paper_missing"),
        ("no_revision", {}, PAPERS[1:], "paper_missing"), ("new", {"teachers": []}, PAPERS, "not_whole"),
        ("new", {"courses": []}, PAPERS, "not_whole"), ("new", {"length": ""}, PAPERS, "not_whole"),
        ("new", {"technology": ""}, PAPERS, "no_competencies"),
    ],
)  # fmt: skip
def test_what_is_handed_in_is_whole(
    kind: str, changes: dict[str, Any], papers: tuple[str, ...], rule: str
) -> None:
    assert rule_of(rules.why_not_hand_in(kind, WHOLE | changes, papers)) == rule


@pytest.mark.parametrize(
    ("covers", "percent"),
    [
        ([], None), (["not"], 0), (["wholly"], 100), (["wholly", "partly"], 50), (["wholly", "wholly", "not"], 66),
        (["wholly"] * 4 + ["partly"], 80), (["wholly"] * 79 + ["not"] * 21, 79),
    ],
)  # fmt: skip
def test_alignment_counts_what_is_covered_wholly_and_rounds_down(
    covers: list[str], percent: int | None
) -> None:
    assert rules.aligned_percent(covers) == percent
    expected = "no_matrix" if percent is None else "below_least" if percent < 80 else ""
    assert rule_of(rules.why_not_approve(covers, 80, "the college")) == expected


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1, 3", [1, 3]),
        ("3 1;3", [3, 1]),
        ("", []),
        (" , ", []),
        ("0", None),
        ("6", None),
        ("1-3", None),
        ("²", None),
    ],
)
def test_numbers_of_competencies(typed: str, numbers: list[int] | None) -> None:
    if numbers is None:
        with pytest.raises(ValueError, match="from 1 to 5"):
            rules.numbers_of(typed, 5)
    else:
        assert rules.numbers_of(typed, 5) == numbers


def planned(*kinds: str) -> list[rules.Planned]:
    title = SignerTitle(name="CTE director", role="district")
    return [rules.Planned(kind, title if kind == "sign" else None) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "rule"),
    [
        (("sign", "screen", "review"), ""), (("screen", "sign", "review"), ""), (("screen", "review", "sign"), ""),
        (("screen", "review"), "nobody_signs"), (("sign", "review"), "one_of_each"),
        (("sign", "screen", "review", "review"), "one_of_each"), (("sign", "review", "screen"), "screened_first"),
        ((), "one_of_each"),
    ],
)  # fmt: skip
def test_a_plan(kinds: tuple[str, ...], rule: str) -> None:
    assert rule_of(rules.why_not_plan(planned(*kinds))) == rule


def test_transitions_are_those_of_the_trigger() -> None:
    (machine,) = (
        one for one in ArticulationRequest._meta.triggers if one.name == "articulation_request_goes_its_way"
    )
    declared = {
        (str(before), str(after))
        for before, afters in ArticulationRequest.TRANSITIONS.items()
        for after in afters
    }
    assert {(before, after) for before, after in machine.transitions} == declared


@pytest.mark.parametrize(
    ("kind", "people"),
    [("sign", {"district"}), ("screen", {"consortium"}), ("review", {"faculty"})],
)
def test_each_step_has_its_people(cast: Cast, kind: str, people: set[str]) -> None:
    asked = cast.articulation_request
    step = asked.latest.steps.get(kind=kind)
    everyone = (
        "teacher", "colleague", "counselor", "district", "other_district", "faculty", "other_faculty", "registrar",
        "consortium", "other_consortium", "state", "nobody", "many_hats", "former_teacher",
    )  # fmt: skip
    assert {one for one in everyone if rules.decides(getattr(cast, one), asked, step)} == people


@pytest.mark.parametrize(
    ("person", "starts", "changes", "writes"),
    [
        ("teacher", "teacher", "teacher", "teacher"), ("colleague", "teacher", None, None),
        ("district", "district", "district", "district"), ("consortium", "consortium", "consortium", "consortium"),
        ("counselor", None, None, "counselor"), ("faculty", None, None, "faculty"), ("registrar", None, None, None),
        ("state", None, None, None), ("other_teacher", None, None, None), ("other_consortium", None, None, None),
        ("former_teacher", None, None, None),
    ],
)  # fmt: skip
def test_who_is_what(
    cast: Cast, person: str, starts: str | None, changes: str | None, writes: str | None
) -> None:
    user, asked = getattr(cast, person), cast.articulation_request
    assert rules.starts_as(user, cast.kamiakin) == starts
    assert rules.changes_as(user, asked) == changes
    assert rules.writes_as(user, asked) == writes


@pytest.mark.parametrize("kind", ["sign", "screen"])
def test_only_faculty_deny(cast: Cast, kind: str) -> None:
    asked = cast.articulation_request
    if kind == "screen":
        asked = requesting.signed(asked, by=cast.district)
    user = cast.district if kind == "sign" else cast.consortium
    step = requesting.at_hand(asked)
    assert rule_of(rules.why_not_decide(user, asked, step, RequestStep.Outcome.DENIED)) == "no_such_outcome"
    assert rules.why_not_decide(user, asked, step, RequestStep.Outcome.RETURNED) is None


def test_who_handed_it_in_does_not_review_it(cast: Cast) -> None:
    requesting.signed(cast.articulation_request, by=cast.district)
    asked = requesting.screened(cast.articulation_request, by=cast.consortium)
    make_seat(cast.teacher, Role.FACULTY, cast.cbc)
    both = User.objects.get(pk=cast.teacher.pk)
    assert rule_of(rules.why_not_decide(both, asked, requesting.at_hand(asked))) == "own_request"


def test_a_fingerprint_knows_every_letter() -> None:
    assert fingerprint(WHOLE) == fingerprint(dict(reversed(WHOLE.items())))
    assert fingerprint(WHOLE) != fingerprint(WHOLE | {"title": "Accounting "})
    assert rule_of(rules.why_not_again(fingerprint(WHOLE), fingerprint(WHOLE))) == "nothing_changed"
    assert rules.why_not_again(None, fingerprint(WHOLE)) is None


def test_a_paper_with_other_bytes_has_changed() -> None:
    file = {"id": "1", "kind": "syllabus", "name": "a.pdf", "sha256": "a"}
    found = rules.differences(WHOLE | {"files": [file]}, WHOLE | {"files": [file | {"sha256": "b"}]})
    assert [(one.name, one.how) for one in found if one.how] == [
        ("Course syllabus with the dual-credit notice", "changed")
    ]


def test_the_words_of_a_state() -> None:
    assert rules.state_in_words("under_way", StepKind.SIGN, "CTE director") == "Waits for the CTE director"
    assert rules.state_in_words("under_way", StepKind.SCREEN, None) == "In screening"
    assert rules.state_in_words("under_way", StepKind.REVIEW, None) == "In faculty review"
    assert rules.state_in_words("denied", None, None) == "Denied"
    assert AlignmentRow.Cover.WHOLLY.label == "Covered"
