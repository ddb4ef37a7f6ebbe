"""Making a new grade scale from one that is there."""

import pytest
from django.urls import reverse

from organizations.models import GradeScale
from tests.people import Cast
from tests.policing import PolicingClient

ROWS = "98-100 4.0 A\n85-97 3.0 B"


def url(cast: Cast) -> str:
    return reverse("organizations:new_scale", args=[cast.cbc_scale.public_id])


def test_typed_looked_at_saved(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    html = client.get(url(cast)).content.decode()
    assert "98-100 4.0 A\n96-97 3.9 A" in html
    typed = {"college": str(cast.cbc.public_id), "name": "Short", "rounding": "down", "rows": ROWS}
    html = (
        client.post(url(cast), typed | {"look": "1"})
        .content.decode()
        .replace("&nbsp;", " ")
        .replace("\u00a0", " ")
    )
    assert "85 % to 97 %" in html
    assert "0 % to 84 %" in html
    assert not GradeScale.objects.filter(name="Short").exists()
    response = client.post(url(cast), typed | {"save": "1"}, follow=True)
    assert "Short is saved." in response.content.decode()
    assert GradeScale.objects.get(name="Short").college == cast.cbc
    response = client.post(url(cast), typed | {"save": "1"})
    assert response.status_code == 409
    assert "has a scale of this name" in response.content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Enter a name for the scale"),
        ({"rounding": ""}, "Choose how a percent is rounded"),
        ({"rows": ""}, "Enter at least one row"),
        ({"rows": "98 4.0"}, "Line 1: write the percent, the points and the letter"),
        ({"rows": "90 3.0 B\n85 3.5 A"}, "gives more points"),
        ({"college": "other"}, "Choose a college from the list"),
    ],
)
def test_errors(client: PolicingClient, cast: Cast, changed: dict[str, str], words: str) -> None:
    client.force_login(cast.registrar)
    typed = {
        "college": str(cast.cbc.public_id),
        "name": "Short",
        "rounding": "down",
        "rows": ROWS,
        "save": "1",
    }
    if changed.get("college"):
        changed = {"college": str(cast.wwcc.public_id)}
    response = client.post(url(cast), typed | changed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not GradeScale.objects.filter(name="Short").exists()
