"""The signed agreement becomes a document that anybody can verify."""

import hashlib

from accounts.actions import work_on
from articulations.documents import agreement_pdf
from articulations.models import AgreementDocument, AgreementText
from sers.lib.codes import new_code
from sers.lib.seals import own_seal


def make_agreement_document(*, job_id: int) -> None:
    """A worker's part: draw the document of a signed text and keep it. Safe to do twice."""
    with work_on(job_id) as job:
        if job is not None:
            text = AgreementText.objects.with_names().get(pk=job.subject_id)
            if not AgreementDocument.objects.filter(text=text).exists():
                keep_document(AgreementDocument(text=text, code=new_code()))


def keep_document(document: AgreementDocument) -> AgreementDocument:
    """Draw a document and keep it with its fingerprint and that of the certificate it is sealed with."""
    signatures = list(document.text.signatures.order_by("number"))
    pdf = agreement_pdf(document, signatures)
    document.pdf = pdf
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.certificate = own_seal().fingerprint
    AgreementDocument.objects.bulk_create([document], ignore_conflicts=True)
    return AgreementDocument.objects.get(text=document.text)
