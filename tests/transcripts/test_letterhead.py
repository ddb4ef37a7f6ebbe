"""The head of a college's documents."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Event
from tests.people import Cast
from transcripts.models import Letterhead

TYPED = {
    "office": "Registrar’s Office", "street": "2600 North 20th Avenue", "city": "Pasco", "state": "Washington",
    "postal_code": "99301", "phone": "509-555-0111", "signer_name": "Helen Marsh", "signer_title": "Registrar",
    "signer_title_es": "Registradora",
}  # fmt: skip


def address(cast: Cast, page: str = "letterhead") -> str:
    return reverse(f"transcripts:{page}", args=[cast.cbc.public_id])


def logo(kind: str = "PNG", size: tuple[int, int] = (600, 200), name: str = "logo.png") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return SimpleUploadedFile(name, file.getvalue())


def head(cast: Cast) -> Letterhead:
    return Letterhead.objects.get(college=cast.cbc)


def test_it_is_saved_with_a_logo_drawn_anew(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert client.post(address(cast), {**TYPED, "logo": logo("JPEG", name="Logo.JPG")}).status_code == 302
    saved = head(cast)
    assert saved.address == "2600 North 20th Avenue, Pasco, Washington 99301"
    assert saved.title_in("es") == "Registradora"
    assert saved.title_in("en") == "Registrar"
    assert saved.updated_by == cast.registrar
    picture = client.get(address(cast, "logo"))
    assert picture["Content-Type"] == "image/png"
    with Image.open(BytesIO(picture.content)) as found:
        assert (found.format, found.size) == ("PNG", (520, 173))
    assert Event.objects.get(kind="transcripts.letterhead_saved").data["has_logo"] is True


def test_the_logo_is_kept_until_it_is_taken_away(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    client.post(address(cast), TYPED)
    assert head(cast).logo
    client.post(address(cast), {**TYPED, "no_logo": "on"})
    assert not head(cast).logo
    assert client.get(address(cast, "logo")).status_code == 404


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>"), "not a PNG or JPEG picture"),
        (SimpleUploadedFile("logo.png", b""), "The picture is empty"),
        (SimpleUploadedFile("logo.png", b"\x89PNG" + bytes(3 * 1024 * 1024)), "larger than 2 MB"),
        (logo(size=(4001, 2)), "4,000 pixels"),
    ],
    ids=["svg", "empty", "large", "wide"],
)
def test_what_is_no_picture_is_refused_in_words(cast: Cast, client: Client, upload: Any, words: str) -> None:
    client.force_login(cast.registrar)
    upload.seek(0)
    page = client.post(address(cast), {**TYPED, "logo": upload})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="509-555-0111"' in page.content.decode()
    assert bytes(head(cast).logo) == b"\x89PNG\r\n\x1a\n"


def test_it_is_another_college_s(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(address(cast)).status_code == 404
    assert client.post(address(cast), TYPED).status_code == 404
    client.force_login(cast.state)
    assert client.get(address(cast)).status_code == 403
