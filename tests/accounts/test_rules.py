"""How often one may try, and from where a request comes."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import RateLimit
from accounts.rules import network_of, why_not_try


@pytest.mark.parametrize(
    ("remote", "forwarded", "behind_proxy", "network"),
    [
        ("192.0.2.7", "", False, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", False, "192.0.2.7"),  # no proxy: the header is the client's invention
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", True, "198.51.100.1"),  # the proxy wrote the last one
        ("10.0.0.1", "", True, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", False, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", False, "192.0.2.7"),
        ("", "", False, "somewhere"),
        ("10.0.0.1", "unix:", True, "somewhere"),
    ],
)
def test_network_of(remote: str, forwarded: str, behind_proxy: bool, network: str) -> None:
    assert network_of(remote, forwarded, behind_proxy=behind_proxy) == network


@pytest.mark.parametrize(("tries", "most", "refused"), [(1, 10, False), (10, 10, False), (11, 10, True)])
def test_why_not_try(tries: int, most: int, refused: bool) -> None:
    limit = RateLimit(tries=tries, ends_at=timezone.now() + datetime.timedelta(minutes=15))
    assert (why_not_try(limit, most) is not None) == refused


def test_the_wait_is_never_told_too_short() -> None:
    ends_at = datetime.datetime(2026, 11, 22, 20, 4, 1, tzinfo=datetime.UTC)
    refusal = why_not_try(RateLimit(tries=11, ends_at=ends_at), 10)
    assert refusal is not None
    assert refusal.next_step == "Wait until 12:05 pm, then try again."
