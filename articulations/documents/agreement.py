"""The signed agreement as a document: its text, who signed it when, and how anybody can verify it."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from articulations.models import AgreementDocument, AgreementSignature
from articulations.rules import lines_of_text
from sers.lib.codes import in_groups
from sers.lib.press import own_mark, plain, press, qr
from sers.lib.seals import sealed

#: The longest words of an agreement are its wording and its conditions.
LONGEST = 6000


def agreement_pdf(document: AgreementDocument, signatures: Sequence[AgreementSignature]) -> bytes:
    """The agreement as it was signed: every line of its text, every signature with its moment and its link, the
    fingerprint, the code. From which network somebody signed is not told. `document` need not be saved yet."""
    text = document.text
    address = settings.PUBLIC_URL + reverse("articulations:verify_agreement", args=[document.code])
    page = {
        "number": str(text),
        "issue": text.issue,
        "college": plain(text.college.name),
        "title": plain(text.title),
        "kind": text.get_kind_display(),
        "made": timezone.localtime(document.made_at),
        "lines": [
            {"name": one.name, "paragraphs": [plain(part, LONGEST) for part in one.text.split("\n") if part]}
            for one in lines_of_text(text.content)
        ],
        "signatures": [
            {
                "name": plain(one.name),
                "signed_as": plain(one.signed_as),
                "signed_at": one.signed_at,
                "intent": plain(one.intent, LONGEST),
                "link": one.link,
            }
            for one in signatures
        ],
        "sha256": text.sha256,
        "code": in_groups(document.code),
        "verify_at": address.split("://")[-1].rsplit("/", 2)[0] + "/",
        "demo": settings.DEMO,
    }
    assets = {"asset:qr": ("image/png", qr(address)), "asset:mark": ("image/svg+xml", own_mark())}
    with translation.override("en"):  # the agreement is in English
        pdf = press("articulations/agreement_document.html", page, assets=assets, mark=document.code)
    return sealed(pdf, issuer=plain(text.college.name))
