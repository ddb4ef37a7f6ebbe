"""Pages and orders of long lists, whatever is asked for in the address."""

from typing import Any

import pytest
from django.http import QueryDict

from articulations.models import CareerCluster
from sers.lib.listing import bounded_page_of, changed, chips_of, heads, page_of, sort_of


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1), ("1", 1), ("3", 3), ("7", 7), ("8", 1), ("0", 1), ("-1", 1), ("abc", 1), ("1.0", 1), ("1e1", 1), ("９", 1),
        ("last", 1), ("9" * 5000, 1), ("' OR 1=1", 1), ("\x00", 1),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_is_the_first(asked: str, number: int) -> None:
    assert page_of(range(312), asked).number == number


def test_a_page_holds_fifty_and_an_empty_list_one_page() -> None:
    assert list(page_of(range(312), "7")) == list(range(300, 312))
    assert len(page_of(range(312), "2")) == 50
    assert list(page_of([], "")) == []
    assert page_of(list(range(120)), "2", count=312).paginator.num_pages == 7


def test_a_very_long_list_is_counted_to_its_bound(db: None) -> None:
    CareerCluster.objects.bulk_create(
        CareerCluster(framework="2024", number=number, name=f"Cluster {number}") for number in range(25)
    )
    rows = CareerCluster.objects.filter(framework="2024")

    def listed(found: Any) -> Any:
        return found.order_by("number").values("number")

    bounded = bounded_page_of(rows, listed, "2", per_page=10, most=20)
    assert [one["number"] for one in bounded] == list(range(10, 20))
    assert (bounded.paginator.num_pages, bounded.paginator.count, bounded.paginator.is_more) == (2, 20, True)  # type: ignore[attr-defined]
    assert bounded_page_of(rows, listed, "3", per_page=10, most=20).number == 1
    whole = bounded_page_of(rows, listed, "3", per_page=10, most=25)
    assert (whole.number, whole.paginator.is_more) == (3, False)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "sort"),
    [
        ("name", "name"),
        ("-name", "-name"),
        ("", "name"),
        ("password", "name"),
        ("--name", "name"),
        ("name,", "name"),
    ],
)
def test_only_columns_of_the_list_sort_it(asked: str, sort: str) -> None:
    assert sort_of(asked, {"name": 1, "credits": 2}, "name") == sort


def test_an_address_is_changed_a_little() -> None:
    query = QueryDict("q=a b&page=3&q=c")
    assert changed(query, page=None) == "q=a+b&q=c"
    assert changed(query, page="4", sort="-name") == "q=a+b&q=c&page=4&sort=-name"
    assert changed(query, q="<script>") == "q=%3Cscript%3E&page=3"
    assert query.urlencode() == "q=a+b&q=c&page=3"


def test_a_chip_leads_to_the_first_page_without_its_filter() -> None:
    query = QueryDict("words=weld&college=7&page=3")
    assert chips_of(query, [("words", "weld"), ("college", "Columbia Basin College")]) == [
        ("weld", "college=7"),
        ("Columbia Basin College", "words=weld"),
    ]


def test_heads_turn_the_order_and_go_to_the_first_page() -> None:
    columns = {"name": ("Class", False), "credits": ("Credits", True)}
    by_name = heads(QueryDict("q=weld&page=2"), columns, "name")
    assert [(head["label"], head["direction"], head["number"]) for head in by_name] == [
        ("Class", "ascending", False),
        ("Credits", "", True),
    ]
    assert [head["url"] for head in by_name] == ["?q=weld&sort=-name", "?q=weld&sort=credits"]
    assert heads(QueryDict(""), columns, "-name")[0] == {
        "label": "Class", "url": "?sort=name", "direction": "descending", "number": False,
    }  # fmt: skip
