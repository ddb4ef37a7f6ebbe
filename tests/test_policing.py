"""The police are awake: each thing they forbid is met by them here."""

import datetime
import socket
import warnings

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template, VariableDoesNotExist
from django.test import override_settings
from django.urls import path
from pytest_socket import SocketConnectBlockedError

from articulations.models import CareerCluster
from organizations.models import AcademicYear, Window
from tests.people import Cast
from tests.policing import PolicingClient, faults_of_page


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


UNDEFINED = (
    "{{ typo }}", "{{ person.typo }}", "{{ typo|upper }}", "{{ person|default:typo }}", "{% for one in typo %}x{% endfor %}",
    "{% for one in person.typo %}x{% endfor %}", "{% with name=typo %}{{ name }}{% endwith %}",
)  # fmt: skip


@pytest.mark.parametrize("source", UNDEFINED)
def test_an_undefined_variable_fails(source: str) -> None:
    with pytest.raises((pytest.fail.Exception, VariableDoesNotExist), match="typo"):
        draw(source, person="")


@pytest.mark.parametrize(
    "source",
    [
        "{% if typo %}x{% endif %}",
        "{{ typo|default:'-' }}",
        "{{ empty }}",
        "{% for one in empty %}x{% endfor %}",
    ],
)
def test_what_may_be_absent_may_be_asked_for(source: str) -> None:
    assert draw(source, empty="") in ("", "-")


def test_rows_nobody_ordered_come_in_any_order(db: None) -> None:
    CareerCluster.objects.bulk_create(
        CareerCluster(framework="2024", number=number, name=f"Cluster {number}") for number in range(12)
    )
    orders = {
        tuple(CareerCluster.objects.order_by().filter(framework="2024").values_list("number", flat=True))
        for _ in range(10)
    }
    assert len(orders) > 1
    for rows in (CareerCluster.objects.all(), CareerCluster.objects.order_by("number")):
        assert [one.number for one in rows] == list(range(12))


def test_a_shuffled_query_still_counts_groups_and_locks(cast: Cast) -> None:
    from django.db.models import Count

    grouped = Window.objects.order_by().values("kind").annotate(number=Count("id"))
    assert {row["kind"]: row["number"] for row in grouped} == dict.fromkeys(Window.Kind.values, 4)
    assert Window.objects.order_by().select_for_update().first() is not None
    assert Window.objects.order_by().filter(year__in=AcademicYear.objects.order_by()).exists()


def test_a_moment_is_no_day(cast: Cast) -> None:
    with pytest.raises(pytest.fail.Exception, match="Pacific"):
        list(Window.objects.filter(opens_on=datetime.datetime.now(datetime.UTC)))


def test_a_naive_moment_is_refused(cast: Cast) -> None:
    from accounts.models import User

    with pytest.raises(RuntimeWarning, match="naive datetime"):
        list(User.objects.filter(created_at=datetime.datetime(2026, 7, 1)))  # noqa: DTZ001 - the very thing


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_nothing_beyond_this_machine_is_reached() -> None:
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


FAULTS = {
    "<p style='color: red'>x</p>": "an inline style",
    "<p\n class='a'\n style=\"x\">": "an inline style",
    '<button onclick="go()">x</button>': "an inline event handler",
    "<script>go()</script>": "an inline script",
    '<script type="module">go()</script>': "an inline script",
    "<style>p { color: red }</style>": "a <style> element",
    '<a href="javascript:go()">x</a>': "a javascript: address",
    "<p>{{ name }}</p>": "not rendered",
    "<p>{% url 'x' %}</p>": "not rendered",
    '<p id="a"></p><p id="a"></p>': "the id 'a' 2 times",
    '<div class="s-errors"><a href="#name">x</a></div>': "an error that leads to 'name'",
    '<form method="post"><input name="a"></form>': "without its token",
    '<form method="get"><input name="csrfmiddlewaretoken"></form>': "shows its token",
}


@pytest.mark.parametrize(("html", "fault"), FAULTS.items())
def test_a_faulty_page_is_found(html: str, fault: str) -> None:
    (found,) = faults_of_page(f"<!doctype html><main>{html}</main>")
    assert fault in found


SOUND = (
    '<script src="/static/js/menu.js" defer></script>', '<p data-onclick="x" class="style=">x</p>', "<p>style=&quot;x&quot; onclick=</p>",
    '<script type="application/json">{"a": 1}</script>', '<form method="get"><input name="q"></form>',
    '<form method="post"><input name="csrfmiddlewaretoken"></form>', '<p id="a"></p><p id="b"></p>',
    '<div class="s-errors"><a href="#a">x</a></div><p id="a"></p>',
)  # fmt: skip


@pytest.mark.parametrize("html", SOUND)
def test_a_sound_page_is_left_alone(html: str) -> None:
    assert faults_of_page(html) == []


urlpatterns = [
    path("", lambda request: HttpResponse('<p onclick="x">'), name="faulty"),
    path("refused/", lambda request: HttpResponse("<p>No</p>", status=422), name="silent"),
]
for _one in urlpatterns:
    _one.callback.login_required = False  # type: ignore[attr-defined]


@override_settings(ROOT_URLCONF="tests.test_policing")
def test_the_client_looks_at_every_page(db: None) -> None:
    with pytest.raises(pytest.fail.Exception, match="/ has an inline event handler"):
        PolicingClient().get("/")
    with pytest.raises(pytest.fail.Exception, match="does not begin with what is wrong"):
        PolicingClient().get("/refused/")


def test_no_test_is_in_a_transaction_of_another(db: None) -> None:
    assert connection.in_atomic_block
    assert CareerCluster.objects.count() == 0
