"""Days, moments, credits and percents as pages say them."""

import datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from sers.lib import tags
from sers.lib.refusal import Refusal, Refused

UTC = datetime.UTC


@pytest.mark.parametrize(
    ("moment", "day", "text"),
    [
        (datetime.datetime(2026, 6, 16, 6, 59, tzinfo=UTC), "June 15, 2026", "June 15, 2026, 11:59 pm"),
        (datetime.datetime(2026, 6, 16, 7, 0, tzinfo=UTC), "June 16, 2026", "June 16, 2026, 12:00 am"),
        (
            datetime.datetime(2026, 1, 1, 7, 59, tzinfo=UTC),
            "December 31, 2025",
            "December 31, 2025, 11:59 pm",
        ),
        (datetime.datetime(2026, 1, 1, 20, 5, tzinfo=UTC), "January 1, 2026", "January 1, 2026, 12:05 pm"),
        (
            datetime.datetime(2026, 3, 8, 9, 59, tzinfo=UTC),
            "March 8, 2026",
            "March 8, 2026, 1:59 am",
        ),  # the hour
        (
            datetime.datetime(2026, 3, 8, 10, 0, tzinfo=UTC),
            "March 8, 2026",
            "March 8, 2026, 3:00 am",
        ),  # that is not there
    ],
)
def test_moments_are_told_in_pacific_time(moment: datetime.datetime, day: str, text: str) -> None:
    assert (tags.day(moment), tags.moment(moment)) == (day, text)


def test_days() -> None:
    leap = datetime.date(2028, 2, 29)
    assert (tags.day(leap), tags.short_day(leap)) == ("February 29, 2028", "February 29")
    assert (tags.day(None), tags.short_day(None), tags.moment(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("credits", "words"),
    [("5", "5 credits"), ("5.0", "5 credits"), ("1.0", "1 credit"), ("2.5", "2.5 credits"), ("0", "0 credits"), ("10", "10 credits"),
     ("100.0", "100 credits")],
)  # fmt: skip
def test_credits_in_words(credits: str, words: str) -> None:
    assert tags.credits_in_words(Decimal(credits)) == words


def test_filters_are_there_without_loading_them_and_titles_stay_text() -> None:
    drawn = Template("{{ title|nowrap_numbers }} {{ day|short_day }}").render(
        Context({"title": "<b>Accounting</b> 1-2", "day": datetime.date(2026, 6, 15)})
    )
    assert drawn == '&lt;b&gt;Accounting&lt;/b&gt; <span class="nowrap">1-2</span> June 15'
    assert tags.nowrap_numbers("Welding & Metal") == "Welding &amp; Metal"


def test_a_refusal_says_why_and_what_next() -> None:
    assert (
        str(Refusal("rule", "It is closed.", "Ask your consortium.")) == "It is closed. Ask your consortium."
    )
    assert str(Refusal("rule", "It is closed.")) == "It is closed."
    refused = Refused(Refusal("rule", "It is closed."))
    assert (refused.refusal.rule, str(refused)) == ("rule", "It is closed.")
