"""One transcript with its letter, as its registrar sees it."""

from django.test import Client
from django.urls import reverse

from tests import people
from tests.people import Cast
from transcripts.models import Transcript


def address(transcript: Transcript, page: str = "document") -> str:
    return reverse(f"transcripts:{page}", args=[transcript.public_id])


def test_it_tells_what_was_issued_and_what_can_be_done(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(address(cast.transcript)).content.decode()
    for words in (
        "Grace Nakamura", cast.transcript.code_in_groups, cast.transcript.letter.code_in_groups, "issue 1",
        "No full address", address(cast.transcript, "reissue"), address(cast.transcript, "revoke"),
        "issued before documents were sealed",
    ):  # fmt: skip
        assert words in text


def test_the_state_reads_and_issues_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    text = client.get(address(cast.transcript)).content.decode()
    assert address(cast.transcript, "reissue") not in text
    assert address(cast.transcript, "revoke") not in text


def test_a_replaced_one_leads_to_the_newer_one_and_cannot_be_issued_anew(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    newer = people.make_transcript(people.make_run(cast.cbc, cast.year, cast.registrar), cast.graduate)
    text = client.get(address(cast.transcript)).content.decode()
    assert "A newer transcript replaces this one" in text
    assert address(newer) in text
    assert address(cast.transcript, "reissue") not in text


def test_it_is_another_college_s(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(address(cast.transcript)).status_code == 404
    client.force_login(cast.teacher)
    assert client.get(address(cast.transcript)).status_code == 403


def test_a_name_corrected_since_is_told_beside_the_one_on_paper(cast: Cast, client: Client) -> None:
    cast.graduate.last_name = "Nakamura-Reyes"
    cast.graduate.save()
    client.force_login(cast.registrar)
    text = client.get(address(cast.transcript)).content.decode()
    assert "Grace Nakamura</a>, now Grace Nakamura-Reyes" in text
