"""What a college course is: a change is written down before and after, and marks every agreement on it."""

from typing import Any

from django.urls import reverse

from accounts.models import Mail
from articulations import actions, rules
from articulations.models import AgreementMark, CollegeCourse, CourseChange
from tests.people import Cast
from tests.policing import PolicingClient


def page(course: CollegeCourse) -> str:
    return reverse("articulations:course", args=[course.public_id])


def changed(cast: Cast, **facts: str) -> CourseChange | None:
    before = rules.course_facts(CollegeCourse.objects.get(pk=cast.acct_201.pk))
    return actions.change_course(course=cast.acct_201, facts={**before, **facts}, by=cast.faculty)


def typed(course: CollegeCourse, **changes: Any) -> dict[str, Any]:
    return {**rules.course_facts(course), "note": "New catalog", **changes}


def test_a_change_marks_its_agreements(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    assert "1 agreement rests on it" in client.get(page(cast.acct_201)).content.decode()
    answer = client.post(
        page(cast.acct_201),
        typed(cast.acct_201, credits="4.5", faculty="Ada Bell", outcomes="Ledger\r\nAudit"),
    )
    assert answer.status_code == 302
    change = CourseChange.objects.get()
    assert [(one["name"], one["was"], one["is_now"]) for one in change.changes] == [
        ("Credits", "5", "4.5"),
        ("Outcomes", "", "Ledger\nAudit"),
        ("Faculty", "", "Ada Bell"),
    ]
    assert [mark.articulation for mark in AgreementMark.objects.open()] == [cast.agreement]
    assert Mail.objects.filter(subject__contains="1 agreement is due for review").exists()
    line = cast.agreement.courses.get()
    assert line.credits == 5  # what was agreed stays agreed
    html = client.get(page(cast.acct_201)).content.decode()
    assert "Ada Bell" in html
    assert "New catalog" in html


def test_the_same_again_marks_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    assert client.post(page(cast.acct_201), typed(cast.acct_201)).status_code == 302
    assert not CourseChange.objects.exists()
    assert changed(cast) is None


def test_what_is_no_course_is_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    for changes, words in (
        ({"credits": "26"}, "Enter credits from 0.5 to 25"),
        ({"title": ""}, "Enter the title of the course"),
        ({"description_url": "not an address"}, "Enter a whole address, https://..."),
    ):
        answer = client.post(page(cast.acct_201), typed(cast.acct_201, **changes))
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_others_do_not_find_it(client: PolicingClient, cast: Cast) -> None:
    for user, status in (
        (cast.other_faculty, 404),
        (cast.other_consortium, 404),
        (cast.teacher, 403),
        (cast.state, 403),
    ):
        client.force_login(user)
        assert client.post(page(cast.acct_201), typed(cast.acct_201, credits="1")).status_code == status
