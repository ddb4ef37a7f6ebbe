"""/accessibility/"""

from tests.policing import PolicingClient


def test_it_says_whom_to_tell(client: PolicingClient, db: None) -> None:
    page = client.get("/accessibility/").content.decode()
    assert "WCAG 2.2, level AA" in page
    assert "mailto:sershelp@sbctc.edu" in page
    assert 'href="/accessibility/"' in client.get("/").content.decode()
