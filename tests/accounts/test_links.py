"""Mailed links: opened any number of times, used once, ended by time, by a newer one and by a closed account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import MailedLink
from sers.lib.refusal import Refused
from tests.people import Cast

RECOVER = MailedLink.Purpose.RECOVER
ACTIVATE = MailedLink.Purpose.ACTIVATE


def test_a_link_opens_until_it_is_used_once(cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=RECOVER)
    for _ in range(3):  # a mail scanner looks too
        found = actions.find_link(token=token, purpose=RECOVER)
        assert found is not None
        assert found.user == cast.teacher
    assert actions.use_link(token=token, purpose=RECOVER).user == cast.teacher
    assert actions.find_link(token=token, purpose=RECOVER) is None
    with pytest.raises(Refused) as refused:
        actions.use_link(token=token, purpose=RECOVER)
    assert refused.value.refusal.rule == "link_over"


def test_only_a_fingerprint_is_kept(cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=RECOVER)
    link = MailedLink.objects.get(user=cast.teacher)
    assert len(token) >= 43  # 256 bits
    assert token not in str(MailedLink.objects.filter(pk=link.pk).values())
    assert link.address == cast.teacher.email


def test_a_token_cut_short_made_longer_or_of_another_purpose_opens_nothing(cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=RECOVER)
    for wrong in (token[:-1], token + "A", token.swapcase(), "", "0" * 43):
        assert actions.find_link(token=wrong, purpose=RECOVER) is None
    assert actions.find_link(token=token, purpose=ACTIVATE) is None
    assert actions.find_link(token=token, purpose=RECOVER) is not None


def test_a_newer_link_ends_the_older_of_its_purpose_alone(cast: Cast) -> None:
    older = actions.new_link(user=cast.teacher, purpose=RECOVER)
    other = actions.new_link(user=cast.teacher, purpose=ACTIVATE)
    neighbour = actions.new_link(user=cast.colleague, purpose=RECOVER)
    newer = actions.new_link(user=cast.teacher, purpose=RECOVER)
    assert actions.find_link(token=older, purpose=RECOVER) is None
    assert actions.find_link(token=other, purpose=ACTIVATE) is not None
    assert actions.find_link(token=neighbour, purpose=RECOVER) is not None
    assert actions.find_link(token=newer, purpose=RECOVER) is not None
    assert actions.end_links(user=cast.teacher) == 2
    assert actions.find_link(token=newer, purpose=RECOVER) is None


@pytest.mark.parametrize("purpose", MailedLink.Purpose)
def test_a_link_ends_to_the_second(cast: Cast, purpose: MailedLink.Purpose) -> None:
    """24 hours; seven days for a student's first confirmation of an address."""
    token = actions.new_link(user=cast.teacher, purpose=purpose)
    link = MailedLink.objects.filter(user=cast.teacher)
    lifetime = MailedLink.LIFETIME[purpose]
    begun = timezone.now() - lifetime
    link.update(created_at=begun, expires_at=timezone.now() + timedelta(seconds=5))
    assert actions.find_link(token=token, purpose=purpose) is not None
    link.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert actions.find_link(token=token, purpose=purpose) is None
    assert lifetime <= timedelta(hours=24) or purpose == MailedLink.Purpose.CONFIRM_EMAIL


def test_a_closed_account_opens_by_no_link(cast: Cast) -> None:
    token = actions.new_link(user=cast.teacher, purpose=RECOVER)
    cast.teacher.is_active = False
    cast.teacher.save(update_fields=["is_active"])
    assert actions.find_link(token=token, purpose=RECOVER) is None
