"""Who is told of their rights, by whom, when and how often (34 CFR 99.7)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Mail
from students import actions
from students.actions import notices
from students.models import FIRST_NOTICE, ConsentText, Registration, Student, YearlyNotice, to_be_told
from students.rules.inspections import is_told_with_parent
from students.tasks import tell_rights
from tests import raw
from tests.people import Cast, make_registration
from tests.transcripts.merging import merged, second_record


def registered(cast: Cast, student: Student) -> Registration:
    return make_registration(student, cast.section, cast.agreement)


def told() -> list[str]:
    return list(
        Mail.objects.filter(kind="students/rights_notice").order_by("pk").values_list("to", flat=True)
    )


def test_who_is_registered_this_year_and_was_not_told(cast: Cast) -> None:
    waits = set(to_be_told(cast.year))
    assert cast.classmate in waits
    assert cast.student not in waits  # told
    assert cast.newcomer not in waits  # registered for nothing
    assert cast.graduate not in waits  # of last year
    assert cast.graduate in set(to_be_told(cast.last_year))


def test_told_once_with_the_text_in_force_in_their_language(cast: Cast) -> None:
    registered(cast, cast.newcomer)
    assert cast.newcomer.user is not None
    cast.newcomer.user.language = "es"
    cast.newcomer.user.save()
    number = to_be_told(cast.year).count()
    assert actions.tell_rights() == number
    row = YearlyNotice.objects.of(cast.newcomer).get()
    assert (row.year, row.text.version, row.guardian_too) == (cast.year, FIRST_NOTICE, False)
    letter = Mail.objects.get(kind="students/rights_notice", to=cast.newcomer.email)
    assert (letter.language, "expediente" in letter.text) == ("es", True)
    assert actions.tell_rights() == 0
    assert told().count(cast.newcomer.email) == 1


def test_the_worker_tells_in_rounds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "AT_ONCE", 1)
    number = to_be_told(cast.year).count()
    assert number >= 2
    assert actions.tell_rights(most=1) == 1
    tell_rights()
    assert len(told()) == number
    assert not to_be_told(cast.year).exists()


def test_a_parent_is_told_too_in_their_language_until_the_student_is_18(cast: Cast) -> None:
    student = cast.newcomer
    student.guardian_email, student.guardian_language = "rosa@example.org", "es"
    student.guardian_name = "Rosa Vega"
    student.birth_date = timezone.localdate().replace(year=timezone.localdate().year - 16)
    student.save()
    registered(cast, student)
    actions.tell_rights()
    assert YearlyNotice.objects.of(student).get().guardian_too
    letter = Mail.objects.get(to="rosa@example.org")
    assert letter.language == "es"
    assert student.name in letter.text
    assert "Rosa Vega" in letter.text  # who is written to by name
    today = timezone.localdate()
    student.birth_date = today.replace(year=today.year - 18)
    assert not is_told_with_parent(student, on=today)
    student.guardian_email, student.birth_date = student.email, today.replace(year=today.year - 16)
    assert not is_told_with_parent(student, on=today)  # the student's own address


def test_nobody_is_written_to_who_cannot_be(cast: Cast) -> None:
    registered(cast, cast.newcomer)
    Student.objects.filter(pk=cast.newcomer.pk).update(died_on=timezone.localdate())
    assert cast.newcomer not in set(to_be_told(cast.year))
    Student.objects.filter(pk=cast.newcomer.pk).update(died_on=None, user=None)
    assert cast.newcomer.pk not in set(to_be_told(cast.year).values_list("pk", flat=True))


def test_a_class_on_a_merged_record_is_one_of_the_student(cast: Cast) -> None:
    gone = second_record(cast)
    registered(cast, gone)
    merged(cast, cast.newcomer, gone)
    keys = set(to_be_told(cast.year).values_list("pk", flat=True))
    assert cast.newcomer.pk in keys
    assert gone.pk not in keys


def test_who_was_told_on_a_record_that_was_merged_is_not_told_again(cast: Cast) -> None:
    gone = second_record(cast)
    registered(cast, gone)
    assert gone.pk in set(to_be_told(cast.year).values_list("pk", flat=True))
    actions.tell_rights()
    merged(cast, cast.newcomer, gone)
    assert YearlyNotice.objects.of(cast.newcomer).count() == 1
    assert actions.tell_rights() == 0


def test_who_left_every_class_is_not_told(cast: Cast) -> None:
    one = registered(cast, cast.newcomer)
    Registration.objects.filter(pk=one.pk).update(status="withdrawn")
    assert cast.newcomer not in set(to_be_told(cast.year))


def test_row_and_letter_are_written_both_or_neither(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(**facts: object) -> None:
        raise RuntimeError("the machine stops")

    before = YearlyNotice.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr(notices, "queue_mail", breaks)
        with pytest.raises(RuntimeError):
            actions.tell_rights()
    assert YearlyNotice.objects.count() == before
    assert actions.tell_rights() > 0  # the control: nobody was lost


def test_a_notice_is_ink_and_stands_once_a_year(cast: Cast) -> None:
    row = YearlyNotice.objects.of(cast.student).get()
    with raw.breaks("told_of_rights_once_a_year"):
        raw.copy(row)
    with raw.breaks(f"{raw.INK}students_yearlynotice"):
        raw.change(row, guardian_too=True)
    with raw.breaks(f"{raw.INK}students_yearlynotice"):
        raw.delete(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyNotice.objects.create(student=cast.student, year=cast.year, text=row.text)


def test_the_state_reads_how_many_were_told(cast: Cast) -> None:
    (text,) = ConsentText.objects.with_use("notice")
    assert text.agreed == YearlyNotice.objects.count()
