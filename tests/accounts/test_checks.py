"""SERS does not start for real people on a database of the demo state."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from accounts.checks import no_demo_people, refuse_demo_people
from sers import celery
from tests.people import make_user


@pytest.fixture
def demo_person(db: None) -> None:
    make_user("Terry", username="teacher.demo", is_demo=True)


def test_the_demo_state_may_hold_demo_people(demo_person: None) -> None:
    refuse_demo_people()
    assert no_demo_people(databases=["default"]) == []


def test_production_without_them_starts(db: None, settings: Settings) -> None:
    make_user("Ann")
    settings.DEMO = False
    refuse_demo_people()


def test_production_with_them_does_not_start(demo_person: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured, match="people of the demo state"):
        refuse_demo_people()
    with pytest.raises(SystemExit, match="people of the demo state"):
        celery.refuse_demo_people()
    with pytest.raises(SystemCheckError, match=r"accounts\.E001"):
        call_command("check", databases=["default"])
