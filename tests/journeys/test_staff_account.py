"""A teacher's account from its first mail to its last click: invited, taken up, used, ended."""

import re
import time
from typing import Any

ADDRESS = "nadia.journey@example.org"
WORDS = "seven quiet boats of cedar"
SCHOOL = "Kamiakin High School"


def answer_questions(teacher: Any) -> None:
    """Three different questions, each with an answer."""
    for number in (1, 2, 3):
        teacher.page.locator(f"#id_question_{number}").select_option(index=number)
        teacher.page.locator(f"#id_answer_{number}").fill(f"cedar boat {number}")


def test_invited_taken_up_used_and_ended(visitor: Any, axe: Any) -> None:
    consortium = visitor()
    consortium.sign_in("consortium.demo")
    consortium.follow("people")
    consortium.follow("New account")
    consortium.fill("First name", "Nadia")
    consortium.fill("Last name (optional)", "Journey")
    consortium.fill("E-mail", ADDRESS)
    consortium.choose("Role", "Teacher")
    consortium.field("Place").select_option(label=SCHOOL)
    consortium.fill("Reason", "Teaches Accounting")
    consortium.press("Create Account")
    assert consortium.heading == "Nadia Journey"
    assert f"Nadia Journey has an account: Teacher, {SCHOOL}. A mail to {ADDRESS} says so." in consortium.text
    assert "Invited, no password yet" in consortium.text
    assert axe(consortium.page) == []
    person = consortium.path

    # The teacher opens the mail and takes the account up, at 320 px.
    teacher = visitor(narrow=True)
    teacher.open_mail(ADDRESS, "Your SERS account")
    user_name = re.search(r"Your user name is ([\w.]+)\. ", teacher.text)
    assert user_name
    link = teacher.page.locator("main a[href*='/accounts/links/']").first.get_attribute("href")
    teacher.go(link)
    assert teacher.heading == "Security Information"
    assert user_name[1] in teacher.text
    teacher.fill("Password", WORDS)
    teacher.fill("Compare Password", WORDS)
    answer_questions(teacher)
    teacher.press("Submit")
    teacher.page.get_by_role("link", name="Continue").click()
    teacher.press("Save Account")

    # Signed in anew by user name and password: the home of a teacher, no classes yet.
    teacher = visitor(narrow=True)
    teacher.sign_in(user_name[1], WORDS)
    assert f"Teacher, {SCHOOL}" in teacher.text
    assert "You have no classes in this school year yet." in teacher.text
    teacher.go("/grading/rosters/")

    # The used link opens nothing more, and the person's page says that the account is taken up.
    consortium.go(person)
    assert "Active since" in consortium.text
    assert "Password chosen" in consortium.text
    assert "Send a new link" not in consortium.text
    stranger = visitor()
    stranger.allowed.add(404)
    stranger.go(link)
    assert stranger.heading == "This link opens nothing"

    # The seat ends; the teacher's next click is refused with words.
    consortium.page.get_by_role("link", name="End Seat").first.click()
    assert consortium.heading == "End the seat of Nadia Journey now?"
    assert axe(consortium.page) == []
    consortium.fill("Reason", "Took another job")
    consortium.press("End Seat")
    assert "Its pages do not open any more." in consortium.text
    assert "Seat ended at once" in consortium.text
    assert "Took another job" in consortium.text
    teacher.allowed.add(403)
    teacher.go("/grading/rosters/")
    assert f"Your seat as Teacher, {SCHOOL} has ended." in teacher.text
    assert axe(teacher.page) == []
    teacher.go("/organizations/seats/")
    assert "Ended" in teacher.text
    teacher.open_mail(ADDRESS, "Your seat in SERS has ended")


def test_accounts_from_a_file(visitor: Any, axe: Any) -> None:
    """Checked, saved by the worker, its progress watched; sent again it changes nothing."""
    consortium = visitor()
    consortium.sign_in("consortium.demo")
    lines = "".join(f"File{n},Journey,file{n}.journey@example.org,Teacher,{SCHOOL}\r\n" for n in range(12))
    upload = {
        "name": "new-teachers.csv", "mimeType": "text/csv",
        "buffer": f"first name,last name,e-mail,role,place\r\n{lines}".encode(),
    }  # fmt: skip
    for outcome in ("12 new accounts", "12 rows that change nothing"):
        consortium.go("/organizations/people/files/new/")
        consortium.page.set_input_files("input[type=file]", upload)
        consortium.fill("Reason", "New this year")
        consortium.press("Check File")
        assert outcome in consortium.text
        assert axe(consortium.page) == []
        consortium.press("Save All")
        deadline = time.monotonic() + 60
        while consortium.page.locator("#s-job").count():  # a reload does what its script does
            assert time.monotonic() < deadline
            consortium.page.wait_for_timeout(500)
            consortium.page.reload()
        made = 12 if outcome == "12 new accounts" else 0
        assert f"{made} accounts created, {made} seats given" in consortium.text
    consortium.open_mail("file3.journey@example.org", "Your SERS account")


def test_a_hat_is_chosen_by_keyboard_and_narrows(visitor: Any, known: Any) -> None:
    """Tab to the chooser, Enter opens it, Tab and Enter choose; what the other seat opened is closed."""
    person = visitor()
    person.context.add_cookies(
        [{"name": known["cookie"], "value": known["cookies"]["hats"], "url": person.site.url}]
    )
    person.go("/")
    page = person.page
    page.locator("details.s-seat summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Teacher" in page.inner_text(".s-who-place")
    assert page.locator(".s-nav").get_by_role("link", name="Assignments").count() == 1
    assert page.locator(".s-nav").get_by_role("link", name="People").count() == 0
    person.allowed.add(403)
    person.go("/organizations/people/")
    assert "This page is for people who work in SERS as" in person.text
    page.locator("details.s-seat summary").focus()
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="All my seats").press("Enter")
    person.go("/organizations/people/")
    assert person.heading == "People"
