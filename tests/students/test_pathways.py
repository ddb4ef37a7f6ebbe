"""The CTE Graduation Pathway: what classes add up to, cluster by cluster, and where the student and staff read it."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from articulations.models import CareerCluster, HighSchoolCourse
from students.models import Registration
from students.rules import NEEDED, Pathway, Taken, pathways
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.students.pages import text

HALF, ONE = Decimal("0.5"), Decimal(1)
#: Each: what was taken (class, credits, cluster, status), and what it adds up to (cluster, completed, under way, unknown).
CASES: list[tuple[list[tuple[int, Decimal | None, str, str]], list[tuple[str, Decimal, Decimal, int]]]] = [
    ([], []),
    ([(1, ONE, "Health", "completed")], [("Health", ONE, Decimal(0), 0)]),
    ([(1, ONE, "Health", "in_progress")], [("Health", Decimal(0), ONE, 0)]),
    ([(1, ONE, "Health", "not_attained")], []),
    ([(1, ONE, "Health", "withdrawn"), (2, ONE, "Health", "not_in_class")], []),
    # One class in two years counts once, and Completed if it ever was, whichever comes first.
    ([(1, ONE, "Health", "completed"), (1, ONE, "Health", "in_progress")], [("Health", ONE, Decimal(0), 0)]),
    ([(1, ONE, "Health", "in_progress"), (1, ONE, "Health", "completed")], [("Health", ONE, Decimal(0), 0)]),
    ([(1, ONE, "Health", "completed"), (1, ONE, "Health", "completed")], [("Health", ONE, Decimal(0), 0)]),
    ([(1, None, "Health", "completed"), (2, HALF, "Health", "completed")], [("Health", HALF, Decimal(0), 1)]),
    # A class whose credits are not known is named, Completed or under way.
    ([(1, None, "Health", "in_progress")], [("Health", Decimal(0), Decimal(0), 1)]),
    (
        [(1, None, "Health", "in_progress"), (1, None, "Health", "completed")],
        [("Health", Decimal(0), Decimal(0), 1)],
    ),
    (
        [
            (1, HALF, "Health", "completed"),
            (2, ONE, "Business", "completed"),
            (3, HALF, "Health", "in_progress"),
        ],
        [("Business", ONE, Decimal(0), 0), ("Health", HALF, HALF, 0)],
    ),
    (
        [(1, HALF, "Health", "in_progress"), (2, ONE, "Business", "in_progress")],
        [("Business", Decimal(0), ONE, 0), ("Health", Decimal(0), HALF, 0)],
    ),
]


@pytest.mark.parametrize(("taken", "found"), CASES)
def test_what_classes_add_up_to(taken: list[Any], found: list[Any]) -> None:
    counted = pathways(Taken(*one) for one in taken)
    assert [(one.cluster, one.completed, one.under_way, one.unknown) for one in counted] == found


@pytest.mark.parametrize(
    ("completed", "under_way", "unknown", "is_whole", "filled", "reaches", "words"),
    [
        ("0", "0", 0, False, 0, 0, "0 of 2 credits Completed"),
        ("1.50", "0.5", 0, False, 750, 1000, "1.5 of 2 credits Completed, 0.5 credits in class now"),
        ("1.75", "1", 1, False, 875, 1000, "1.75 of 2 credits Completed, 1 credit in class now, 1 class without known credits"),
        ("2.00", "0", 2, True, 1000, 1000, "2 credits Completed (2 are needed), 2 classes without known credits"),
        ("3", "0", 0, True, 1000, 1000, "3 credits Completed (2 are needed)"),
    ],
)  # fmt: skip
def test_how_a_pathway_is_told(
    completed: str, under_way: str, unknown: int, is_whole: bool, filled: int, reaches: int, words: str
) -> None:
    one = Pathway("Health", Decimal(completed), Decimal(under_way), unknown)
    assert (one.is_whole, one.filled, one.reaches, one.words) == (is_whole, filled, reaches, words)
    assert Decimal(2) == NEEDED


@pytest.fixture
def credited(cast: Cast) -> Cast:
    cluster = CareerCluster.objects.order_by("number")[0]
    HighSchoolCourse.objects.update(cluster=cluster, high_school_credits=ONE)
    return cast


def test_a_student_reads_their_own_and_staff_what_they_see(credited: Cast, client: PolicingClient) -> None:
    cast = credited
    Registration.objects.filter(pk=cast.registration.pk).update(status="completed")
    make_registration(cast.student, cast.colleague_section, cast.welding_agreement)
    told = "1 of 2 credits Completed, 1 credit in class now"
    for user, page in (
        (cast.student.user, reverse("students:my_classes")),
        (cast.student.user, reverse("students:history", args=[cast.student.public_id])),
        (cast.counselor, reverse("students:history", args=[cast.student.public_id])),
    ):
        assert user is not None
        client.force_login(user)
        answer = client.get(page)
        said = text(answer)
        assert "CTE Graduation Pathway" in said
        assert told in said
        html = answer.content.decode()
        assert '<span class="s-key full"></span> Completed' in html
        assert '<span class="s-key half"></span> In class now' in html


@pytest.mark.parametrize("who", ["teacher", "registrar", "consortium", "other_consortium"])
def test_where_classes_are_left_out_nothing_is_added_up(
    credited: Cast, client: PolicingClient, who: str
) -> None:
    """A part of the sum would be taken for the whole of it."""
    cast = credited
    Registration.objects.filter(pk=cast.registration.pk).update(status="completed")
    make_registration(cast.student, cast.other_section, cast.other_agreement)
    client.force_login(getattr(cast, who))
    said = text(client.get(reverse("students:history", args=[cast.student.public_id])))
    assert "1 registration outside your reach is not shown" in said
    assert "credits Completed" not in said
    assert "High-school credits are not added up here" in said


def test_a_class_without_a_cluster_is_of_no_pathway(cast: Cast, client: PolicingClient) -> None:
    HighSchoolCourse.objects.update(cluster=None, high_school_credits=ONE)
    assert cast.student.user is not None
    client.force_login(cast.student.user)
    assert "CTE Graduation Pathway" not in text(client.get(reverse("students:my_classes")))
