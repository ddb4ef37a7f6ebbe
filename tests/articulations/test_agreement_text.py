"""The words of a text are put right in a further one: everybody signs anew, and it says what changed."""

from typing import Any

from django.urls import reverse

from articulations.forms.agreement_texts import typed_of_text
from articulations.models import AgreementText
from tests import agreeing
from tests.people import Cast
from tests.policing import PolicingClient


def page(text: AgreementText) -> str:
    return reverse("articulations:agreement_text", args=[text.public_id])


def typed(text: AgreementText, **changes: Any) -> dict[str, Any]:
    return {**{name: value for name, value in typed_of_text(text).items() if name != "valid_from"}, **changes}


def test_a_further_text_takes_its_place(client: PolicingClient, cast: Cast) -> None:
    text = cast.agreement_text
    agreeing.signed(text, by=cast.district)
    client.force_login(cast.consortium)
    assert 'value="Marketing 1"' in client.get(page(text)).content.decode()
    answer = client.post(page(text), typed(text, credits_1="4"))
    assert answer.status_code == 302
    further = AgreementText.objects.get(supersedes=text)
    assert (further.state, further.number, further.version, further.issue) == ("draft", text.number, 1, 2)
    assert agreeing.fresh(text).state == "called_back"
    assert not further.signatures.exists()
    html = client.get(answer.url).content.decode()
    assert "What has changed since text 1" in html
    assert "MKTG 110 Marketing, 5 credits" in html
    assert "MKTG 110 Marketing, 4 credits" in html
    assert client.post(page(text), typed(text)).status_code == 409
    old = reverse("articulations:agreement", args=[text.public_id])
    assert "A further text has taken the place of this one" in client.get(old).content.decode()


def test_what_everybody_signed_is_amended_instead(client: PolicingClient, cast: Cast) -> None:
    dean = agreeing.make_dean(cast.cbc, cast.dean)
    agreeing.signed(cast.agreement_text, by=cast.district)
    agreeing.signed(cast.agreement_text, by=dean)
    client.force_login(cast.consortium)
    answer = client.get(page(cast.agreement_text))
    assert answer.status_code == 409
    assert "Amend the agreement." in answer.content.decode()


def test_others_change_no_text(client: PolicingClient, cast: Cast) -> None:
    for user, status in ((cast.other_consortium, 404), (cast.district, 403), (cast.faculty, 403)):
        client.force_login(user)
        assert client.post(page(cast.agreement_text), typed(cast.agreement_text)).status_code == status
