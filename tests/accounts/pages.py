"""What several tests of account pages do: open a mailed link, read what a page says, read what was mailed."""

import re
from typing import Any

from django.urls import reverse

from accounts import actions
from accounts.models import Mail, MailedLink, User
from tests.policing import PolicingClient

Purpose = MailedLink.Purpose
NEW_PASSWORD = "seven herons over the reeds"
#: Another three questions and answers than `tests.people.ANSWERS`.
NEW_ANSWERS = (("toy", "Bunny Blue"), ("movie", "Coco"), ("job", "Ándale Bakery"))


def open_link(client: PolicingClient, user: User, purpose: MailedLink.Purpose, **facts: Any) -> str:
    """A new link of this purpose, opened in this browser; its token."""
    token = actions.new_link(user=user, purpose=purpose, **facts)
    assert client.get(reverse("accounts:link", args=[token])).status_code == 302
    return token


def security_facts(
    password: str = NEW_PASSWORD, answers: tuple[tuple[str, str], ...] = NEW_ANSWERS, **changes: str
) -> dict[str, str]:
    """What a person types on Security Information."""
    facts = {"password": password, "compare_password": password}
    for number, (question, answer) in enumerate(answers, 1):
        facts |= {f"question_{number}": question, f"answer_{number}": answer}
    return facts | changes


def text(response: Any) -> str:
    """The words of a page's main part."""
    html = response.content.decode().split("<main")[1].split("</main>")[0]
    words = re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").replace("&amp;", "&")
    return " ".join(words.split())


def mailed_links(address: str) -> list[str]:
    """The tokens of links in mail to an address, the newest first."""
    texts = Mail.objects.filter(to=address).order_by("-id").values_list("text", flat=True)
    return [token for one in texts for token in re.findall(r"/accounts/links/([^/\s]+)/", one)]


def subjects(address: str) -> list[str]:
    """What was mailed to an address, the oldest first."""
    return list(Mail.objects.filter(to=address).order_by("id").values_list("subject", flat=True))
