"""The pages of students and the public in Spanish, whose words are longer: they fit, they are accessible, they say their language."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.access import is_translated
from tests.journeys.conftest import NARROW, WIDE, Site, Visitor
from tests.journeys.test_every_page import NO_PAGES, SHORTEN, STOPS, WIDEST, Stop
from tests.test_house import URLS
from tests.test_languages import IN_ENGLISH

READERS = ("anonymous", "student", "newcomer", "chooser")
IN_SPANISH = [
    stop
    for stop in STOPS
    if stop.person in READERS
    and stop.does is None
    and stop.page not in NO_PAGES
    and stop.page not in IN_ENGLISH
    and (stop.page not in URLS or is_translated(URLS[stop.page][1].callback))
]


@pytest.fixture(scope="module")
def readers(site: Site, known: Any, chromium: Any) -> Iterator[Callable[[str], Visitor]]:
    """One browser a person that asks for Spanish."""
    made: dict[str, Visitor] = {}

    def reader(person: str) -> Visitor:
        if person not in made:
            context = chromium.new_context(viewport=WIDE, reduced_motion="reduce", locale="es-MX")
            if person in known["cookies"]:
                context.add_cookies(
                    [{"name": known["cookie"], "value": known["cookies"][person], "url": site.url}]
                )
            made[person] = Visitor(site, context)
            made[person].ids = known["ids"]
        return made[person]

    yield reader
    for visitor in made.values():
        visitor.context.close()


@pytest.mark.parametrize("stop", IN_SPANISH, ids=str)
def test_page_in_spanish(stop: Stop, readers: Callable[[str], Visitor], axe: Any) -> None:
    visitor = readers(stop.person)
    page = visitor.page
    page.set_viewport_size(NARROW)
    visitor.allowed = {stop.status, *stop.refused}
    answer = visitor.go(stop.path.format(**visitor.ids))
    assert answer.status == stop.status
    assert page.locator("html").get_attribute("lang") == "es"
    found = []
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        found.append(f"{wide} px wide on a screen of {NARROW['width']}: {page.evaluate(WIDEST)}")
    page.evaluate(SHORTEN)
    found += axe(page)
    page.set_viewport_size(WIDE)
    found += axe(page)
    found += visitor.complaints()
    assert found == []
