"""A consortium's office by the keyboard alone and without a script: a letter to a group, who wants no more of them, a
list to take away, and a report beside earlier years.
"""

import csv
import io
import re
import time
from typing import Any

from tests.journeys.keyboard import WAIT, Keys, refused, sent_with, wait_for

SUBJECT = "College credit you can still register for"


def test_a_letter_is_written_tried_sent_and_stopped(visitor: Any, site: Any) -> None:
    keys = Keys(visitor(script=False))
    keys.visitor.arrive("consortium.demo")
    keys.tab_to("^letters to a group$")
    keys.enter()
    keys.tab_to("^Group", tag="select")
    keys.type("Students who are not")
    keys.tab_to("^Write the letter$")
    keys.enter()
    letter = keys.visitor.path
    number = re.search(r"([\d,]+) people would get it now", keys.visitor.text)
    assert number is not None
    keys.tab_to("^Subject$")
    keys.press("Control+a")
    keys.type(SUBJECT)
    keys.tab_to("^Letter$")
    keys.press("Control+a")
    keys.type("Hello {firstname}, register for {year} by June 15.")
    keys.tab_to("^Save and look$")
    keys.enter()
    assert "SERS cannot fill in {firstname}." in keys.visitor.text
    refused(keys, letter)
    keys.tab_to("^SERS cannot fill in")  # the summary leads to the field
    keys.press("Enter")
    assert keys.focus()["name"].startswith("Letter")
    keys.press("Control+a")
    keys.type("Hello {first_name}, register for {year} by June 15.")
    keys.tab_to("^Send it to me$")
    keys.enter()
    assert "The letter was sent to" in keys.visitor.text
    keys.tab_to("^Send to")
    keys.enter()
    assert "Each person gets it once." in keys.visitor.text
    wait_for(keys, f"To {number[1]} people", letter)
    # What was sent is not sent again, nor changed.
    assert keys.page.get_by_role("button", name="Save and look").count() == 0
    # The first of them reads it, and wants no more.
    address = keys.page.locator("td[data-label='E-mail']").first.inner_text().strip()
    wait_for(keys, "Sent", letter)
    reader = Keys(visitor(script=False))
    said = reader.visitor.open_mail(address, SUBJECT)
    assert re.search(r"Hello [^{]+, register for \d{4}-\d\d by June 15\.", said)
    stop = site.ask(
        "from reports.models import MailingRecipient\nfrom django.urls import reverse\n"
        f"one = MailingRecipient.objects.filter(user__email={address!r}).latest('pk')\n"
        "answer = reverse('reports:no_letters', args=[one.public_id])"
    )
    reader.visitor.go(stop)
    reader.tab_to("^Stop these letters$", tag="button")
    reader.enter()
    keys.visitor.go("/reports/mailings/")
    keys.tab_to("^Group", tag="select")
    keys.type("Students who are not")
    keys.tab_to("^Write the letter$")
    keys.enter()
    left = int(number[1].replace(",", "")) - 1
    assert f"{left:,} people would get it now" in keys.visitor.text
    assert address not in keys.visitor.text


def test_a_list_is_asked_for_made_and_taken(visitor: Any) -> None:
    keys = Keys(visitor(script=False))
    keys.visitor.arrive("consortium.demo")
    keys.visitor.go("/reports/lists/")
    keys.tab_to("^Make the list$")
    keys.enter()
    assert "Enter what the list is for" in keys.visitor.text
    refused(keys, "/reports/lists/")
    keys.tab_to("^List", tag="select")
    keys.type("Credit awarded, CSV")
    keys.tab_to("^School year", tag="select")
    keys.type("2024-25")
    keys.tab_to("^What it is for")
    keys.type("The yearly meeting")
    keys.tab_to("^Make the list$")
    keys.enter()
    wait_for(keys, "Credit awarded, CSV", "/reports/lists/")
    end = time.monotonic() + WAIT
    while "Being made" in keys.visitor.text and time.monotonic() < end:
        time.sleep(1)
        keys.visitor.go("/reports/lists/")
    assert keys.visitor.text.index("Credit awarded, CSV") < keys.visitor.text.rindex("Ready"), "made"
    rows = list(csv.reader(io.StringIO(sent_with(keys, "^Download"), newline="")))
    assert rows[0][0] == "CTE Dual Credit ID"
    assert len(rows) > 100
    assert {row[rows[0].index("Award year")] for row in rows[1:-1]} == {"2024-25"}
    assert rows[-1][0].startswith("Notice: This file holds education records.")


def test_a_report_is_chosen_and_its_sheet_says_the_same(visitor: Any) -> None:
    keys = Keys(visitor(script=False))
    keys.visitor.arrive("counselor.demo")
    keys.tab_to("^Reports$")
    keys.enter()
    keys.tab_to("^reports of their own$")
    keys.enter()
    keys.tab_to("^Report", tag="select")
    keys.type("Pathway")
    keys.tab_to("^Show$")
    keys.enter()
    finding = keys.page.locator("main h2").first.inner_text()
    found = re.match(
        r"([\d,]+) of ([\d,]+) students registered in \d{4}-\d\d have two high-school credits", finding
    )
    assert found is not None, finding
    heads, *lines = list(csv.reader(io.StringIO(sent_with(keys, "^Take CSV"), newline="")))
    whole = dict(zip(heads, next(line for line in lines if line[1] == "All"), strict=True))
    assert (whole["2 credits or more"], whole["Students"]) == found.groups()
    parts = ("2 credits or more", "1 to less than 2", "Less than 1", "None yet")
    assert sum(int(whole[part].replace(",", "")) for part in parts) == int(whole["Students"].replace(",", ""))
