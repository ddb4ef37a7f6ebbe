"""Fixtures of the accounts: a provider that signs people in, and the settings that know it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.actions import openid
from tests.identity_provider import IdentityProvider


@pytest.fixture
def provider(settings: Settings) -> Iterator[IdentityProvider]:
    one = IdentityProvider()
    settings.OIDC_PROVIDERS = one.settings()
    openid._client.cache_clear()
    yield one
    one.stop()
