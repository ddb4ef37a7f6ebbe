"""What is articulated elsewhere like a request, and the same proposed at one's own college: the mapping comes with it."""

from typing import Any

import pytest
from django.urls import reverse

from articulations import actions, rules
from articulations.forms.drafts import Draft, answers_like
from articulations.models import (
    Articulation,
    ArticulationRequest,
    CareerCluster,
    CollegeCourse,
    HighSchoolCourse,
)
from tests import requesting
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course
from tests.policing import PolicingClient


@pytest.fixture
def source(cast: Cast) -> Articulation:
    """An agreement of the neighbours that came from a request: competencies, and a matrix of the faculty."""
    asked = requesting.begun(
        school=cast.wahi, college=cast.wwcc, consortium=cast.walla_walla, by=cast.other_teacher
    )
    asked = requesting.answered(
        asked, by=cast.other_teacher, title="Ledger Keeping", seats=[cast.other_teacher.seats.get()],
        courses={"code_1": "ACCT& 111", "title_1": "Ledgers"},
    )  # fmt: skip
    version = requesting.handed_in(asked, by=cast.other_teacher)
    agreement = make_agreement(
        (make_high_school_course(cast.wahi, "Ledger Keeping", "520301"), make_college_course(cast.wwcc, "ACCT& 111", "Ledgers")),
        consortium=cast.walla_walla,
    )  # fmt: skip
    asked.agreements.add(agreement)
    step = version.steps.get(kind="review")
    for position, (outcome, numbers, cover) in enumerate(
        (
            ("Keep a general ledger", "1", "wholly"),
            ("Close books and report", "2, 3", "partly"),
            ("Audit", "", "not"),
        ),
        1,
    ):
        step.rows.create(
            position=position, course="ACCT& 111", outcome=outcome, competencies=numbers, cover=cover
        )
    HighSchoolCourse.objects.filter(articulated__articulation=agreement).update(
        competencies=requesting.COMPETENCIES,
        cluster=CareerCluster.objects.get(framework="legacy16", number=4),
    )
    return agreement


@pytest.fixture
def draft(cast: Cast) -> ArticulationRequest:
    return requesting.begun(
        school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
    )


def page(asked: ArticulationRequest) -> str:
    return reverse("articulations:request_alternatives", args=[asked.public_id])


def test_a_request_that_is_written_takes_the_mapping(
    client: PolicingClient, cast: Cast, source: Articulation, draft: ArticulationRequest
) -> None:
    client.force_login(cast.teacher)
    assert "Name the class first" in client.get(page(draft)).content.decode()
    typed = {"title": "Keeping Ledgers", "cip": "52.0301", "cluster": "", "pathway": ""}
    asked = actions.save_answers(
        asked=draft, page="class", typed=typed, title="Keeping Ledgers", by=cast.teacher
    )
    tasks = client.get(reverse("articulations:check_request", args=[asked.public_id])).content.decode()
    assert page(asked) in tasks
    html = client.get(page(asked)).content.decode()
    assert "ACCT&amp; 111" in html
    assert "Words that are in the class and its competencies: 2 of 2." in html
    answer = client.post(page(asked), {"agreement": str(source.public_id)}, follow=True)
    assert f"Copied from agreement {source}." in answer.content.decode()
    asked = requesting.fresh(asked)
    assert asked.modelled_on == source
    assert asked.answers["class"]["title"] == "Keeping Ledgers"  # what was typed stays
    assert asked.answers["competencies"]["competencies"] == requesting.COMPETENCIES
    assert asked.answers["competencies"]["mathematics"] == "Percent and ratio"
    assert (asked.answers["courses"]["code_1"], asked.answers["courses"]["credits_1"]) == ("ACCT& 111", "5")
    assert "Modelled on agreement" in answer.content.decode()
    assert Draft(asked).content()["modelled_on"] == f"{source}, {source.college}"


def test_a_denied_request_leads_to_what_is_elsewhere(
    client: PolicingClient, cast: Cast, source: Articulation
) -> None:
    requesting.signed(cast.articulation_request, by=cast.district)
    asked = requesting.screened(cast.articulation_request, by=cast.consortium)
    actions.deny_step(
        asked=asked, step=requesting.at_hand(asked), reason="Too little theory", by=cast.faculty
    )
    client.force_login(cast.teacher)
    assert (
        page(asked) in client.get(reverse("articulations:request", args=[asked.public_id])).content.decode()
    )
    html = client.get(page(asked)).content.decode()
    assert "Words that are in the class and its competencies" in html
    assert f"?like={source.public_id}&amp;school={cast.kamiakin.public_id}" in html
    answer = client.post(page(asked), {"agreement": str(source.public_id)})
    assert answer.headers["Location"] == reverse("articulations:request", args=[asked.public_id])
    assert requesting.fresh(asked).modelled_on is None


def test_the_same_is_proposed_as_a_new_request(
    client: PolicingClient, cast: Cast, source: Articulation
) -> None:
    client.force_login(cast.teacher)
    new = reverse("articulations:new_request")
    html = client.get(new, {"like": str(source.public_id)}).content.decode()
    assert f"Modelled on agreement {source} of {source.college}" in html
    places = f"{cast.columbia_basin.public_id}.{cast.cbc.public_id}"
    typed = {
        "like": str(source.public_id),
        "kind": "new",
        "school": str(cast.kamiakin.public_id),
        "college": places,
    }
    assert client.post(new, typed | {"kind": "revision"}).status_code == 422
    assert client.post(new, typed).status_code == 302
    asked = ArticulationRequest.objects.latest("pk")
    assert (asked.modelled_on, asked.title) == (source, "Ledger Keeping")
    assert Draft(asked).pages["class"].errors == {}
    assert {page for page, form in Draft(asked).pages.items() if form.state == "done"} == {
        "class", "courses", "competencies",
    }  # fmt: skip
    assert client.get(new, {"like": "none such"}).status_code == 200


def test_the_matrix_begins_with_the_mapping(
    cast: Cast, source: Articulation, draft: ArticulationRequest
) -> None:
    """Outcomes are those of our own catalog; the numbers beside them are what covered one like it elsewhere."""
    course = make_college_course(cast.cbc, "ACCT& 111", "Ledgers")
    CollegeCourse.objects.filter(pk=course.pk).update(outcomes="Keep the general ledger\nFile taxes")
    asked = actions.model_on(
        asked=draft, agreement=source, answers=answers_like(source, cast.cbc), by=cast.teacher
    )
    assert asked.answers["courses"]["course_1"] == str(course.public_id)
    typed = requesting.typed(asked, title="", seats=[cast.teacher_seat])
    for name in ("schools", "teachers", "teaching", "pathway"):
        form = Draft(asked).pages[name].__class__(typed[name], asked=asked)
        asked = form.save(typed[name], by=cast.teacher)
    asked = requesting.answered_files(asked, by=cast.teacher)
    requesting.handed_in(asked, by=cast.teacher)
    asked = requesting.fresh(asked)
    assert [(one.course, one.outcome, one.competencies) for one in rules.matrix_begins_with(asked)] == [
        ("ACCT& 111", "Keep the general ledger", "1"),
        ("ACCT& 111", "File taxes", ""),
    ]
    CollegeCourse.objects.filter(pk=course.pk).update(outcomes="")  # nothing known here: those from there
    assert [(one.outcome, one.competencies) for one in rules.matrix_begins_with(asked)] == [
        ("Keep a general ledger", "1"),
        ("Close books and report", "2, 3"),
    ]


@pytest.mark.parametrize(
    ("outcome", "numbers"),
    [
        ("Keep a general ledger", "1"),
        ("keep the general ledger", "1"),
        ("Close books, and report", "2, 3"),
        ("Paint", ""),
    ],
)
def test_outcomes_are_known_again_by_their_words(
    cast: Cast, source: Articulation, outcome: str, numbers: str
) -> None:
    mapping = rules.mapping_of(source)
    assert rules.covered_by(outcome, mapping, requesting.COMPETENCIES.splitlines()) == numbers
    assert rules.covered_by(outcome, mapping, ["Something else"]) == ""


def test_an_agreement_on_paper_gives_what_class_and_course_list(cast: Cast) -> None:
    HighSchoolCourse.objects.filter(pk=cast.health.pk).update(competencies="Define terms\nRead a chart")
    CollegeCourse.objects.filter(pk=cast.ho_110.pk).update(outcomes="Spell terms")
    mapping = rules.mapping_of(cast.other_agreement)
    assert (mapping.competencies, mapping.rows) == (["Define terms", "Read a chart"], [("Spell terms", ())])
    answers: dict[str, Any] = answers_like(cast.other_agreement, cast.cbc)
    assert "courses" not in answers  # HO 110 is another college's number: it is left to choose
    assert answers["class"]["title"] == "Medical Terminology"


def test_classes_keep_the_competencies_they_were_approved_with(cast: Cast) -> None:
    asked = cast.articulation_request
    requesting.signed(asked, by=cast.district)
    requesting.screened(asked, by=cast.consortium)
    requesting.approved(asked, by=cast.faculty)
    actions.enter_request(
        asked=requesting.fresh(asked), first_year=2026, last_year=2027, minimum_percent=None,
        starts_on=cast.teacher_seat.starts_on, by=cast.consortium,
    )  # fmt: skip
    taught = HighSchoolCourse.objects.get(articulated__articulation__articulation_requests=asked)
    assert taught.competencies == requesting.COMPETENCIES


def test_who_does_not_see_the_request_does_not_find_it(
    client: PolicingClient, cast: Cast, source: Articulation, draft: ArticulationRequest
) -> None:
    for user, status in ((cast.other_teacher, 404), (cast.faculty, 404), (cast.registrar, 403)):
        client.force_login(user)
        assert client.get(page(draft)).status_code == status
        assert client.post(page(draft), {"agreement": str(source.public_id)}).status_code == status
    client.force_login(cast.teacher)
    assert client.post(page(draft), {"agreement": "none"}).status_code == 404
