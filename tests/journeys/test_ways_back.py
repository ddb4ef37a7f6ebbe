"""The first sign-in, from the mail to home; and back in without the password, from the sign-in page and the mailbox."""

from typing import Any

from tests.journeys.conftest import PASSWORD, Site
from tests.journeys.demo import DEMO_ANSWERS

NEW_PASSWORD = "seven herons over the reeds"


def open_link(visitor: Any, address: str, subject: str) -> None:
    """Follow the button of the newest mail of this subject."""
    visitor.open_mail(address, subject)
    link = visitor.page.locator("a[href*='/accounts/links/']").first
    target = link.get_attribute("href")
    visitor.go(target)


def test_from_the_first_mail_to_home(site: Site, visitor: Any, axe: Any) -> None:
    address = site.ask("from tests.journeys.demo import new_person\nanswer = new_person('nils.newhire')")
    person = visitor()
    open_link(person, address, "Your SERS account")
    assert person.heading == "Security Information"
    assert "nils.newhire" in person.text
    assert "/links/" not in person.page.url
    person.allowed = {422}
    person.fill("Password", "kamiakin")
    person.press("Submit")
    assert person.page.title().startswith("Error: ")
    assert "Use at least 15 characters" in person.text
    assert axe(person.page) == []
    for label in ("Password", "Compare Password"):
        person.fill(label, NEW_PASSWORD)
    for number, question in enumerate(("pet", "street", "book"), 1):
        person.field(f"Question {number}").select_option(question)
        person.fill(f"Answer {number}", dict(DEMO_ANSWERS)[question])
    person.press("Submit")
    assert person.heading == "Your security information is saved"
    person.follow("Continue")
    assert person.heading == "Verify your account information"
    person.fill("Phone (optional)", "509 555 0117")
    person.press("Save Account")
    assert "Your account is saved." in person.text
    person.sign_out()
    person.sign_in("nils.newhire", NEW_PASSWORD)
    assert person.path == "/"


def test_back_in_without_the_password(visitor: Any) -> None:
    """Narrow and without a script: user name first, then the password, then in."""
    person = visitor(narrow=True, script=False)
    person.go("/accounts/sign-in/?door=teacher")
    person.follow("I forgot my user name")
    person.fill("First name", "Dana")
    person.page.get_by_label("Last name").fill("District")
    person.fill("E-mail", "district.demo@example.org")
    person.press("Send My User Name")
    assert person.heading == "Check your e-mail"
    assert "district.demo" in person.open_mail("district.demo@example.org", "Your SERS user name")
    person.go("/accounts/sign-in/")
    person.follow("I forgot my password")
    person.fill("User name", "district.demo")
    person.fill("E-mail", "district.demo@example.org")
    person.press("Send the Link")
    assert person.heading == "Check your e-mail"
    open_link(person, "district.demo@example.org", "A new password for SERS")
    assert person.heading == "Is it you?"
    label = person.page.locator("label[for=id_typed]").inner_text()
    answers = {"pet": "Biscuit", "street": "Fir Street", "book": "Hatchet"}
    person.page.locator("#id_typed").fill(
        next(said.upper() for word, said in answers.items() if word in label)
    )
    person.press("Continue")
    assert person.heading == "Choose a new password"
    for name in ("Password", "Compare Password"):
        person.fill(name, NEW_PASSWORD)
    person.press("Save Password")
    assert "Your new password is saved." in person.text
    person.allowed = {422}
    person.sign_in("district.demo", PASSWORD)
    assert "The user name or the password is not right" in person.text
    person.sign_in("district.demo", NEW_PASSWORD)
    assert person.path == "/"
    assert person.open_mail("district.demo@example.org", "Your SERS password is new")
