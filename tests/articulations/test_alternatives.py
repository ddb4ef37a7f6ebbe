"""Where else a class is articulated: ranked by CIP code and words, then by how near, and each rank says why."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articulations import rules
from articulations.models import ArticulationCourse, CollegeCourse, HighSchoolCourse
from organizations.models import SchoolDistrict
from organizations.rules import ESDS, counties_beside, esd_of
from sers.lib.lexemes import lexemes_of
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course, make_school
from tests.policing import PolicingClient

PAGE = reverse("articulations:alternatives")


@pytest.fixture
def elsewhere(cast: Cast) -> dict[str, Any]:
    """What Walla Walla's consortium articulates, beside what the cast has."""
    SchoolDistrict.objects.filter(pk=cast.wahi.district_id).update(county="Walla Walla")
    SchoolDistrict.objects.filter(pk=cast.kamiakin.district_id).update(county="Benton")
    far = make_school("Far High School", district=SchoolDistrict.objects.create(name="Far", county="Clallam"))
    found = {}
    for key, school, title, cip, code, outcomes in (
        ("same", far, "Small Animal Care", "010901", "AGR 1", "Feed animals"),
        ("near", cast.wahi, "Animal Science", "010902", "AGR 2", "Feed animals\nRecognize disease"),
        ("other", cast.wahi, "Bookkeeping", "520302", "ACCT 5", "Keep a ledger"),
    ):
        course = make_college_course(cast.wwcc, code, title)
        CollegeCourse.objects.filter(pk=course.pk).update(outcomes=outcomes)
        taught = make_high_school_course(school, title, cip)
        make_agreement((taught, course), consortium=cast.walla_walla)
        found[key] = taught
    return found


def ranked(cast: Cast, words: str, cip: str = "") -> list[rules.Alternative]:
    sought = rules.Sought(words, cip, [cast.columbia_basin.pk], ["Benton"])
    return rules.alternatives_to(sought, timezone.localdate())


def titles(found: list[rules.Alternative]) -> list[str]:
    return [one.line["title"] for one in found]


def test_likeness_first_then_near(cast: Cast, elsewhere: dict[str, Any]) -> None:
    # The same CIP code outweighs what is nearer ...
    found = ranked(cast, "Caring for animals", "010901")
    assert titles(found)[:2] == ["Small Animal Care", "Animal Science"]
    assert found[0].reasons == [
        "CIP code 01.0901 is the same.",
        "Words that are in the class and its competencies: 2 of 2.",
        "Taught in Clallam County.",
    ]
    assert found[1].reasons == [
        "The first four digits of the CIP code are the same, 01.09.",
        "Words that are in the class and its competencies: 1 of 2.",
        "Taught in Walla Walla County, of the same educational service district, ESD 123.",
    ]
    # ... and of equals the nearer comes first.
    assert titles(ranked(cast, "animals")) == ["Animal Science", "Small Animal Care"]


def test_what_is_far_less_alike_is_left_out(cast: Cast, elsewhere: dict[str, Any]) -> None:
    words = "Bookkeeping: keeping ledgers of animals, zqax, zqbx, zqcx and zqdx"
    assert titles(ranked(cast, words)) == [
        "Bookkeeping",
        "Animal Science",
        "Small Animal Care",
    ]  # 2, 1, 1 points
    assert titles(ranked(cast, words, "520302")) == ["Bookkeeping"]  # 5, 1, 1


def test_a_consortium_has_districts_in_several_counties(cast: Cast, elsewhere: dict[str, Any]) -> None:
    sought = rules.Sought("ledger", "", [cast.columbia_basin.pk], ["Benton", "Walla Walla"])
    (found,) = rules.alternatives_to(sought, timezone.localdate())
    assert found.reasons[-1] == "Taught in Walla Walla County, where the consortium has districts."


def test_competencies_and_outcomes_count(cast: Cast, elsewhere: dict[str, Any]) -> None:
    assert titles(ranked(cast, "diseases")) == ["Animal Science"]
    assert (
        "Words that are in the college course and its outcomes: 1 of 1."
        in ranked(cast, "diseases")[0].reasons
    )
    HighSchoolCourse.objects.filter(pk=elsewhere["other"].pk).update(competencies="Close the accounts")
    (found,) = ranked(cast, "closing an account")
    assert found.line["title"] == "Bookkeeping"
    assert found.line["in_class"] == 2


@pytest.mark.parametrize(
    ("cip", "points"), [("010901", 3), ("010999", 2), ("019999", 1), ("0109", 2), ("01", 1), ("990000", None)]
)
def test_points_of_a_cip_code(cast: Cast, elsewhere: dict[str, Any], cip: str, points: int | None) -> None:
    found = {one.line["title"]: one.line["cip_points"] for one in ranked(cast, "", cip)}
    assert found.get("Small Animal Care") == points


@pytest.mark.parametrize(("others", "points"), [(0, 4), (1, 3), (2, 2), (3, 2), (4, 1), (9, 1), (10, None)])
def test_points_of_words(cast: Cast, elsewhere: dict[str, Any], others: int, points: int | None) -> None:
    """All but a tenth, a half, a quarter, a tenth of one's own words."""
    words = " ".join(["disease", *(f"zq{letter}x" for letter in "abcdefghijk"[:others])])
    found = ranked(cast, words)
    assert [one.line["match"] for one in found] == ([points] if points else [])


def test_all_words_far_away_come_before_half_of_them_near(cast: Cast, elsewhere: dict[str, Any]) -> None:
    words = "Small Animal Science"
    assert titles(ranked(cast, words)) == [
        "Animal Science",
        "Small Animal Care",
    ]  # two of three each: the nearer
    far = make_high_school_course(elsewhere["same"].school, words)
    make_agreement((far, make_college_course(cast.wwcc, "AGR 9")), consortium=cast.walla_walla)
    assert titles(ranked(cast, words)) == [words, "Animal Science", "Small Animal Care"]


def test_each_course_once_by_its_best_class(cast: Cast, elsewhere: dict[str, Any]) -> None:
    course = CollegeCourse.objects.get(code="AGR 2")
    further = make_high_school_course(
        make_school("Third", district=cast.wahi.district), "Animals and disease", "010903"
    )
    make_agreement((further, course), consortium=cast.walla_walla)
    found = titles(ranked(cast, "Animal disease", "010903"))
    assert found == ["Animals and disease", "Small Animal Care"]


def test_not_ones_own_nor_what_has_ended(cast: Cast, elsewhere: dict[str, Any]) -> None:
    assert titles(ranked(cast, "Accounting Welding")) == []
    ArticulationCourse.objects.filter(high_school_course=elsewhere["same"]).update(
        valid_until="2001-06-30", valid_from="2000-07-01"
    )
    assert titles(ranked(cast, "animals")) == ["Animal Science"]


def test_words_typed_may_hold_a_cip_code(cast: Cast) -> None:
    for words, cip in (
        ("Welding 48.0508", "480508"), ("480508", "480508"), ("48.05 welding", "4805"), ("48", "48"), ("ACCT& 201", ""),
        ("Accounting 1-2", ""), ("room 12345", ""),
    ):  # fmt: skip
        assert rules.sought_of(words, consortia=[]).cip == cip, words


def test_every_county_is_in_one_service_district() -> None:
    counties = [county for found in ESDS.values() for county in found]
    assert len(counties) == len(set(counties)) == 39
    assert counties_beside(["Benton"]) == sorted(ESDS["123"])
    assert (esd_of("King"), esd_of("Multnomah"), counties_beside(["Multnomah"])) == ("121", "", [])


def test_the_page_tells_the_rank(client: PolicingClient, cast: Cast, elsewhere: dict[str, Any]) -> None:
    asked = {"words": "animals", "consortium": str(cast.columbia_basin.public_id), "county": "Clallam"}
    html = client.get(PAGE, asked).content.decode()
    assert html.index("Small Animal Care") < html.index("Animal Science")
    assert "Taught in the same county, Clallam." in html
    assert "Propose the same at our college" not in html
    client.force_login(cast.teacher)
    assert "Propose the same at our college" in client.get(PAGE, {"words": "animals"}).content.decode()
    assert (
        "No other consortium has an agreement like it." in client.get(PAGE, {"words": "zzz"}).content.decode()
    )
    assert "Type the name of a class" in client.get(PAGE).content.decode()
    assert client.get(PAGE, {"words": "x", "county": "Nowhere"}).status_code == 422


def test_a_search_without_results_goes_on_elsewhere(
    client: PolicingClient, cast: Cast, elsewhere: dict[str, Any]
) -> None:
    client.force_login(cast.teacher)
    html = client.get(reverse("articulations:search"), {"words": "bookkeeping"}).content.decode()
    assert "Articulated elsewhere" in html
    assert "ACCT 5" in html
    assert f"{PAGE}?words=bookkeeping&amp;consortium=mine" in html
    for asked in ({"words": "accounting"}, {"words": "zzzz"}, {"words": "bookkeeping", "consortium": ""}):
        html = client.get(reverse("articulations:search"), asked).content.decode()
        assert "Articulated elsewhere" not in html


def test_as_many_queries_for_one_as_for_three(
    client: PolicingClient, cast: Cast, elsewhere: dict[str, Any]
) -> None:
    for words, number in (("disease", 1), ("animals ledger", 3)):
        with CaptureQueriesContext(connection) as queries:
            html = client.get(PAGE, {"words": words, "county": "Benton"}).content.decode()
        assert html.count('<tr role="row">') == number + 1
        assert len(queries) == 3


def test_words_and_codes_are_found_by_indexes(cast: Cast) -> None:
    words = lexemes_of("Feeding the animals", "english")
    assert words == ["anim", "feed"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for found, indexes in (
        (
            HighSchoolCourse.objects.alike(words, "010901"),
            ("high_school_course_terms", "high_school_course_by_cip"),
        ),
        (CollegeCourse.objects.alike(words), ("college_course_terms",)),
        (CollegeCourse.objects.worded("accounting"), ("college_course_words",)),
    ):
        plan = found.order_by().values("pk").explain()
        for index in indexes:
            assert index in plan, plan


def test_words_with_signs_break_nothing(cast: Cast) -> None:
    for words in ("O'Brien's \\ | & ! (x) : *", "", "the and of", "C++ & C#"):
        assert isinstance(ranked(cast, words), list)
