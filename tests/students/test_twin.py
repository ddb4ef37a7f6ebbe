"""/students/twins/<id>/: two records side by side, told apart with a reason, and put back."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Disclosure, LikelyTwins, Student
from tests import raw
from tests.people import (
    Cast,
    account_of,
)
from tests.policing import PolicingClient
from tests.students.pages import messages, text
from tests.students.pairs import pair_of, second_of

WHY = "Twin sisters; the counselor knows both"


def address(pair: LikelyTwins) -> str:
    return reverse("students:twin", args=[pair.public_id])


# --- Rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("teacher", False), ("counselor", False), ("district", False), ("faculty", False), ("registrar", False),
        ("consortium", True), ("state", True), ("nobody", False),
    ],
)  # fmt: skip
def test_who_looks_at_twins(cast: Cast, who: str, may: bool) -> None:
    assert rules.can_see_twins(getattr(cast, who)) is may


@pytest.mark.parametrize(
    ("who", "reason", "decided", "rule"),
    [
        ("consortium", WHY, False, None),
        ("state", WHY, False, None),
        ("consortium", "  ", False, "no_reason"),
        ("consortium", WHY, True, "decided"),
        ("counselor", WHY, False, "not_for_seat"),
    ],
)
def test_who_tells_apart(cast: Cast, who: str, reason: str, decided: bool, rule: str | None) -> None:
    pair = pair_of(cast)
    pair.decided_at = timezone.now() if decided else None
    refusal = rules.why_not_tell_apart(getattr(cast, who), pair, reason)
    assert (refusal and refusal.rule) == rule


def test_side_by_side_marks_what_differs(cast: Cast) -> None:
    pair = pair_of(cast, grade_level=12, phone="509-555-0199")
    rows = {row.name: row for row in rules.side_by_side(pair, {pair.older_id: 2})}
    assert not rows["Legal name"].differs
    assert not rows["Birth date"].differs
    assert (rows["Grade level"].older, rows["Grade level"].newer) == ("Grade 11", "Grade 12")
    assert rows["Phone"].differs
    assert (rows["Account"].older, rows["Account"].newer) == ("Activated", "No account")
    assert (rows["Registrations"].older, rows["Registrations"].newer) == ("2", "0")


# --- Acts -----------------------------------------------------------------------------------------------


def test_told_apart_once_and_put_back(cast: Cast) -> None:
    pair = pair_of(cast)
    told = actions.tell_apart(pair=pair, reason=WHY, by=cast.consortium)
    assert (told.decided_by, told.reason) == (cast.consortium, WHY)
    with pytest.raises(Refused):
        actions.tell_apart(pair=pair, reason="Again", by=cast.state)
    assert not LikelyTwins.objects.undecided().filter(pk=pair.pk).exists()
    assert actions.put_back(pair=pair, by=cast.state)
    assert not actions.put_back(pair=pair, by=cast.state)
    assert LikelyTwins.objects.undecided().filter(pk=pair.pk).exists()
    kinds = Event.objects.filter(subject_type="students.likelytwins", subject_id=pair.pk).order_by("pk")
    assert [(one.kind, one.data) for one in kinds] == [
        ("students.told_apart", {"reason": WHY}),
        ("students.twins_put_back", {}),
    ]


def test_the_database_keeps_it_true(cast: Cast) -> None:
    pair = pair_of(cast)
    with raw.breaks("a_pair_stands_once"):
        raw.copy(pair)
    with raw.breaks("the_older_of_a_pair_comes_first"):
        raw.copy(pair, older_id=pair.newer_id, newer_id=pair.older_id)
    with raw.breaks("the_older_of_a_pair_comes_first"):
        raw.change(pair, newer_id=pair.older_id)
    with raw.breaks("who_tells_apart_says_why"):
        raw.change(pair, decided_at="2026-11-25T00:00:00Z", decided_by_id=cast.state.pk)


# --- The worker -----------------------------------------------------------------------------------------


def test_the_worker_keeps_same_and_near_and_tells_only_of_the_same(cast: Cast) -> None:
    from accounts.models import Mail

    same = second_of(cast.student)
    born = cast.below.birth_date
    near = second_of(cast.below, birth_date=born.replace(year=born.year ^ 1))  # one digit of the year
    LikelyTwins.objects.all().delete()
    before = Mail.objects.filter(kind="students/account_again").count()
    assert actions.recognize_twins(student=same) == [cast.student]
    assert Mail.objects.filter(kind="students/account_again").count() == before + 1
    assert actions.recognize_twins(student=near) == []
    assert Mail.objects.filter(kind="students/account_again").count() == before + 1
    kept = LikelyTwins.objects.order_by("pk").values_list("older", "newer", "likeness")
    assert list(kept) == [
        (cast.student.pk, same.pk, "1_same"),
        (cast.below.pk, near.pk, "2_near"),
    ]


def test_the_nightly_look_finds_both_ways_and_forgets_what_is_alike_no_more(cast: Cast) -> None:
    LikelyTwins.objects.all().delete()
    second = second_of(cast.student)
    assert actions.find_twins() == 1
    assert actions.find_twins() == 0
    pair = LikelyTwins.objects.get()
    assert (pair.older, pair.newer) == (cast.student, second)
    cast.student.last_name = "Okafor"  # the older record is changed: the pair is looked at from its side
    cast.student.save()
    Student.objects.filter(pk=second.pk).update(updated_at=timezone.now() - timedelta(days=9))
    assert actions.find_twins() == 0
    assert not LikelyTwins.objects.exists()


def test_what_was_told_apart_is_not_found_again(cast: Cast) -> None:
    pair = pair_of(cast)
    actions.tell_apart(pair=pair, reason=WHY, by=cast.consortium)
    actions.find_twins()
    pair.refresh_from_db()
    assert pair.reason == WHY


def test_a_merged_record_makes_no_pair(cast: Cast) -> None:
    pair = pair_of(cast)
    Student.objects.filter(pk=pair.newer_id).update(merged_into=cast.student)
    assert not LikelyTwins.objects.undecided().filter(pk=pair.pk).exists()


# --- The screen -----------------------------------------------------------------------------------------


def test_a_pair_is_looked_at_and_told_apart(cast: Cast, client: PolicingClient) -> None:
    pair = pair_of(cast, grade_level=12)
    client.force_login(cast.consortium)
    words = text(client.get(address(pair)))
    assert "Vega, Marisol and Vega, Marisol" in words
    assert "Grade level Grade 11 Grade 12 Differs" in words
    noted = Disclosure.objects.filter(reader=cast.consortium, what="twins")
    assert set(noted.values_list("student", flat=True)) == {pair.older_id, pair.newer_id}
    page = client.post(address(pair), {"reason": " "})
    assert page.status_code == 422
    assert "Enter how you know that they are two people" in text(page)
    answer = client.post(address(pair), {"reason": WHY}, follow=True)
    assert messages(answer) == ["They are two people. The pair is off the list."]
    words = text(client.get(address(pair)))
    assert f"by Carmen Consortium: {WHY}" in words
    assert "Not the same person" not in words
    client.post(address(pair), {"back": "1"})
    assert "Not the same person" in text(client.get(address(pair)))


def test_who_was_slower_is_told(cast: Cast, client: PolicingClient) -> None:
    pair = pair_of(cast)
    actions.tell_apart(pair=pair, reason=WHY, by=cast.state)
    client.force_login(cast.consortium)
    page = client.post(address(pair), {"reason": "They look alike"})
    assert page.status_code == 409
    assert "Somebody told these two apart already." in text(page)


def test_one_sees_a_pair_who_sees_both(cast: Cast, client: PolicingClient) -> None:
    across = pair_of(cast, school=cast.other_student.school)
    for who in (cast.consortium, cast.other_consortium):
        client.force_login(who)
        assert client.get(address(across)).status_code == 404
        assert client.post(address(across), {"reason": WHY}).status_code == 404
    client.force_login(cast.state)
    assert client.get(address(across)).status_code == 200


def test_others_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    pair = pair_of(cast)
    assert client.get(address(pair)).status_code == 302
    for who in (cast.teacher, cast.counselor, cast.district, cast.registrar, account_of(cast.student)):
        client.force_login(who)
        assert client.get(address(pair)).status_code == 403
    client.force_login(cast.other_consortium)
    assert client.get(address(pair)).status_code == 404


def test_the_file_of_one_record_tells_nothing_of_the_other(cast: Cast) -> None:
    from tests.reports.test_record import made, unpacked

    second = second_of(cast.student, first_name="Mari Sol")
    pair: Any = LikelyTwins.objects.create(older=cast.student, newer=second, likeness="1_same")
    actions.tell_apart(pair=pair, reason="Mari Sol is the cousin", by=cast.consortium)
    assert cast.student.user is not None
    words = b"".join(unpacked(made(cast.student, cast.student.user)).values()).decode(errors="ignore")
    assert "Mari Sol" not in words
    assert second.sers_id not in words
    assert "Another person" in words
