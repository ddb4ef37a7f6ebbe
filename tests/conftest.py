"""What every test stands on: this session's own database and, when asked for, its broker; the standing cast; the police.

`cast` is the world of tests/people.py, `client` the policing client of tests/policing.py, `nudges` what would have
been sent to the broker. Mark a test `real_nudges` (or ask for `broker`) to let nudges through.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import cluster

if TYPE_CHECKING:
    from tests import people, policing


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's: the session's cluster already holds a migrated, empty database of its own.

    Its name is the one in DATABASE_URL, so real workers and servers that a test starts use the same one.
    """
    cluster.start()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def broker() -> str:
    """A real broker for tests that start real workers; its address is settings.CELERY_BROKER_URL."""
    cluster.broker()
    return cluster.PLACE.redis_url()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_nudges: lets the outbox talk to the broker, which is not there")


@pytest.fixture(scope="session", autouse=True)
def police(django_test_environment: None) -> Iterator[None]:
    """Switch on what tests/policing.py forbids, for the whole session; hash passwords fast; know the broker."""
    import sers.celery  # noqa: F401 - as manage.py and the web process do
    from tests import policing

    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            # Every client of every test would read the whole of the collected files first.
            WHITENOISE_AUTOREFRESH=True,
        ),
    ):
        policing.shuffle_unordered(patch)
        policing.note_no_slow_pages(patch)
        policing.fail_undefined(patch)
        policing.refuse_moments_for_days(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests hand in lies in a folder of the session."""
    from django.conf import settings

    kept = settings.STORAGES | {
        "uploads": settings.STORAGES["uploads"]
        | {"OPTIONS": {"location": tmp_path_factory.mktemp("uploads")}}
    }
    with override_settings(STORAGES=kept):
        yield


@pytest.fixture(autouse=True)
def nudges(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, int]]]:
    """The nudges that were sent, as (task, row id); no test talks to a broker unless it asks to."""
    sent: list[tuple[str, int]] = []
    if "broker" in request.fixturenames or request.node.get_closest_marker("real_nudges"):
        yield sent
        return
    with mock.patch("accounts.actions.outbox._send", lambda task, pk: sent.append((task, pk)) or True):
        yield sent


@pytest.fixture(scope="session")
def standing_cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The cast is built once a session, before the first test that asks for it, and put aside."""
    from tests import people

    with django_db_blocker.unblock():
        people.keep()


@pytest.fixture
def cast(standing_cast: None, db: None) -> "people.Cast":
    """The standing cast, in this test's transaction."""
    from tests import people

    return people.take_places()


@pytest.fixture
def client() -> "policing.PolicingClient":
    """Nobody signed in; `client.force_login(cast.teacher)` signs in."""
    from tests import policing

    return policing.PolicingClient()
