"""What every test stands on: this session's own database and, when asked for, its broker."""

from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests import cluster


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
