"""/transcripts/merges/<id>/: one merge, what an undo gives back, and the undo."""

import pytest
from django.urls import reverse

from students.models import LikelyTwins, Merge, Student
from tests.people import Cast, make_transcript
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text
from tests.transcripts.merging import WHY, merged, second_record


def address(merge: Merge) -> str:
    return reverse("transcripts:merge", args=[merge.public_id])


def test_a_merge_is_undone_with_a_reason(cast: Cast, client: PolicingClient) -> None:
    second = second_record(cast)
    LikelyTwins.objects.create(older=cast.student, newer=second, likeness="1_same")
    merge = merged(cast, second, cast.student)
    assert not LikelyTwins.objects.undecided().filter(newer=second).exists()
    client.force_login(cast.consortium)
    words = text(client.get(address(merge)))
    assert WHY in words
    assert f"{cast.student.sers_id} stands for itself again" in words
    assert "there is no class, credit or transcript of that time" in words
    assert errors(client.post(address(merge), {"reason": ""})) == ["Enter why the merge is undone"]
    done = client.post(address(merge), {"reason": "Cousins"}, follow=True)
    assert messages(done) == ["The merge is undone. Both records stand for themselves again."]
    assert Student.objects.living().filter(pk=cast.student.pk).exists()
    assert LikelyTwins.objects.undecided().filter(newer=second).exists()
    words = text(client.get(address(merge)))
    assert "Cousins" in words
    assert "Undo the merge" not in words
    assert client.post(address(merge), {"reason": "Again"}).status_code == 409


def test_what_stands_in_the_way_of_an_undo_is_said(cast: Cast, client: PolicingClient) -> None:
    second = second_record(cast)
    merge = merged(cast, second, cast.graduate)
    make_transcript(cast.run, second)
    client.force_login(cast.state)
    words = text(client.get(address(merge)))
    assert "This merge cannot be undone as things stand" in words
    assert "that holds credit of both records. Its registrar revokes it first." in words
    assert client.post(address(merge), {"reason": "Cousins"}).status_code == 409
    assert Merge.objects.standing().filter(pk=merge.pk).exists()


def test_a_stranger_is_not_there(cast: Cast, client: PolicingClient) -> None:
    merge = merged(cast, second_record(cast), cast.student)
    client.force_login(cast.other_consortium)
    assert client.get(address(merge)).status_code == 404


@pytest.mark.parametrize("who", ["teacher", "district", "registrar"])
def test_the_wrong_seat_is_refused(cast: Cast, client: PolicingClient, who: str) -> None:
    merge = merged(cast, second_record(cast), cast.student)
    client.force_login(getattr(cast, who))
    assert client.get(address(merge)).status_code == 403
    assert client.post(address(merge), {"reason": "x"}).status_code == 403
