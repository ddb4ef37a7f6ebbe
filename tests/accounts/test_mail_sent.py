"""/accounts/mail-sent/: the same words for everybody."""

from tests.accounts.pages import text
from tests.policing import PolicingClient


def test_it_promises_nothing_and_says_what_to_do(client: PolicingClient, db: None) -> None:
    page = text(client.get("/accounts/mail-sent/"))
    assert "If what you typed fits an account" in page
    assert "Wait 15 minutes" in page
