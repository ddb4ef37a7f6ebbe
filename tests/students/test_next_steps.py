"""What is next for a registration, until when, and who must act: every state it can be in."""

from datetime import date

import pytest
from django.utils import timezone

from organizations.models import CollegeYear
from students import rules
from students.models import Registration
from tests.people import Cast

Status, Mode = Registration.Status, CollegeYear.Mode
TODAY, SOON, PAST = date(2027, 5, 10), date(2027, 6, 15), date(2027, 5, 1)
NOBODY = None


@pytest.mark.parametrize(
    ("status", "owed", "due_on", "grades_by", "mode", "request_by", "said", "yours"),
    [
        (Status.IN_PROGRESS, "signed form", SOON, SOON, Mode.AUTOMATIC, None, "hand in the signed form by June 15", True),
        (Status.IN_PROGRESS, "signed form", TODAY, SOON, Mode.AUTOMATIC, None, "hand in the signed form by May 10", True),
        (Status.IN_PROGRESS, "signed form", None, SOON, Mode.AUTOMATIC, None, "hand in the signed form", True),
        (Status.IN_PROGRESS, "signed form", PAST, SOON, Mode.AUTOMATIC, None, "ask your consortium what you can still do", True),
        (Status.IN_PROGRESS, "", None, SOON, Mode.AUTOMATIC, None, "Your grade comes from Tess Teacher and Lola Teacher by June 15", False),
        (Status.IN_PROGRESS, "", None, TODAY, Mode.AUTOMATIC, None, "Lola Teacher by May 10", False),
        (Status.IN_PROGRESS, "", None, PAST, Mode.AUTOMATIC, None, "Your grade comes from Tess Teacher and Lola Teacher", False),
        (Status.IN_PROGRESS, "", None, None, None, None, "Your grade comes from Tess Teacher and Lola Teacher", False),
        (Status.COMPLETED, "$20 fee", SOON, PAST, Mode.AUTOMATIC, None, "hand in the $20 fee by June 15", True),
        (Status.COMPLETED, "", None, PAST, Mode.AUTOMATIC, None, "puts the credit on your record by September 1", False),
        (Status.COMPLETED, "", None, PAST, None, None, "puts the credit on your record by September 1", False),
        (Status.COMPLETED, "", None, PAST, Mode.ON_REQUEST, SOON, "ask Columbia Basin College for the credit by June 15", True),
        (Status.COMPLETED, "", None, PAST, Mode.ON_REQUEST, None, "ask Columbia Basin College for the credit", True),
        (Status.COMPLETED, "", None, PAST, Mode.ON_REQUEST, PAST, "what you can still do", True),
        (Status.COMPLETED, "", None, PAST, Mode.EXTERNAL, None, "ask Columbia Basin College for the credit", True),
        (Status.COMPLETED, "", None, PAST, Mode.ENROLLMENT, None, "enroll at Columbia Basin College as well", True),
        (Status.NOT_ATTAINED, "", None, PAST, Mode.AUTOMATIC, None, NOBODY, False),
        (Status.WITHDRAWN, "", None, SOON, Mode.AUTOMATIC, None, NOBODY, False),
        (Status.NOT_IN_CLASS, "", None, SOON, Mode.AUTOMATIC, None, NOBODY, False),
    ],
)  # fmt: skip
def test_what_is_next(
    cast: Cast,
    status: str,
    owed: str,
    due_on: date | None,
    grades_by: date | None,
    mode: str | None,
    request_by: date | None,
    said: str | None,
    yours: bool,
) -> None:
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    one.status = status
    college_year = None if mode is None else CollegeYear(mode=mode, request_by=request_by)
    step = rules.next_step_of(
        one, owed=owed, due_on=due_on, grades_by=grades_by, college_year=college_year, on=TODAY
    )
    if said is None:
        assert step is None
        return
    assert step is not None
    assert said in step.sentence
    assert step.yours is yours
    assert "your" not in step.for_staff.lower()


def test_credit_on_the_record_has_no_next_step(cast: Cast) -> None:
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    one.status, one.awarded_at = Status.COMPLETED, timezone.now()
    assert rules.next_step_of(one, owed="", due_on=None, grades_by=None, college_year=None, on=TODAY) is None
