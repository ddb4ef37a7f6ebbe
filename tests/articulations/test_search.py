"""/articulations/"""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articulations.models import ArticulationCourse, CareerCluster
from tests.people import (
    Cast,
    make_agreement,
    make_college,
    make_college_course,
    make_consortium,
    make_high_school_course,
)
from tests.policing import PolicingClient

URL = "/articulations/"


def titles(client: PolicingClient, **query: str) -> list[str]:
    """The classes found, in order."""
    response = client.get(URL, query)
    assert response.status_code == 200
    return re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', plain(response.content.decode()))


def plain(html: str) -> str:
    return html.replace('<span class="nowrap">', "").replace("</span>", "").replace("\xa0", " ")


def line_of(cast: Cast) -> ArticulationCourse:
    return ArticulationCourse.objects.get(articulation=cast.agreement)


def test_it_works_for_everyone(client: PolicingClient, cast: Cast) -> None:
    assert titles(client) == ["Accounting 1", "Medical Terminology", "Welding Technology"]
    page = plain(client.get(URL).content.decode())
    for shown in (
        "Kamiakin High School",
        "Columbia Basin College",
        "ACCT& 201".replace("&", "&amp;"),
        "85 %",
    ):
        assert shown in page
    assert "Registered students" not in page
    assert "Enter an agreement" not in page
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("account", ["Accounting 1"]),
        ("WELD", ["Welding Technology"]),
        ("acct 201", ["Accounting 1"]),
        ("ACCT&", ["Accounting 1"]),
        ("48.0508", ["Welding Technology"]),
        ("kamiakin weld", ["Welding Technology"]),
        ("elding", ["Welding Technology"]),  # begins no word, but comes near
        ("zoology", []),
        ("%", ["Accounting 1", "Medical Terminology", "Welding Technology"]),  # nothing is left of it
        ("_cct", []),
    ],
)
def test_words_begin_words(client: PolicingClient, cast: Cast, words: str, found: list[str]) -> None:
    assert titles(client, words=words) == found


def test_each_filter_narrows(client: PolicingClient, cast: Cast) -> None:
    cluster = CareerCluster.objects.create(
        framework=CareerCluster.Framework.LEGACY, number=13, name="Manufacturing"
    )
    cast.welding.cluster = cluster
    cast.welding.save()
    for query, found in (
        ({"district": str(cast.kennewick.public_id)}, ["Accounting 1", "Welding Technology"]),
        ({"school": str(cast.wahi.public_id)}, ["Medical Terminology"]),
        ({"college": str(cast.wwcc.public_id)}, ["Medical Terminology"]),
        ({"cluster": str(cluster.pk)}, ["Welding Technology"]),
        ({"consortium": str(cast.walla_walla.public_id)}, ["Medical Terminology"]),
        ({"college": str(cast.cbc.public_id), "school": str(cast.wahi.public_id)}, []),
        (
            {"words": "", "district": "", "minimum": ""},
            ["Accounting 1", "Medical Terminology", "Welding Technology"],
        ),
    ):
        assert titles(client, **query) == found, query


def test_the_minimum_is_the_agreements_own_or_the_colleges(client: PolicingClient, cast: Cast) -> None:
    cast.welding_agreement.minimum_percent = Decimal("92.5")
    cast.welding_agreement.save()
    assert "92.5 %" in plain(client.get(URL).content.decode())
    assert "Welding Technology" in titles(client, minimum="92,5 %")
    assert "Welding Technology" not in titles(client, minimum="92")
    assert "Accounting 1" in titles(client, minimum="85")
    assert "Accounting 1" not in titles(client, minimum="84")


def test_one_begins_in_the_own_consortium_and_may_leave_it(client: PolicingClient, cast: Cast) -> None:
    everything = ["Accounting 1", "Medical Terminology", "Welding Technology"]
    for person, found in (
        (cast.teacher, ["Accounting 1", "Welding Technology"]),
        (cast.student.user, ["Accounting 1", "Welding Technology"]),
        (cast.registrar, ["Accounting 1", "Welding Technology"]),
        (cast.other_consortium, ["Medical Terminology"]),
        (cast.other_district, ["Medical Terminology"]),
        (cast.many_hats, everything),  # a teacher here, a registrar there
        (cast.state, everything),
        (cast.nobody, everything),
    ):
        client.force_login(person)
        assert titles(client) == found, person
        assert titles(client, consortium="") == everything
    client.force_login(cast.teacher)
    page = client.get(URL).content.decode()
    chip = re.search(r'<a class="s-chip" href="\?([^"]*)">', page)
    assert chip is not None
    assert chip[1] == "consortium="
    page = client.get(URL, {"words": "medical"}).content.decode()
    assert "No articulation matches these filters." in page
    assert page.index("Articulated elsewhere") < page.index("Medical Terminology")


def test_a_class_at_an_own_school_is_found_whoever_the_agreement_is_with(
    client: PolicingClient, cast: Cast
) -> None:
    spokane = make_college("Spokane Community College", "WA171")
    inland = make_consortium("Inland", [spokane], [])
    make_agreement(
        (make_high_school_course(cast.kamiakin, "Baking"), make_college_course(spokane, "BAKE 101")),
        consortium=inland,
    )
    client.force_login(cast.teacher)
    assert titles(client) == ["Accounting 1", "Baking", "Welding Technology"]


def test_expired_agreements_are_gone_and_coming_ones_are_told(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    for agreement, first, last in (
        (cast.agreement, today - datetime.timedelta(days=400), today - datetime.timedelta(days=1)),
        (cast.welding_agreement, today + datetime.timedelta(days=10), today + datetime.timedelta(days=400)),
    ):
        agreement.courses.update(valid_from=first, valid_until=last)
    assert titles(client) == ["Medical Terminology", "Welding Technology"]
    line = cast.welding_agreement.courses.get()
    assert "From " in client.get(URL, {"open": line.pk}).content.decode()


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("class", "Accounting 1"),
        ("-class", "Welding Technology"),
        ("school", "Accounting 1"),
        ("-school", "Medical Terminology"),
        ("college", "Accounting 1"),
        ("-college", "Medical Terminology"),
        ("course", "Accounting 1"),
        ("-course", "Welding Technology"),
        ("credits", "Welding Technology"),
        ("-credits", "Accounting 1"),
        ("password", "Accounting 1"),
        ("--class", "Accounting 1"),
        ("-", "Accounting 1"),
    ],
)
def test_columns_sort(client: PolicingClient, cast: Cast, sort: str, first: str) -> None:
    assert titles(client, sort=sort)[0] == first


def test_the_head_tells_the_order_and_turns_it(client: PolicingClient, cast: Cast) -> None:
    page = client.get(URL, {"sort": "college", "page": "1", "words": "c"}).content.decode()
    assert 'aria-sort="ascending"><a href="?sort=-college&amp;words=c">College</a>' in page
    assert page.count("aria-sort") == 1


def test_details_open_in_place_and_close(client: PolicingClient, cast: Cast) -> None:
    line = line_of(cast)
    page = client.get(URL).content.decode()
    assert f'href="?open={line.pk}#line-{line.pk}"' in page
    assert "s-panel" not in page
    page = plain(client.get(URL, {"open": line.pk, "sort": "class"}).content.decode())
    assert page.count('class="s-panel"') == 1
    for shown in (
        "Principles of Accounting I",
        "5 credits",
        "https://college.example.org/catalog",
        "85 %",
        cast.agreement.number,
        "Columbia Basin CTE Dual Credit",
        "Years valid",
    ):
        assert shown in page
    assert f'href="?sort=class#line-{line.pk}"' in page
    assert "Close" in page


def test_details_tell_which_industry_credentials_the_class_prepares_for(
    client: PolicingClient, cast: Cast
) -> None:
    """Public, of the class; who earned one is not."""
    page = client.get(URL, {"open": str(line_of(cast).pk)}).content.decode()
    assert "Prepares for" in page
    assert "QuickBooks Certified User" in page
    assert cast.graduate.last_name not in page
    cast.credential.classes.clear()
    assert "Prepares for" not in client.get(URL, {"open": str(line_of(cast).pk)}).content.decode()


def test_a_script_gets_the_one_row(client: PolicingClient, cast: Cast) -> None:
    line = line_of(cast)
    query = {"words": "acc", "open": line.pk, "row": line.pk}
    opened = client.get(URL, query, headers={"HX-Request": "true"}).content.decode()
    assert opened.lstrip().startswith(f'<tbody role="rowgroup" id="line-{line.pk}">')
    assert "s-panel" in opened
    assert 'hx-replace-url="?words=acc"' in opened
    closed = client.get(
        URL, {"words": "acc", "row": line.pk}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "s-panel" not in closed
    assert "<html" not in opened + closed
    for row in ("0", "x", "-1", "9" * 30, "²"):
        assert client.get(URL, {"row": row}, headers={"HX-Request": "true"}).status_code == 404


def test_details_name_the_other_colleges_of_the_class(client: PolicingClient, cast: Cast) -> None:
    spokane = make_college("Spokane Community College", "WA171")
    inland = make_consortium("Inland", [spokane], [cast.kennewick])
    course = make_college_course(spokane, "ACCT 151", "College Accounting", "4")
    make_agreement((cast.accounting, course), consortium=inland)
    page = client.get(URL, {"open": line_of(cast).pk, "words": "201"}).content.decode()
    assert "Spokane Community College</a>: <span" in page
    assert "College Accounting, 4 credits" in page


def test_details_say_when_several_classes_are_needed(client: PolicingClient, cast: Cast) -> None:
    second = make_high_school_course(cast.kamiakin, "Accounting 2")
    agreement = make_agreement(
        (cast.accounting, course := make_college_course(cast.cbc, "ACCT& 202")), (second, course),
        consortium=cast.columbia_basin,
    )  # fmt: skip
    page = client.get(URL, {"open": agreement.courses.first().pk}).content.decode()
    assert "A course that is named with several classes needs all of them." in page


def test_staff_read_how_many_are_registered_beyond_their_reach(client: PolicingClient, cast: Cast) -> None:
    line = line_of(cast)
    query = {"open": line.pk, "consortium": ""}
    for person in (cast.faculty, cast.other_teacher, cast.consortium, cast.state):
        client.force_login(person)
        told = re.search(r"<dd>(?:<a [^>]+>)?4 this school year", client.get(URL, query).content.decode())
        assert told, person  # one is withdrawn
    for person in (cast.student.user, cast.nobody):
        client.force_login(person)
        assert "Registered students" not in client.get(URL, query).content.decode()


def test_consortium_staff_may_enter_an_agreement(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert 'href="/articulations/new/"' in client.get(URL).content.decode()
    client.force_login(cast.state)
    assert 'href="/articulations/new/"' not in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"school": "no-uuid"}, "High school: choose one from the list"),
        ({"college": "00000000-0000-0000-0000-000000000000"}, "College: choose one from the list"),
        ({"cluster": "'; DROP TABLE"}, "Career cluster: choose one from the list"),
        ({"consortium": "mine"}, "Consortium: choose one from the list"),  # nobody is signed in
        ({"minimum": "197"}, "Enter a percent from 0 to 100"),
        ({"minimum": "NaN"}, "Enter a percent from 0 to 100"),
        ({"words": "w" * 200_000}, "Search with at most 100 characters"),
    ],
)
def test_what_cannot_be_read_is_said(
    client: PolicingClient, cast: Cast, query: dict[str, str], error: str
) -> None:
    response = client.get(URL, query)
    assert response.status_code == 422
    page = response.content.decode()
    assert error in page
    assert "There is a problem" in page
    assert "Error: Search Articulations" in page


def test_odd_pages_and_rows_are_answered(client: PolicingClient, cast: Cast) -> None:
    for page in ("0", "-1", "two", "9" * 500):
        assert len(titles(client, page=page)) == 3
    for opened in ("0", "x", "9" * 500):
        assert "s-panel" not in client.get(URL, {"open": opened}).content.decode()
    assert client.get(URL, {"words": "\x00"}).status_code == 400


def test_an_empty_list_says_why(client: PolicingClient, cast: Cast) -> None:
    assert "No articulation matches these filters." in client.get(URL, {"words": "zoology"}).content.decode()
    ArticulationCourse.objects.all().delete()
    assert "No articulations are entered yet." in client.get(URL).content.decode()


def test_pages_hold_fifty(client: PolicingClient, cast: Cast) -> None:
    for number in range(49):
        make_agreement(
            (
                make_high_school_course(cast.kamiakin, f"Class {number:02}"),
                make_college_course(cast.cbc, f"C {number}"),
            ),
            consortium=cast.columbia_basin,
        )
    assert len(titles(client, words="columbia")) == 50
    page = client.get(URL, {"words": "columbia", "page": "2"}).content.decode()
    assert "51 to 51 of 51" in page
    assert "page 2 of 2" in page
    assert 'href="?words=columbia&amp;page=1"' in page


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(URL, query)
        return len(captured)

    # year, minimums, five lists to choose from, count, the page, its rows; details: lines, others
    assert queries(words="weld") == 10
    assert queries(consortium="") == 10
    assert queries(consortium="", open=str(line_of(cast).pk)) == 13
    client.force_login(cast.consortium)
    # session, user, seats, own consortia, and the number of registered students
    assert queries(open=str(line_of(cast).pk)) == 18
    make_agreement(
        (cast.accounting, make_college_course(cast.cbc, "ACCT& 202")), consortium=cast.columbia_basin
    )
    assert queries(open=str(line_of(cast).pk)) == 18


def test_what_stands_in_a_name_is_text(client: PolicingClient, cast: Cast) -> None:
    make_agreement(
        (make_high_school_course(cast.kamiakin, "<b>Bold</b> 1"), make_college_course(cast.cbc, "B 1")),
        consortium=cast.columbia_basin,
    )
    page = client.get(URL, {"words": "bold"}).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "<b>Bold" not in page


# --- Words that are written almost right ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("acounting", ["Accounting 1"]),
        ("Weldng", ["Welding Technology"]),
        ("medcal terminolgy", ["Medical Terminology"]),
        ("falconry", []),
    ],
)
def test_a_word_that_is_written_nowhere_finds_what_comes_near(
    client: PolicingClient, cast: Cast, words: str, found: list[str]
) -> None:
    assert titles(client, words=words) == found
    page = client.get(URL, {"words": words}).content.decode()
    assert ("These come near:" in page) is bool(found)


def test_what_is_written_exactly_is_not_mixed_with_what_comes_near(
    client: PolicingClient, cast: Cast
) -> None:
    assert titles(client, words="accounting") == ["Accounting 1"]
    assert "These come near" not in client.get(URL, {"words": "accounting"}).content.decode()


def test_the_list_is_downloaded_by_the_same_question(client: PolicingClient, cast: Cast) -> None:
    page = client.get(URL, {"words": "accounting", "college": cast.cbc.public_id}).content.decode()
    (address,) = re.findall(r'href="(/articulations/catalog/agreements.csv[^"]+)"', page)
    text = client.get(address.replace("&amp;", "&")).content.decode()
    assert "Accounting 1" in text
    assert "Welding Technology" not in text
    client.force_login(cast.teacher)  # begins in their own consortium
    (address,) = re.findall(
        r'href="(/articulations/catalog/agreements.csv[^"]+)"', client.get(URL).content.decode()
    )
    assert f"consortium={cast.columbia_basin.public_id}" in address
