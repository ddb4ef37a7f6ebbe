"""The signed agreement as a PDF: drawn by a worker once, sealed, accessible, the same for everybody."""

import io

import pikepdf
from django.test import Client
from django.urls import reverse

from accounts.models import Job
from articulations import actions
from articulations.models import AgreementDocument
from sers.lib import sealing, seals
from tests import agreeing
from tests.people import Cast
from tests.transcripts.reading import tags_of, text_of, untagged


def test_it_is_drawn_once_and_sealed(client: Client, cast: Cast) -> None:
    text = cast.agreement_text
    agreeing.signed(text, by=cast.district)
    agreeing.signed(text, by=agreeing.make_dean(cast.cbc, cast.dean))
    agreement = agreeing.in_force(text)
    page = reverse("articulations:agreement_file", args=[agreement.public_id])
    assert client.get(page).status_code == 404
    job = Job.objects.get(task=actions.DOCUMENT_TASK)
    for _ in range(2):
        actions.make_agreement_document(job_id=job.pk)
    document = AgreementDocument.objects.get()
    assert actions.keep_document(AgreementDocument(text=agreeing.fresh(text), code="7" * 26)) == document
    answer = client.get(page)
    assert answer["Content-Type"] == "application/pdf"
    pdf = answer.content
    assert sealing.examine(pdf, certificates=seals.known_certificates())["is_whole"]
    said = " ".join(text_of(pdf).split())
    for words in (
        "Marketing 1",
        "MKTG 110 Marketing, 5 credits",
        cast.district.name,
        "Check that this is real",
    ):
        assert words in said
    assert "password" not in said
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tags = {str(one.S) for one in tags_of(opened.Root.StructTreeRoot.K)}
        assert {"/H1", "/H2", "/Table", "/Figure"} <= tags
        assert untagged(opened) == []


def test_one_signed_on_paper_has_none(client: Client, cast: Cast) -> None:
    assert (
        client.get(reverse("articulations:agreement_file", args=[cast.agreement.public_id])).status_code
        == 404
    )
