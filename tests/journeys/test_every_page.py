"""Every page, for every role that may open it, empty, full and refused, at 1280 and at 320 px.

On each: axe-core finds nothing, nothing is wider than the screen, the browser complains of nothing, there is one
h1 and a title that ends in SERS. At 1280 px axe-core looks at each page once, and once refused: for the next role it
is drawn by the same template, and at 320 px it is looked at there too. A page of tests/access_table.py that is
missing here is found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from students.forms.creating import QUESTIONS
from tests.access_table import PEOPLE, rows
from tests.journeys.conftest import NARROW, PASSWORD, WIDE, Site, Visitor
from tests.journeys.demo import ROLES

#: Answered, but no page.
NO_PAGES = {
    "healthz",
    "grading:sheet",
    "organizations:template",
    "accounts:passkey",
    "accounts:session",
    "articulations:catalog_api",
    "articulations:catalog_data",
    "articulations:request_file",
    "articulations:assurances_file",
    "articulations:agreement_file",
    "students:provider_news",
    "students:claim_file",
    "articulations:reviews_file",
    "grading:change_file",
    "grading:progress_file",
    "transcripts:transcript",
    "transcripts:letter",
    "transcripts:logo",
    "transcripts:badge",
    "transcripts:issuer",
    "transcripts:badge_status",
}
#: One's own account: open to every seat and the same for each, so that one person looks at it.
ALIKE = {
    "accounts:change_email", "accounts:change_password", "accounts:change_questions", "accounts:my_account",
    "accounts:recovery_codes", "accounts:security_saved", "accounts:verify",
    "accounts:new_app", "accounts:new_passkey", "accounts:prove", "accounts:remove_factor", "accounts:second_factor", "accounts:sessions",
    "organizations:my_seats",
}  # fmt: skip
#: Their words differ by who reads them; every other page that is open to anyone is looked at signed out alone.
DIFFER_BY_ROLE = {"reports:home", "articulations:search", "articulations:articulation"}
Does = Callable[[Any], None]


@dataclass(frozen=True)
class Stop:
    """A person, a page by its name, its address with words of `ids` in it, and what is done before we look."""

    person: str
    page: str
    path: str
    does: Does | None = None
    status: int = 200
    #: Statuses that what is done may be answered with.
    refused: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.person} {self.path}{' then' if self.does else ''}"


def make_a_list(visitor: Any) -> None:
    """Choose a list, say what it is for, and look at how it stands."""
    main = visitor.page.locator("main")
    main.get_by_label("List", exact=True).select_option("research.zip")
    main.get_by_label("What it is for").fill("The yearly study")
    with visitor.page.expect_navigation():
        main.get_by_role("button", name="Make the list").click()


def begin_a_letter(visitor: Any) -> None:
    """Choose the group that is never empty and look at its letter and people."""
    main = visitor.page.locator("main")
    main.get_by_label("Group").select_option("not_registered")
    with visitor.page.expect_navigation():
        main.get_by_role("button", name="Write the letter").click()


def press(name: str, fields: dict[str, str] | None = None) -> Does:
    """Fill what these labels name, and press a button of the page's own content."""

    def does(visitor: Any) -> None:
        for label, text in (fields or {}).items():
            visitor.page.locator("main").get_by_label(label).first.fill(text)
        with visitor.page.expect_navigation():
            visitor.page.locator("main").get_by_role("button", name=name).first.click()

    return does


def send_twice(visitor: Any) -> None:
    """The link that confirms an e-mail, and once more at once, which is refused."""
    address = visitor.page.url
    press("Send the link")(visitor)
    visitor.go(address)
    press("Send the link")(visitor)


def open_first(selector: str) -> Does:
    """Open the first part of the page that opens in place."""

    def does(visitor: Any) -> None:
        visitor.page.locator(selector).first.click()
        visitor.page.wait_for_timeout(300)

    return does


def write_text(fields: dict[str, str] | None = None) -> Does:
    """Open the text that can be written, type, and see how it reads."""

    def does(visitor: Any) -> None:
        open_first("main details summary")(visitor)
        press("See how it reads", fields)(visitor)

    return does


def open_menu(visitor: Any) -> None:
    visitor.page.set_viewport_size(NARROW)
    visitor.page.get_by_role("button", name="Menu").click()


def grade(text: str) -> Does:
    """Type a grade into the first row of a roster and save it."""

    def does(visitor: Any) -> None:
        visitor.page.locator("[data-grade]").first.fill(text)
        visitor.press("Save Changes")

    return does


def type_grades(visitor: Any) -> None:
    """Rows in every state that is not saved yet, a comment open among them."""
    boxes = visitor.page.locator("[data-grade]")
    for number, text in enumerate(("97", "12", "NA", "197")):
        boxes.nth(number).fill(text)
    visitor.page.locator("[data-comment]").first.click()


def register_all(visitor: Any) -> None:
    """Choose the first teacher and college of every class, agree, and register; done before, read the answers again."""
    visitor.go(
        "/students/register/choose/?class={course_of_colleges}&class={course_two}".format(**visitor.ids)
    )
    if not visitor.page.get_by_role("button", name="Save & Register").count():
        visitor.go("/students/register/answers/")
        return
    for group in visitor.page.locator("main form fieldset").all():
        if not group.locator("input[type=radio]:checked").count():
            group.locator("input[type=radio] + label").first.click()
    visitor.page.get_by_label("I have read this").check()
    visitor.press("Save & Register")


def change_college(visitor: Any) -> None:
    """Register, open the class that several colleges give credit for, and the way to another college."""
    register_all(visitor)
    visitor.go("/students/classes/")
    for link in [one.get_attribute("href") for one in visitor.page.locator("main article a").all()]:
        visitor.go(link)
        if visitor.page.get_by_role("link", name="Change college").count():
            visitor.page.get_by_role("link", name="Change college").first.click()
            visitor.page.wait_for_load_state()
            return
    raise AssertionError("No class of this student can change its college")


def second_step(visitor: Any) -> None:
    """Log out, give the password, and type what is no code."""
    visitor.sign_out()
    visitor.sign_in("second.step")
    visitor.fill("Code", "000000")
    visitor.press("Continue")


def draft(visitor: Any) -> None:
    """Typed, left, and opened again: the draft is shown."""
    visitor.page.locator("[data-grade]").first.fill("88")
    with visitor.page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        visitor.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.reload()


def open_receipt(visitor: Any) -> None:
    """Save a grade, and open what was saved by the link in the answer."""
    visitor.go(visitor.page.url.removesuffix("receipts/"))
    box = visitor.page.locator("tr:has(option[value='in_progress'][selected]) [data-grade]").last
    box.fill("93")
    visitor.press("Save Changes")
    visitor.page.get_by_role("link", name="Receipt R-").click()


def clash(visitor: Any) -> None:
    """Somebody else saves a grade while this page is open."""
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    box = other.locator("[data-grade]").nth(1)
    box.fill("91" if box.input_value() != "91" else "92")
    other.get_by_role("button", name="Save Changes").first.click()
    other.wait_for_load_state()
    other.close()
    visitor.page.locator("[data-grade]").nth(1).fill("88")
    visitor.press("Save Changes")


def statewide(visitor: Any) -> None:
    """Search Statewide without a ground."""
    page = visitor.page
    page.get_by_label("Name", exact=True).fill("an")
    if not page.locator("details.s-beyond[open]").count():  # a search that is remembered stands open
        page.locator("details.s-beyond summary").click()
    page.get_by_label("Search Statewide").check()
    visitor.press("Search")


def statewide_found(visitor: Any) -> None:
    """Search Statewide for somebody of another school."""
    page = visitor.page
    page.get_by_label("Name", exact=True).fill(visitor.ids["stranger"])
    if not page.locator("details.s-beyond[open]").count():  # a search that is remembered stands open
        page.locator("details.s-beyond summary").click()
    page.get_by_label("Search Statewide").check()
    page.get_by_label("What allows it").select_option(index=1)
    page.get_by_label("Reason").fill("Comes to our school in January")
    visitor.press("Search")
    assert "Confirm and view" in visitor.text


def statewide_confirm(visitor: Any) -> None:
    statewide_found(visitor)
    visitor.page.get_by_role("link", name="Confirm and view").first.click()


def answer_all(visitor: Any) -> None:
    """Answer every question of the new account, up to the page that shows the answers."""
    page = visitor.page
    page.get_by_label("Legal first name").fill("Ada")
    visitor.press("Continue")
    visitor.press("Continue")
    for part, text in (("Month", "3"), ("Day", "27"), ("Year", "2010")):
        page.get_by_label(part).fill(text)
    visitor.press("Continue")
    visitor.choose("High school", "Kamiakin High School")
    visitor.tick("Grade 11")
    page.get_by_label("Graduation year").select_option(index=1)
    visitor.press("Continue")
    page.get_by_label("Personal e-mail").fill("ada@example.net")
    for _ in range(4):
        visitor.press("Continue")


#: What reaches beyond the edge of the screen.
WIDEST = """[...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(-3).map(one => one.outerHTML.slice(0, 120))"""
#: What must fit on a small screen too: letters set apart as WCAG 1.4.12 says, and a script that runs from right to left.
STRAINS = {
    "spaced": """{
        const wide = new CSSStyleSheet();
        wide.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }");
        document.adoptedStyleSheets = [wide];
    }""",
    "right to left": "document.adoptedStyleSheets = []; document.documentElement.dir = 'rtl'",
    "as it is": "document.documentElement.removeAttribute('dir')",
}
#: axe-core takes seconds for a long list; the rows after the seventh are made like those before.
SHORTEN = """for (const list of document.querySelectorAll("table, tbody, select, datalist"))
    [...list.children].slice(list.tagName == "TABLE" ? 9 : 7).forEach(one => one.remove())"""

STOPS = (
    # Anyone
    Stop("anonymous", "reports:home", "/"),
    Stop("anonymous", "reports:home", "/", open_menu),
    Stop("anonymous", "reports:no_letters", "/reports/no-letters/{mailed}/"),
    Stop("anonymous", "reports:no_letters", "/reports/no-letters/{mailed}/", press("Stop these letters")),
    Stop("anonymous", "accounts:sign_in", "/accounts/sign-in/"),
    Stop("anonymous", "accounts:sign_in", "/accounts/sign-in/?door=student"),
    Stop("anonymous", "accounts:sign_in", "/accounts/sign-in/", press("Sign In"), refused=(422,)),
    Stop(
        "anonymous", "accounts:sign_in", "/accounts/sign-in/?door=teacher",
        press("Sign In", {"User name": "nobody", "Password": "wrong"}), refused=(422,),
    ),
    Stop("anonymous", "accounts:forgot_user_name", "/accounts/forgot-user-name/"),
    Stop(
        "anonymous", "accounts:forgot_user_name", "/accounts/forgot-user-name/", press("Send My User Name"),
        refused=(422,),
    ),
    Stop("anonymous", "accounts:forgot_password", "/accounts/forgot-password/"),
    Stop("anonymous", "accounts:forgot_password", "/accounts/forgot-password/", press("Send the Link"), refused=(422,)),
    Stop("anonymous", "accounts:mail_sent", "/accounts/mail-sent/"),
    Stop("anonymous", "accounts:link", "/accounts/links/nothing/", status=404),
    Stop("anonymous", "accounts:security", "/accounts/links/{link_activate}/"),
    Stop("anonymous", "accounts:security", "/accounts/links/{link_activate}/", press("Submit"), refused=(422,)),
    Stop("anonymous", "accounts:recover", "/accounts/links/{link_recover}/"),
    Stop("anonymous", "accounts:recover", "/accounts/links/{link_recover}/", press("Continue"), refused=(422,)),
    Stop("anonymous", "accounts:new_password", "/accounts/links/{link_new_password}/"),
    Stop(
        "anonymous", "accounts:new_password", "/accounts/links/{link_new_password}/", press("Save Password"),
        refused=(422,),
    ),
    Stop("anonymous", "accounts:confirm_email", "/accounts/links/{link_confirm}/"),
    Stop("anonymous", "accounts:demo_people", "/accounts/demo/"),
    Stop("anonymous", "accounts:mailbox", "/accounts/mailbox/"),
    Stop("anonymous", "accounts:mailbox", "/accounts/mailbox/?address=nobody%40example.org"),
    Stop("anonymous", "accounts:mail", "/accounts/mailbox/{mail}/"),
    Stop("anonymous", "articulations:search", "/articulations/"),
    Stop("anonymous", "articulations:search", "/articulations/?words=Accounting", open_first("[hx-get]")),
    Stop("anonymous", "articulations:search", "/articulations/?words=Falconry"),
    Stop("anonymous", "articulations:search", "/articulations/?minimum=many", status=422),
    Stop("anonymous", "articulations:search", "/articulations/?page=9"),
    Stop("anonymous", "articulations:search", "/articulations/?words=falconry&consortium={home_consortium}"),
    Stop("anonymous", "articulations:search", "/articulations/?words=aerospace&consortium={other_consortium}"),
    Stop("anonymous", "articulations:alternatives", "/articulations/alternatives/"),
    Stop("anonymous", "articulations:alternatives", "/articulations/alternatives/?words=aerospace+15.0801&consortium={other_consortium}"),
    Stop("anonymous", "articulations:alternatives", "/articulations/alternatives/?words=falconry"),
    Stop("anonymous", "articulations:alternatives", "/articulations/alternatives/?words=x&county=nowhere", status=422),
    Stop("anonymous", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("anonymous", "articulations:articulation", "/articulations/{signed_agreement}/"),
    Stop("anonymous", "articulations:verify_agreement", "/articulations/agreements/verify/{agreement_code}/"),
    Stop("anonymous", "articulations:verify_agreement", "/articulations/agreements/verify/00000/", status=404),
    Stop("anonymous", "articulations:sign_outside", "/articulations/agreements/sign/", status=404),
    Stop("anonymous", "articulations:schools", "/articulations/schools/"),
    Stop("anonymous", "articulations:schools", "/articulations/schools/?words=zzz"),
    Stop("anonymous", "articulations:school", "/articulations/schools/{school}/"),
    Stop("anonymous", "articulations:catalog", "/articulations/catalog/", open_first("summary")),
    Stop("anonymous", "articulations:search", "/articulations/?words=Acounting"),
    Stop("anonymous", "organizations:for_students", "/organizations/for-students/", open_first("summary")),
    Stop("anonymous", "organizations:for_students", "/organizations/for-students/?college={college}"),
    Stop("anonymous", "organizations:for_teachers", "/organizations/for-teachers/?college={college}", open_first("summary")),
    Stop("anonymous", "organizations:consortia", "/organizations/consortia/"),
    Stop("anonymous", "organizations:consortia", "/organizations/consortia/?words=zzz"),
    Stop("anonymous", "organizations:consortium", "/organizations/consortia/{consortium}/"),
    Stop("anonymous", "organizations:college", "/organizations/colleges/{college}/"),
    Stop("anonymous", "accessibility", "/accessibility/"),
    Stop("anonymous", "students:new", "/students/new/"),
    *(Stop("anonymous", "students:question", f"/students/new/{page}/") for page in QUESTIONS),
    Stop("anonymous", "students:question", "/students/new/school/", press("Continue"), refused=(422,)),
    Stop("anonymous", "students:question", "/students/new/birth-date/", press("Continue"), refused=(422,)),
    Stop(
        "anonymous", "students:question", "/students/new/email/",
        press("Continue", {"Personal e-mail": "someone@ksd.k12.wa.us"}), refused=(422,),
    ),
    Stop("anonymous", "students:check", "/students/new/name/", answer_all),
    Stop("anonymous", "students:password", "/students/new/password/"),
    Stop("anonymous", "students:password", "/students/new/password/", press("Create Account"), refused=(422,)),
    Stop("anonymous", "students:new", "/students/new/"),
    Stop("anonymous", "students:created", "/students/created/"),
    Stop("anonymous", "students:confirm", "/students/confirm/{token}/"),
    Stop("anonymous", "students:confirm", "/students/confirm/nothing/", status=404),
    Stop("anonymous", "transcripts:verify", "/transcripts/verify/"),
    Stop("anonymous", "transcripts:verify", "/transcripts/verify/?code=12", status=422),
    Stop("anonymous", "transcripts:verify_code", "/transcripts/verify/{code}/"),
    Stop("anonymous", "transcripts:verify_code", "/transcripts/verify/00000000000000000000000000/", status=404),
    Stop("anonymous", "styleguide", "/styleguide/"),
    Stop("anonymous", "404", "/nowhere/", status=404),
    Stop("anonymous", "405", "/accounts/sign-out/", status=405),
    # Student
    Stop("student", "articulations:search", "/articulations/"),
    Stop("student", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("anonymous", "students:join", "/students/class/{class_code}/"),
    Stop("anonymous", "students:join", "/students/class/nothing/", status=404),
    Stop("anonymous", "students:created", "/students/class/{class_code}/", lambda visitor: visitor.go("/students/created/")),
    Stop("student", "students:join", "/students/class/{class_code}/"),
    Stop("student", "students:register", "/students/register/"),
    Stop("student", "students:register", "/students/register/", press("Register Classes"), refused=(422,)),
    Stop("student", "students:register", "/students/register/", press("Find this class"), refused=(422,)),
    Stop("student", "students:choose", "/students/register/choose/?class={course}"),
    Stop("student", "students:choose", "/students/register/choose/?class={course}&class={course_registered}"),
    Stop(
        "student", "students:choose", "/students/register/choose/?class={course}", press("Save & Register"),
        refused=(422,),
    ),
    Stop("student", "students:my_classes", "/students/classes/"),
    Stop("student", "students:my_classes", "/students/classes/", open_menu),
    Stop("student", "students:registration", "/students/registrations/{registration}/"),
    Stop("student", "students:registration", "/students/registrations/{registration_completed}/"),
    Stop("student", "students:consent", "/students/registrations/{registration}/consent/"),
    Stop("student", "students:registration_forms", "/students/forms/?one={registration}&one={registration_completed}"),
    Stop("student", "students:change_college", "/students/registrations/{registration}/college/"),
    Stop("student", "students:change_college", "/students/registrations/{registration_completed}/college/"),
    Stop("student", "students:change_teacher", "/students/registrations/{registration}/teacher/"),
    Stop("student", "students:change_teacher", "/students/registrations/{registration_completed}/teacher/"),
    Stop("student", "students:withdraw", "/students/registrations/{registration}/withdraw/"),
    Stop("student", "students:withdraw", "/students/registrations/{registration_completed}/withdraw/"),
    Stop("student", "students:student", "/students/{student}/"),
    Stop("student", "students:history", "/students/{student}/history/"),
    Stop("student", "students:readers", "/students/{student}/readers/"),
    Stop("student", "students:readers", "/students/{student}/readers/?show=everybody"),
    Stop("student", "reports:record", "/reports/records/{student}/"),
    Stop("student", "reports:record", "/reports/records/{student}/", press("Make the file")),
    Stop("student", "students:history", "/students/{student}/history/", open_first("[hx-get]")),
    Stop("student", "transcripts:mine", "/transcripts/mine/"),
    Stop("student", "transcripts:request", "/transcripts/request/"),
    Stop("student", "403", "/grading/rosters/", status=403),
    Stop("student", "404", "/students/{other_student}/", status=404),
    Stop("student", "grading:changes", "/grading/changes/"),
    Stop("student", "grading:changes", "/grading/changes/?show=closed"),
    Stop("student", "grading:change", "/grading/changes/{change_own}/"),
    Stop("student", "grading:new_change", "/grading/registrations/{registration_completed}/change/"),
    Stop("student", "grading:new_change", "/grading/registrations/{registration}/change/"),
    # A student who has not registered for anything
    Stop("newcomer", "students:my_classes", "/students/classes/"),
    Stop("newcomer", "students:history", "/students/{newcomer}/history/"),
    Stop("newcomer", "transcripts:mine", "/transcripts/mine/"),
    Stop("newcomer", "transcripts:request", "/transcripts/request/"),
    # A student who may ask a college to transcribe
    Stop("asker", "transcripts:request", "/transcripts/request/"),
    Stop("asker", "transcripts:request", "/transcripts/request/", press("Request transcription"), refused=(422,)),
    Stop("newcomer", "students:readers", "/students/{newcomer}/readers/"),
    # A student of Walla Walla High School, where three colleges give credit for one class
    Stop("chooser", "students:choose", "/students/register/choose/?class={course_of_colleges}"),
    Stop("chooser", "students:register", "/students/register/"),
    Stop("chooser", "students:answers", "/students/register/", register_all),
    Stop("chooser", "students:change_college", "/students/classes/", change_college),
    # Teacher
    Stop("teacher", "reports:home", "/"),
    Stop("teacher", "reports:lists", "/reports/lists/"),
    Stop("teacher", "articulations:search", "/articulations/"),
    Stop("teacher", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("teacher", "grading:rosters", "/grading/rosters/"),
    Stop("teacher", "grading:roster", "/grading/rosters/{section}/"),
    Stop("teacher", "grading:roster", "/grading/rosters/{section}/?graded=1"),
    Stop("teacher", "grading:roster", "/grading/rosters/{section}/", type_grades),
    Stop("teacher", "grading:roster", "/grading/rosters/{section}/", grade("197"), refused=(422,)),
    Stop("teacher", "grading:roster", "/grading/rosters/{section}/", clash, refused=(409, 422)),
    Stop("teacher", "grading:roster", "/grading/rosters/{section_past}/?graded=1"),
    Stop("teacher", "grading:roster", "/grading/rosters/{section_empty}/"),
    Stop("teacher", "grading:roster", "/grading/rosters/{section_terms}/"),
    Stop("teacher", "grading:roster", "/grading/rosters/{section_terms}/", type_grades),
    Stop("teacher", "grading:roster", "/grading/rosters/{section}/?graded=1", open_first("[data-history]")),
    Stop("teacher", "grading:roster", "/grading/rosters/{section_quiet}/", draft),
    Stop("teacher", "grading:paste", "/grading/rosters/{section}/paste/"),
    Stop("teacher", "grading:paste", "/grading/rosters/{section_terms}/paste/"),
    Stop("teacher", "grading:paste", "/grading/rosters/{section}/paste/", press("Preview the file"), refused=(422,)),
    Stop(
        "teacher", "grading:paste", "/grading/rosters/{section}/paste/",
        press("Preview pasted grades", {"Grades": "Nobody Here\t90\nAna Begay\t=A1"}),
    ),
    Stop(
        "teacher", "grading:paste", "/grading/rosters/{section}/paste/",
        press("Preview filled rows", {"Grade for every student without one": "90"}),
    ),
    Stop("teacher", "grading:receipts", "/grading/rosters/{section}/receipts/"),
    Stop("teacher", "grading:receipts", "/grading/rosters/{section_empty}/receipts/"),
    Stop("teacher", "grading:receipt", "/grading/rosters/{section_quiet}/receipts/", open_receipt),
    Stop("teacher", "students:registered", "/students/registered/{agreement}/"),
    Stop("teacher", "students:class_sheet", "/students/class-sheets/{section}/"),
    # Late claims
    Stop("student", "students:new_claim", "/students/claims/new/"),
    Stop("student", "students:new_claim", "/students/claims/new/?year={last_year}"),
    Stop("student", "students:new_claim", "/students/claims/new/?year={last_year}", press("Send the claim"), refused=(422,)),
    Stop("student", "students:new_claim", "/students/claims/new/", press("Show classes"), refused=(422,)),
    Stop("student", "students:claim", "/students/claims/{claim_own}/"),
    Stop("student", "students:claim", "/students/claims/{claim_own}/", press("Send the answer"), refused=(422,)),
    Stop("counselor", "students:claim", "/students/claims/{claim_waiting}/"),
    Stop("counselor", "students:claim_for", "/students/{student}/claim/?year={last_year}"),
    Stop("consortium", "grading:late_claims", "/grading/late-claims/"),
    Stop("consortium", "grading:late_claims", "/grading/late-claims/", press("Search", {"Name, ID or reference": "nobody"})),
    Stop("consortium", "grading:late_claim", "/grading/late-claims/{claim_asked}/"),
    Stop("consortium", "grading:late_claim", "/grading/late-claims/{claim_asked}/", press("Accept"), refused=(422,)),
    Stop("consortium", "grading:late_claim", "/grading/late-claims/{claim_decided}/"),
    *(
        Stop(who, page, path)
        for who in ("registrar", "state")
        for page, path in (
            ("grading:late_claims", "/grading/late-claims/?show=decided"),
            ("grading:late_claim", "/grading/late-claims/{claim_asked}/"),
        )
    ),
    # Rights in a record
    Stop("student", "students:rights", "/students/rights/"),
    Stop("newcomer", "students:rights", "/students/rights/"),
    Stop("anonymous", "students:notice", "/students/notice/"),
    Stop("state", "students:consents", "/students/consents/?for=notice"),
    Stop("state", "students:new_consent", "/students/consents/new/?for=notice", press("See how it reads")),
    Stop("student", "students:new_amendment", "/students/amendments/new/"),
    Stop("student", "students:new_amendment", "/students/amendments/new/", press("Send the request"), refused=(422,)),
    Stop("student", "students:amendment", "/students/amendments/{amendment_own}/"),
    Stop("student", "students:amendment", "/students/amendments/{amendment_stated}/"),
    Stop("student", "transcripts:statement", "/transcripts/statements/{amendment_own}/"),
    Stop("student", "transcripts:statement", "/transcripts/statements/{amendment_own}/", press("Add the statement"), refused=(422,)),
    *(
        stop
        for who in ("district", "consortium", "state")
        for stop in (
            Stop(who, "students:amendments", "/students/amendments/"),
            Stop(who, "students:amendments", "/students/amendments/?show=over"),
            Stop(who, "students:amendment", "/students/amendments/{amendment_stated}/"),
            Stop(who, "students:enter_amendment", "/students/{student}/amendment/"),
        )
    ),
    Stop("registrar", "students:amendments", "/students/amendments/"),
    Stop("registrar", "students:enter_amendment", "/students/{student}/amendment/", press("Send the request"), refused=(422,)),
    Stop("student", "students:new_inspection", "/students/inspections/new/"),
    Stop("student", "students:new_inspection", "/students/inspections/new/", press("Send the request"), refused=(422,)),
    Stop("student", "students:inspection", "/students/inspections/{inspection_own}/"),
    *(
        stop
        for who in ("district", "consortium", "state")
        for stop in (
            Stop(who, "students:inspections", "/students/inspections/"),
            Stop(who, "students:inspections", "/students/inspections/?show=over"),
            Stop(who, "students:inspection", "/students/inspections/{inspection_letter}/"),
            Stop(who, "students:inspection", "/students/inspections/{inspection_over}/"),
            Stop(who, "students:enter_inspection", "/students/{student}/inspection/"),
            Stop(
                who, "students:enter_inspection", "/students/{student}/inspection/",
                press("Write the request down"), refused=(422,),
            ),
        )
    ),
    Stop("registrar", "students:inspections", "/students/inspections/"),
    Stop("registrar", "students:inspection", "/students/inspections/{inspection_own}/"),
    Stop(
        "registrar", "students:inspection", "/students/inspections/{inspection_own}/",
        press("Note what was explained"), refused=(422,),
    ),
    Stop("registrar", "students:enter_inspection", "/students/{student}/inspection/"),
    # Rosters from schools
    *(Stop(who, "students:school_rosters", "/students/rosters/") for who in ("teacher", "counselor", "district")),
    Stop("teacher", "students:school_rosters", "/students/rosters/?show=missing"),
    *(Stop(who, "students:new_school_roster", "/students/rosters/new/") for who in ("teacher", "counselor", "district")),
    Stop("teacher", "students:new_school_roster", "/students/rosters/new/", press("Check File"), refused=(422,)),
    Stop("teacher", "students:school_roster", "/students/rosters/{roster_teacher}/"),
    Stop("counselor", "students:school_roster", "/students/rosters/{roster_counselor}/"),
    *(Stop(who, "students:in_class", "/students/in-class/{section_roster}/") for who in ("teacher", "counselor", "district")),
    Stop("teacher", "students:in_class", "/students/in-class/{section_quiet}/"),
    Stop("teacher", "students:in_class", "/students/in-class/{section_roster}/", press("Remind those ticked"), refused=(422,)),
    Stop("teacher", "students:in_class", "/students/in-class/{section_roster}/?reject={stranger_registration}", press("Set Not in Class"), refused=(422,)),
    # Industry credentials of a class
    *(
        Stop(who, "students:credentials", "/students/credentials/{section_earned}/")
        for who in ("teacher", "counselor", "district", "consortium", "state")
    ),
    Stop("teacher", "students:credentials", "/students/credentials/{section_empty}/"),
    Stop("teacher", "students:credentials", "/students/credentials/{section_earned}/", press("Tick all")),
    Stop("teacher", "students:credentials", "/students/credentials/{section_earned}/", press("Save"), refused=(422,)),
    Stop("teacher", "students:credentials", "/students/credentials/{section_earned}/?take_back={earned}", press("Take back"), refused=(422,)),
    Stop("anonymous", "students:no_reminders", "/students/reminders/{roster_entry}/"),
    Stop("anonymous", "students:no_reminders", "/students/reminders/{roster_entry}/", press("Stop reminders")),
    Stop("teacher", "students:search", "/students/"),
    Stop("teacher", "students:search", "/students/", press("Search", {"Name": "a"})),
    Stop("teacher", "students:student", "/students/{student}/"),
    Stop("teacher", "students:history", "/students/{student}/history/"),
    Stop("teacher", "students:registration", "/students/registrations/{registration}/"),
    Stop("teacher", "grading:changes", "/grading/changes/"),
    Stop("teacher", "grading:change", "/grading/changes/{change}/"),
    Stop("teacher", "grading:change", "/grading/changes/{change}/", press("Confirm"), refused=(422,)),
    Stop("teacher", "grading:new_change", "/grading/registrations/{registration_completed}/change/"),
    Stop("teacher", "grading:new_change", "/grading/registrations/{registration_graded}/change/", press("Ask for a Grade Change"), refused=(422,)),
    Stop("teacher", "grading:comments", "/grading/registrations/{registration}/comments/"),
    Stop("teacher", "grading:comments", "/grading/registrations/{registration}/comments/", press("Add the comment"), refused=(422,)),
    Stop("teacher", "grading:verification", "/grading/rosters/{section}/verification/"),
    Stop("teacher", "grading:verification", "/grading/rosters/{section_past}/verification/"),
    Stop("teacher", "grading:reopen", "/grading/rosters/{section}/reopen/"),
    Stop("teacher", "grading:reopen", "/grading/rosters/{section_past}/reopen/"),
    Stop("teacher", "grading:reopen", "/grading/rosters/{section_asked}/reopen/"),
    Stop("teacher", "grading:extensions", "/grading/extensions/"),
    Stop("teacher", "grading:extension", "/grading/extensions/{extension}/"),
    Stop("teacher", "articulations:my_assurances", "/articulations/assurances/mine/"),
    Stop("teacher", "articulations:assurance", "/articulations/assurances/college/{home_college}/"),
    Stop("teacher", "articulations:assurance", "/articulations/assurances/college/{home_college}/", press("Sign", {"Type your name to sign": "Nobody"}), refused=(422,)),
    Stop("teacher", "articulations:signed_assurance", "/articulations/assurances/{assurance_own}/"),
    Stop("teacher", "articulations:agreements", "/articulations/agreements/"),
    Stop("teacher", "articulations:requests", "/articulations/requests/"),
    Stop("teacher", "articulations:requests", "/articulations/requests/?show=closed"),
    Stop("teacher", "articulations:requests", "/articulations/requests/?show=open&words=zzzz"),
    Stop("teacher", "articulations:new_request", "/articulations/requests/new/"),
    Stop("teacher", "articulations:new_request", "/articulations/requests/new/", press("Begin the request"), refused=(422,)),
    Stop("teacher", "articulations:check_request", "/articulations/requests/{asked_draft}/check/"),
    Stop("teacher", "articulations:check_request", "/articulations/requests/{asked_returned}/check/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/schools/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/class/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/teachers/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/courses/"),
    Stop("teacher", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/teaching/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/pathway/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/competencies/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/files/"),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/pathway/", press("Save and continue"), refused=(422,)),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/courses/", press("Save and continue"), refused=(422,)),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/files/", press("Attach"), refused=(422,)),
    Stop("teacher", "articulations:request_page", "/articulations/requests/{asked_returned}/pages/files/"),
    Stop("teacher", "articulations:request", "/articulations/requests/{asked_draft}/"),
    Stop("teacher", "articulations:request", "/articulations/requests/{asked_returned}/"),
    Stop("teacher", "articulations:request", "/articulations/requests/{asked_denied}/"),
    Stop("teacher", "articulations:alternatives", "/articulations/alternatives/?words=welding"),
    Stop("teacher", "articulations:request_alternatives", "/articulations/requests/{asked_draft}/alternatives/"),
    Stop("teacher", "articulations:request_alternatives", "/articulations/requests/{asked_denied}/alternatives/"),
    Stop("teacher", "articulations:new_request", "/articulations/requests/new/?like={agreement}"),
    Stop("teacher", "articulations:request_versions", "/articulations/requests/{asked_to_review}/versions/"),
    Stop("teacher", "articulations:alignment", "/articulations/requests/{asked_to_review}/alignment/"),
    # Counselor
    Stop("counselor", "reports:home", "/"),
    Stop("counselor", "reports:figures", "/reports/figures/"),
    Stop("counselor", "reports:standing", "/reports/standing/"),
    Stop("counselor", "reports:standing", "/reports/standing/?what=rosters"),
    Stop("counselor", "reports:lists", "/reports/lists/"),
    Stop("counselor", "reports:lists", "/reports/lists/", press("Make the list"), refused=(422,)),
    Stop("counselor", "articulations:assurances", "/articulations/assurances/"),
    Stop("counselor", "articulations:signed_assurance", "/articulations/assurances/{assurance}/"),
    Stop("counselor", "articulations:search", "/articulations/"),
    Stop("counselor", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("counselor", "articulations:sections", "/articulations/sections/"),
    Stop("counselor", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("counselor", "students:registered", "/students/registered/{agreement}/"),
    Stop("counselor", "students:search", "/students/", press("Search", {"Name": "zzz"})),
    Stop("counselor", "students:search", "/students/", press("Search"), refused=(422,)),
    Stop("counselor", "students:student", "/students/{student}/"),
    Stop(
        "counselor", "students:student", "/students/{student}/", press("Save", {"Personal e-mail": "no address"}),
        refused=(422,),
    ),
    Stop("counselor", "students:history", "/students/{student}/history/"),
    Stop("counselor", "organizations:people", "/organizations/people/"),
    Stop("counselor", "organizations:person", "/organizations/people/{invited}/"),
    Stop("counselor", "organizations:invited", "/organizations/people/invited/"),
    Stop("counselor", "grading:roster", "/grading/rosters/{section}/"),
    Stop("counselor", "students:registration", "/students/registrations/{registration}/"),
    Stop("counselor", "grading:changes", "/grading/changes/"),
    Stop("counselor", "grading:change", "/grading/changes/{change}/"),
    Stop("counselor", "grading:new_change", "/grading/registrations/{registration_completed}/change/"),
    Stop("counselor", "grading:comments", "/grading/registrations/{registration}/comments/"),
    Stop("counselor", "grading:verification", "/grading/rosters/{section}/verification/"),
    Stop("counselor", "students:search", "/students/", statewide, refused=(422,)),
    Stop("counselor", "students:search", "/students/", statewide_found),
    Stop("counselor", "students:open_record", "/students/", statewide_confirm),
    Stop("counselor", "articulations:requests", "/articulations/requests/"),
    Stop("counselor", "articulations:request", "/articulations/requests/{asked_to_sign}/"),
    Stop("counselor", "articulations:request_alternatives", "/articulations/requests/{asked_to_sign}/alternatives/"),
    Stop("counselor", "articulations:request_versions", "/articulations/requests/{asked_to_sign}/versions/"),
    Stop("counselor", "articulations:alignment", "/articulations/requests/{asked_to_sign}/alignment/"),
    Stop("counselor", "articulations:agreements", "/articulations/agreements/?show=open"),
    Stop("counselor", "articulations:agreement", "/articulations/agreements/{text_of_two}/"),
    # District
    Stop("district", "articulations:reviews", "/articulations/reviews/"),
    Stop("district", "articulations:review", "/articulations/{marked_agreement}/review/"),
    Stop("district", "articulations:agreements", "/articulations/agreements/"),
    Stop("district", "articulations:agreements", "/articulations/agreements/?show=closed&words=zzzz"),
    Stop("district", "articulations:agreement", "/articulations/agreements/{text_to_sign}/"),
    Stop("district", "articulations:agreement", "/articulations/agreements/{text_to_sign}/", press("Sign the agreement"), refused=(422,)),
    Stop("district", "articulations:agreement", "/articulations/agreements/{text_to_sign}/", press("Decline to sign"), refused=(422,)),
    Stop("district", "articulations:agreement", "/articulations/agreements/{text_signed}/"),
    Stop("district", "reports:home", "/"),
    Stop("district", "reports:lists", "/reports/lists/"),
    Stop("district", "reports:standing", "/reports/standing/"),
    Stop("district", "reports:figures", "/reports/figures/?by=school"),
    Stop("district", "articulations:assurances", "/articulations/assurances/"),
    Stop("district", "articulations:signed_assurance", "/articulations/assurances/{assurance}/"),
    Stop("district", "articulations:countersign", "/articulations/assurances/countersign/"),
    Stop("district", "articulations:countersign", "/articulations/assurances/countersign/", press("Sign"), refused=(422,)),
    Stop("district", "articulations:search", "/articulations/"),
    Stop("district", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("district", "articulations:sections", "/articulations/sections/?words=Falconry"),
    Stop("district", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("district", "articulations:class_credentials", "/articulations/classes/{course_registered}/credentials/"),
    Stop("district", "articulations:edit_class", "/articulations/classes/{course_registered}/edit/"),
    Stop("district", "articulations:new_classes", "/articulations/classes/from-file/"),
    Stop("district", "articulations:new_classes", "/articulations/classes/from-file/", press("Check File"), refused=(422,)),
    Stop("district", "articulations:class_file", "/articulations/classes/files/{class_file}/"),
    Stop("district", "articulations:sections", "/articulations/sections/?codes=missing"),
    Stop("district", "articulations:edit_class", "/articulations/classes/{course_registered}/edit/", press("Save Changes", {"High-school credits": "99"}), refused=(422,)),
    Stop("district", "students:registered", "/students/registered/{agreement}/"),
    Stop("district", "students:search", "/students/"),
    Stop("district", "students:student", "/students/{student}/"),
    Stop("district", "students:history", "/students/{student}/history/"),
    Stop("district", "students:readers", "/students/{student}/readers/"),
    Stop("district", "organizations:people", "/organizations/people/"),
    Stop("district", "organizations:people", "/organizations/people/", press("Search", {"Name": "zzz"})),
    Stop("district", "organizations:person", "/organizations/people/{invited}/"),
    Stop("district", "organizations:person", "/organizations/people/{invited}/", press("Send a new link")),
    Stop("district", "organizations:invited", "/organizations/people/invited/?tick=all"),
    Stop("district", "organizations:new_person", "/organizations/people/new/", press("Create Account"), refused=(422,)),
    Stop("district", "organizations:new_seat", "/organizations/people/{invited}/seat/"),
    Stop("district", "organizations:seat", "/organizations/seats/{seat}/"),
    Stop("district", "organizations:seat", "/organizations/seats/{seat}/", press("Save Changes"), refused=(422,)),
    Stop("district", "organizations:end_seat", "/organizations/seats/{seat}/end/"),
    Stop("district", "organizations:new_people", "/organizations/people/files/new/"),
    Stop("district", "grading:roster", "/grading/rosters/{section}/"),
    Stop("district", "students:registration", "/students/registrations/{registration}/"),
    Stop("district", "grading:verification", "/grading/rosters/{section}/verification/"),
    Stop("district", "articulations:requests", "/articulations/requests/"),
    Stop("district", "articulations:new_request", "/articulations/requests/new/"),
    Stop("district", "articulations:request", "/articulations/requests/{asked_to_sign}/"),
    Stop("district", "articulations:request_alternatives", "/articulations/requests/{asked_to_sign}/alternatives/"),
    Stop("district", "articulations:request", "/articulations/requests/{asked_to_sign}/", press("Sign the request"), refused=(422,)),
    Stop("district", "articulations:request", "/articulations/requests/{asked_to_sign}/", press("Ask for more information"), refused=(422,)),
    Stop("district", "articulations:check_request", "/articulations/requests/{asked_draft}/check/"),
    Stop("district", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/class/"),
    Stop("district", "articulations:request_versions", "/articulations/requests/{asked_to_review}/versions/"),
    Stop("district", "articulations:alignment", "/articulations/requests/{asked_denied}/alignment/"),
    # Faculty
    Stop("faculty", "reports:home", "/"),
    Stop("faculty", "reports:standing", "/reports/standing/"),
    Stop("faculty", "reports:figures", "/reports/figures/?of=state&by=cluster"),
    Stop("faculty", "articulations:assurances", "/articulations/assurances/"),
    Stop("faculty", "articulations:signed_assurance", "/articulations/assurances/{assurance}/"),
    Stop("faculty", "articulations:search", "/articulations/"),
    Stop("faculty", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("faculty", "articulations:sections", "/articulations/sections/"),
    Stop("faculty", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("faculty", "articulations:reviews", "/articulations/reviews/"),
    Stop("faculty", "articulations:reviews", "/articulations/reviews/?when=overdue&marked=on"),
    Stop("faculty", "articulations:review", "/articulations/{marked_agreement}/review/"),
    Stop("faculty", "articulations:review", "/articulations/{marked_agreement}/review/", press("Save the review"), refused=(422,)),
    Stop("faculty", "articulations:courses", "/articulations/courses/"),
    Stop("faculty", "articulations:course", "/articulations/courses/{course_changed}/"),
    Stop("faculty", "articulations:edit_course", "/articulations/courses/{course_changed}/edit/"),
    Stop("faculty", "articulations:edit_course", "/articulations/courses/{course_changed}/edit/", press("Save Changes", {"Credits": "99"}), refused=(422,)),
    Stop("faculty", "articulations:new_course", "/articulations/courses/new/"),
    Stop("faculty", "articulations:new_courses", "/articulations/courses/from-file/"),
    Stop("faculty", "articulations:course_file", "/articulations/courses/files/{course_file}/"),
    Stop("faculty", "articulations:agreements", "/articulations/agreements/"),
    Stop("faculty", "articulations:agreement", "/articulations/agreements/{text_amendment}/"),
    Stop("faculty", "articulations:requests", "/articulations/requests/"),
    Stop("faculty", "articulations:request", "/articulations/requests/{asked_to_review}/"),
    Stop("faculty", "articulations:request_alternatives", "/articulations/requests/{asked_to_review}/alternatives/"),
    Stop("faculty", "articulations:request", "/articulations/requests/{asked_to_review}/", press("Send the message"), refused=(422,)),
    Stop("faculty", "articulations:request_versions", "/articulations/requests/{asked_to_review}/versions/"),
    Stop("faculty", "articulations:alignment", "/articulations/requests/{asked_to_review}/alignment/"),
    Stop("faculty", "articulations:alignment", "/articulations/requests/{asked_to_review}/alignment/", press("Approve", {"Competencies, row 1": "99"}), refused=(422,)),
    Stop("faculty", "articulations:alignment", "/articulations/requests/{asked_to_review}/alignment/", press("Deny the request"), refused=(422,)),
    # Registrar
    Stop("registrar", "articulations:assurances", "/articulations/assurances/"),
    Stop("registrar", "articulations:signed_assurance", "/articulations/assurances/{assurance}/"),
    Stop("registrar", "articulations:assurance_text", "/articulations/assurances/college/{home_college}/text/"),
    Stop("registrar", "reports:home", "/"),
    Stop("registrar", "reports:lists", "/reports/lists/"),
    Stop("registrar", "reports:figures", "/reports/figures/?by=cluster"),
    Stop("registrar", "reports:standing", "/reports/standing/?what=posting&year=2024"),
    Stop("registrar", "reports:standing", "/reports/standing/?what=posting&year=2026"),
    Stop("registrar", "articulations:courses", "/articulations/courses/"),
    Stop("registrar", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("registrar", "articulations:courses", "/articulations/courses/?show=ended"),
    Stop("registrar", "articulations:course", "/articulations/courses/{course_changed}/"),
    Stop("registrar", "articulations:new_course", "/articulations/courses/new/"),
    Stop("registrar", "articulations:edit_course", "/articulations/courses/{course_changed}/edit/"),
    Stop("registrar", "articulations:new_course", "/articulations/courses/new/", press("Save Changes"), refused=(422,)),
    Stop("registrar", "articulations:new_courses", "/articulations/courses/from-file/"),
    Stop("registrar", "articulations:new_courses", "/articulations/courses/from-file/", press("Check File"), refused=(422,)),
    Stop("registrar", "articulations:course_file", "/articulations/courses/files/{course_file}/"),
    Stop("registrar", "articulations:course_file", "/articulations/courses/files/{course_file_wrong}/"),
    Stop("registrar", "articulations:agreements", "/articulations/agreements/"),
    Stop("registrar", "articulations:agreement", "/articulations/agreements/{text_to_sign}/"),
    Stop("registrar", "articulations:search", "/articulations/"),
    Stop("registrar", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("registrar", "organizations:answers", "/organizations/colleges/{college}/answers/", open_first("summary")),
    Stop("registrar", "students:registered", "/students/registered/{agreement}/"),
    Stop("registrar", "students:search", "/students/"),
    Stop("registrar", "students:student", "/students/{student}/"),
    Stop("registrar", "students:history", "/students/{student}/history/"),
    Stop("registrar", "organizations:people", "/organizations/people/"),
    Stop("registrar", "organizations:invited", "/organizations/people/invited/"),
    Stop("registrar", "grading:roster", "/grading/rosters/{section_past}/"),
    Stop("registrar", "students:registration", "/students/registrations/{registration_completed}/"),
    Stop("registrar", "transcripts:runs", "/transcripts/runs/"),
    Stop("registrar", "transcripts:runs", "/transcripts/runs/?college={college}&year={last_year}"),
    Stop("registrar", "transcripts:run", "/transcripts/runs/{run}/"),
    Stop("registrar", "transcripts:ledger", "/transcripts/runs/{run}/ledger/"),
    Stop("registrar", "transcripts:not_yet", "/transcripts/not-yet/"),
    Stop("registrar", "transcripts:not_yet", "/transcripts/not-yet/?year=2001&reason=repeat"),
    Stop("registrar", "transcripts:eligibility", "/transcripts/not-yet/{owing}/"),
    Stop("registrar", "transcripts:identities", "/transcripts/identities/"),
    Stop("registrar", "transcripts:identities", "/transcripts/identities/", press("Enter"), refused=(422,)),
    Stop(
        "registrar", "transcripts:identities", "/transcripts/identities/",
        press("Search", {"Name, college ID or CTE Dual Credit ID": "zzz"}),
    ),
    Stop("registrar", "transcripts:replace_identity", "/transcripts/identities/{identity_out}/replace/"),
    Stop("registrar", "transcripts:replace_identity", "/transcripts/identities/{identity_in}/replace/"),
    Stop(
        "registrar", "transcripts:replace_identity", "/transcripts/identities/{identity_out}/replace/",
        press("Ask for the replacement", {"Right college ID (SID)": "12"}), refused=(422,),
    ),
    Stop("registrar", "transcripts:replacements", "/transcripts/replacements/"),
    Stop("registrar", "transcripts:replacements", "/transcripts/replacements/?show=closed"),
    Stop("registrar", "transcripts:replacement", "/transcripts/replacements/{replacement}/"),
    Stop("state", "articulations:courses", "/articulations/courses/?words=accounting"),
    Stop("state", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("state", "articulations:edit_class", "/articulations/classes/{course_registered}/edit/"),
    Stop("state", "articulations:class_credentials", "/articulations/classes/{course_registered}/credentials/"),
    Stop("state", "articulations:credentials", "/articulations/credentials/"),
    Stop("state", "articulations:credentials", "/articulations/credentials/?words=nothing+like+it"),
    Stop("state", "articulations:new_credential", "/articulations/credentials/new/"),
    Stop("state", "articulations:new_credential", "/articulations/credentials/new/", press("Save Changes"), refused=(422,)),
    Stop("state", "articulations:credential", "/articulations/credentials/{credential}/"),
    Stop("state", "articulations:credential", "/articulations/credentials/{credential}/", press("Save Changes", {"Title": ""}), refused=(422,)),
    Stop("state", "organizations:codes", "/organizations/codes/"),
    Stop("state", "organizations:codes", "/organizations/codes/?district={kennewick}"),
    Stop("state", "organizations:codes", "/organizations/codes/?district={kennewick}", press("Save Changes", {"District code": "12"}), refused=(422,)),
    Stop("state", "articulations:new_classes", "/articulations/classes/from-file/"),
    Stop("state", "articulations:class_file", "/articulations/classes/files/{class_file}/"),
    Stop("state", "articulations:course", "/articulations/courses/{course_changed}/"),
    Stop("state", "transcripts:replacements", "/transcripts/replacements/"),
    Stop("state", "transcripts:replacement", "/transcripts/replacements/{replacement}/"),
    Stop("state", "transcripts:replacement", "/transcripts/replacements/{replacement}/", press("Decline"), refused=(422,)),
    Stop("registrar", "transcripts:conflicts", "/transcripts/conflicts/"),
    Stop("registrar", "transcripts:conflicts", "/transcripts/conflicts/?show=decided"),
    Stop("registrar", "transcripts:conflict", "/transcripts/conflicts/{conflict}/"),
    Stop("registrar", "transcripts:conflict", "/transcripts/conflicts/{conflict_taken}/", press("Decide"), refused=(422,)),
    Stop("registrar", "transcripts:imports", "/transcripts/imports/?kind=confirmations"),
    Stop("registrar", "transcripts:imports", "/transcripts/imports/", press("Look at it"), refused=(422,)),
    Stop("registrar", "transcripts:sheet", "/transcripts/imports/{sheet}/"),
    Stop("registrar", "transcripts:sheet", "/transcripts/imports/{sheet_wrong}/"),
    Stop("registrar", "transcripts:sheet", "/transcripts/imports/{sheet_applied}/"),
    Stop("registrar", "transcripts:worksheets", "/transcripts/worksheets/?year={year_exported}"),
    Stop("registrar", "transcripts:worksheets", "/transcripts/worksheets/?year={last_year}"),
    Stop(
        "registrar", "transcripts:worksheets", "/transcripts/worksheets/?year={year_exported}", press("Save"),
        refused=(422,),
    ),
    Stop("registrar", "transcripts:worksheet", "/transcripts/worksheets/{batch}/"),
    Stop("registrar", "transcripts:columns", "/transcripts/worksheets/columns/"),
    Stop(
        "registrar", "transcripts:columns", "/transcripts/worksheets/columns/",
        press("Save Changes", {"Place of ID": ""}), refused=(422,),
    ),
    Stop("registrar", "transcripts:reconciliation", "/transcripts/reconciliation/?year={year_exported}"),
    Stop("registrar", "transcripts:reconciliation", "/transcripts/reconciliation/?year={last_year}"),
    Stop("registrar", "transcripts:reposts", "/transcripts/reposts/"),
    Stop("registrar", "transcripts:plan", "/transcripts/plan/"),
    Stop(
        "registrar", "transcripts:plan", "/transcripts/plan/", press("Save Changes", {"First ID of the range": "12"}),
        refused=(422,),
    ),
    Stop("registrar", "grading:changes", "/grading/changes/"),
    Stop("registrar", "grading:change", "/grading/changes/{change_confirmed}/"),
    Stop("registrar", "grading:change", "/grading/changes/{change_confirmed}/", press("Decline"), refused=(422,)),
    Stop("registrar", "grading:verification", "/grading/rosters/{section_past}/verification/"),
    Stop("registrar", "grading:settings", "/grading/settings/"),
    Stop("registrar", "grading:college_year", "/grading/colleges/{college}/"),
    Stop("registrar", "organizations:scales", "/organizations/scales/"),
    Stop("registrar", "organizations:scale", "/organizations/scales/{scale}/"),
    Stop("registrar", "organizations:new_scale", "/organizations/scales/{scale}/new/"),
    Stop("registrar", "organizations:new_scale", "/organizations/scales/{scale}/new/", press("See what it says"), refused=(422,)),
    # Consortium
    Stop("consortium", "articulations:roll_over", "/articulations/sections/roll-over/"),
    Stop("consortium", "articulations:roll_over", "/articulations/sections/roll-over/?of={school}&into={next_year}"),
    Stop("consortium", "articulations:roll_over", "/articulations/sections/roll-over/?of={home_consortium}&into={next_year}"),
    Stop("consortium", "articulations:roll_over", "/articulations/sections/roll-over/?of=&into={next_year}", status=422),
    Stop("consortium", "articulations:rollover", "/articulations/sections/rollovers/{rollover}/"),
    Stop("consortium", "articulations:hand_over", "/articulations/sections/hand-over/"),
    Stop("consortium", "articulations:hand_over", "/articulations/sections/hand-over/", press("Hand over"), refused=(422,)),
    Stop("consortium", "articulations:section_teachers", "/articulations/sections/{section}/teachers/"),
    Stop("consortium", "articulations:assurances", "/articulations/assurances/"),
    Stop("consortium", "articulations:signed_assurance", "/articulations/assurances/{assurance}/"),
    Stop("consortium", "articulations:assurances", "/articulations/assurances/?words=zzz"),
    Stop("consortium", "articulations:assurances", "/articulations/assurances/?state=pending&tick=all", press("Send Reminder")),
    Stop("consortium", "articulations:assurances", "/articulations/assurances/?college=x", status=422),
    Stop("consortium", "articulations:assurance_text", "/articulations/assurances/college/{home_college}/text/"),
    Stop("consortium", "articulations:assurance_text", "/articulations/assurances/college/{home_college}/text/", press("Save the assurance", {"Text of the assurance": ""}), refused=(422,)),
    Stop("consortium", "articulations:reviews", "/articulations/reviews/?when=all"),
    Stop("consortium", "articulations:review", "/articulations/{marked_agreement}/review/"),
    Stop("consortium", "articulations:courses", "/articulations/courses/"),
    Stop("consortium", "articulations:high_school_course", "/articulations/classes/{course_registered}/"),
    Stop("consortium", "articulations:class_credentials", "/articulations/classes/{course_registered}/credentials/"),
    Stop("consortium", "articulations:edit_class", "/articulations/classes/{course_registered}/edit/"),
    Stop("consortium", "articulations:class_file", "/articulations/classes/files/{class_file}/"),
    Stop("consortium", "articulations:new_classes", "/articulations/classes/from-file/"),
    Stop("consortium", "articulations:course", "/articulations/courses/{course_changed}/"),
    Stop("consortium", "articulations:edit_course", "/articulations/courses/{course_changed}/edit/"),
    Stop("consortium", "articulations:new_course", "/articulations/courses/new/"),
    Stop("consortium", "articulations:new_courses", "/articulations/courses/from-file/"),
    Stop("consortium", "articulations:course_file", "/articulations/courses/files/{course_file}/"),
    Stop("consortium", "articulations:agreements", "/articulations/agreements/"),
    Stop("consortium", "articulations:agreement", "/articulations/agreements/{text_draft}/"),
    Stop("consortium", "articulations:agreement", "/articulations/agreements/{text_declined}/"),
    Stop("consortium", "articulations:agreement_text", "/articulations/agreements/{text_draft}/text/"),
    Stop("consortium", "articulations:agreement_text", "/articulations/agreements/{text_draft}/text/", press("Write the text", {"Class": ""}), refused=(422,)),
    Stop("consortium", "articulations:agreement_text", "/articulations/agreements/{text_signed}/text/", status=409),
    Stop("consortium", "articulations:new_agreement", "/articulations/agreements/new/"),
    Stop("consortium", "articulations:new_agreement", "/articulations/agreements/new/?{where}"),
    Stop("consortium", "articulations:new_agreement", "/articulations/agreements/new/?{where}", press("Write the text"), refused=(422,)),
    Stop("consortium", "articulations:partners", "/articulations/agreements/partners/{home_consortium}/"),
    Stop("consortium", "articulations:partners", "/articulations/agreements/partners/{home_consortium}/?college={college}"),
    Stop("consortium", "articulations:partners", "/articulations/agreements/partners/{home_consortium}/", press("Save Changes", {"Name": "Ana Ruiz"}), refused=(422,)),
    Stop("consortium", "articulations:amend", "/articulations/{agreement}/amend/"),
    Stop("consortium", "articulations:amend", "/articulations/{agreement}/amend/?kind=renewal"),
    Stop("consortium", "articulations:amend", "/articulations/{signed_agreement}/amend/", status=409),
    Stop("consortium", "articulations:terminate", "/articulations/{agreement}/terminate/"),
    Stop("consortium", "articulations:terminate", "/articulations/{agreement}/terminate/", press("Terminate the agreement"), refused=(422,)),
    Stop("consortium", "articulations:articulation", "/articulations/{signed_agreement}/"),
    Stop("consortium", "articulations:requests", "/articulations/requests/"),
    Stop("consortium", "articulations:new_request", "/articulations/requests/new/"),
    Stop("consortium", "articulations:request", "/articulations/requests/{asked_to_screen}/"),
    Stop("consortium", "articulations:request_alternatives", "/articulations/requests/{asked_to_screen}/alternatives/"),
    Stop("consortium", "articulations:request", "/articulations/requests/{asked_to_screen}/", press("Pass it on to the faculty"), refused=(422,)),
    Stop("consortium", "articulations:request", "/articulations/requests/{asked_approved}/"),
    Stop("consortium", "articulations:check_request", "/articulations/requests/{asked_returned}/check/"),
    Stop("consortium", "articulations:request_page", "/articulations/requests/{asked_draft}/pages/teachers/"),
    Stop("consortium", "articulations:request_versions", "/articulations/requests/{asked_to_review}/versions/"),
    Stop("consortium", "articulations:alignment", "/articulations/requests/{asked_to_review}/alignment/"),
    Stop("consortium", "articulations:enter_request", "/articulations/requests/{asked_approved}/enter/"),
    Stop("consortium", "articulations:enter_request", "/articulations/requests/{asked_to_screen}/enter/", status=409),
    Stop("consortium", "articulations:request_steps", "/articulations/requests/steps/{home_consortium}/"),
    Stop("consortium", "articulations:request_steps", "/articulations/requests/steps/{home_consortium}/?college={college}"),
    Stop("consortium", "articulations:request_steps", "/articulations/requests/steps/{home_consortium}/", press("Save Changes", {"Least alignment, in percent": "0"}), refused=(422,)),
    Stop("consortium", "reports:home", "/"),
    Stop("consortium", "reports:lists", "/reports/lists/"),
    Stop("consortium", "reports:mailings", "/reports/mailings/"),
    Stop("consortium", "reports:mailings", "/reports/mailings/", press("Write the letter"), refused=(422,)),
    Stop("consortium", "reports:mailing", "/reports/mailings/", begin_a_letter),
    Stop("consortium", "reports:mailing", "/reports/mailings/{letter}/"),
    Stop("consortium", "reports:figures", "/reports/figures/"),
    Stop("consortium", "reports:figures", "/reports/figures/?by=ethnicity&kind=published"),
    Stop("consortium", "reports:figures", "/reports/figures/?by=course"),
    Stop("consortium", "reports:standing", "/reports/standing/"),
    Stop("consortium", "reports:standing", "/reports/standing/?what=fees&by=school"),
    Stop("consortium", "accounts:sent", "/accounts/sent/"),
    Stop("consortium", "accounts:sent", "/accounts/sent/?words=zzzz"),
    Stop("consortium", "articulations:search", "/articulations/"),
    Stop("consortium", "articulations:search", "/articulations/", open_first("[hx-get]")),
    Stop("consortium", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("consortium", "articulations:new", "/articulations/new/"),
    Stop("consortium", "articulations:new", "/articulations/new/?college=&school=&step=Continue", status=422),
    Stop("consortium", "articulations:new", "/articulations/new/?{where}"),
    Stop("consortium", "articulations:new", "/articulations/new/?{where}", press("Continue"), refused=(422,)),
    Stop("consortium", "articulations:sections", "/articulations/sections/"),
    Stop("consortium", "articulations:new_section", "/articulations/sections/new/"),
    Stop("consortium", "articulations:new_section", "/articulations/sections/new/?school={school}"),
    Stop(
        "consortium", "articulations:new_section", "/articulations/sections/new/?school={school}",
        press("Save Class"), refused=(422,),
    ),
    Stop("consortium", "students:take_form", "/students/forms/{owing}/"),
    Stop("consortium", "students:take_form", "/students/forms/{owing}/", press("Process")),
    Stop("consortium", "students:registration_forms", "/students/forms/?one={owing}"),
    Stop("consortium", "students:consents", "/students/consents/"),
    Stop("consortium", "students:requirements", "/students/requirements/?kind=guardian"),
    Stop("consortium", "students:requirements", "/students/requirements/?show=scanned"),
    Stop("consortium", "students:receipt", "/students/receipts/{fee_receipt}/"),
    Stop("consortium", "students:terms", "/students/terms/{consortium}/"),
    Stop("consortium", "students:terms", "/students/terms/{consortium}/", press("See what changes", {"Amount, in dollars": "25"})),
    Stop("consortium", "students:terms", "/students/terms/{consortium}/", press("See what changes", {"Amount, in dollars": "much"}), refused=(422,)),
    Stop("consortium", "students:payments", "/students/payments/"),
    Stop("consortium", "students:payments", "/students/payments/?show=refunds"),
    Stop("consortium", "students:payment", "/students/payments/{payment_left}/"),
    Stop("consortium", "students:payment", "/students/payments/{payment_left}/", press("Write down the refund", {"Amount, in dollars": "999"}), refused=(422,)),
    Stop("consortium", "students:statements", "/students/statements/"),
    Stop("consortium", "students:statements", "/students/statements/", press("Check File"), refused=(422,)),
    Stop("consortium", "students:statement", "/students/statements/{statement}/"),
    Stop("consortium", "students:statement", "/students/statements/{statement_preview}/"),
    Stop("consortium", "students:statement_line", "/students/statement-lines/{statement_line}/"),
    Stop("consortium", "students:statement_line", "/students/statement-lines/{statement_line}/", press("Enter it as a payment"), refused=(422,)),
    Stop("consortium", "students:invoices", "/students/invoices/?year={last_year}"),
    Stop("consortium", "students:invoices", "/students/invoices/"),
    Stop("consortium", "students:invoice", "/students/invoices/{district}/?year={last_year}"),
    Stop("consortium", "students:invoice", "/students/invoices/{district}/?year={last_year}", press("Enter the payment"), refused=(422,)),
    Stop("consortium", "students:ask_guardian", "/students/registrations/{owing_guardian}/guardian/"),
    Stop("state", "students:terms", "/students/terms/{consortium}/"),
    Stop("consortium", "students:guardian_text", "/students/guardian-texts/{consortium}/"),
    Stop("consortium", "students:guardian_text", "/students/guardian-texts/{consortium}/", open_first("main details summary")),
    Stop("consortium", "students:guardian_text", "/students/guardian-texts/{consortium}/", write_text()),
    Stop("consortium", "students:guardian_text", "/students/guardian-texts/{consortium}/", write_text({"Heading": ""}), refused=(422,)),
    Stop("student", "students:fees", "/students/fees/"),
    Stop("student", "students:checkout", "/students/fees/{checkout}/"),
    Stop("anonymous", "students:local_provider", "/students/local-provider/{checkout}/"),
    Stop("student", "students:payment", "/students/payments/{payment_own}/"),
    Stop("student", "students:ask_guardian", "/students/registrations/{registration}/guardian/"),
    Stop("anonymous", "students:guardian", "/students/guardian/{guardian}/"),
    Stop("anonymous", "students:guardian", "/students/guardian/{guardian}/", press("Send my answer"), refused=(422,)),
    Stop("anonymous", "students:guardian", "/students/guardian/nothing/", status=404),
    Stop("consortium", "students:requirements", "/students/requirements/"),
    Stop("consortium", "students:requirements", "/students/requirements/", press("Process"), refused=(422,)),
    Stop("consortium", "students:requirements", "/students/requirements/?show=decided"),
    Stop("consortium", "organizations:answers", "/organizations/colleges/{college}/answers/", open_first("summary")),
    Stop("consortium", "students:registered", "/students/registered/{agreement}/"),
    Stop("consortium", "students:search", "/students/"),
    Stop("consortium", "students:search", "/students/", press("Search", {"Name": "s"})),
    Stop("consortium", "students:student", "/students/{student}/"),
    Stop("consortium", "students:history", "/students/{student}/history/"),
    Stop("consortium", "students:readers", "/students/{student}/readers/"),
    Stop("consortium", "students:twins", "/students/twins/"),
    Stop("consortium", "students:twins", "/students/twins/?show=apart"),
    Stop("consortium", "students:twin", "/students/twins/{twins}/"),
    Stop("consortium", "students:twin", "/students/twins/{twins}/", press("Not the same person"), refused=(422,)),
    Stop("consortium", "students:twin", "/students/twins/{twins_apart}/"),
    Stop("consortium", "transcripts:merges", "/transcripts/merges/"),
    Stop("consortium", "transcripts:new_merge", "/transcripts/merges/new/"),
    Stop(
        "consortium", "transcripts:new_merge", "/transcripts/merges/new/", press("Show what a merge would do"),
        refused=(422,),
    ),
    Stop("consortium", "transcripts:new_merge", "/transcripts/merges/new/?stands={twin_older}&gone={twin_newer}"),
    Stop(
        "consortium", "transcripts:new_merge", "/transcripts/merges/new/?stands={twin_newer}&gone={twin_older}",
        press("Merge the two records"), refused=(422,),
    ),
    Stop("consortium", "transcripts:merge", "/transcripts/merges/{merge}/"),
    Stop("consortium", "transcripts:merge", "/transcripts/merges/{merge}/", press("Undo the merge"), refused=(422,)),
    Stop("consortium", "transcripts:merge", "/transcripts/merges/{merge_undone}/"),
    Stop("state", "transcripts:merges", "/transcripts/merges/"),
    Stop("state", "transcripts:new_merge", "/transcripts/merges/new/?stands={twin_older}&gone={twin_newer}"),
    Stop("state", "transcripts:merge", "/transcripts/merges/{merge}/"),
    Stop("consortium", "students:new_students", "/students/files/"),
    Stop("consortium", "students:new_students", "/students/files/", press("Check File"), refused=(422,)),
    Stop("consortium", "students:student_file", "/students/files/{students_file_wrong}/"),
    Stop("consortium", "students:student_file", "/students/files/{students_file}/"),
    Stop("consortium", "students:student_file", "/students/files/{students_file}/", press("Save All")),
    Stop("consortium", "reports:record", "/reports/records/{student}/"),
    Stop("consortium", "reports:record", "/reports/records/{student}/", press("Make the file"), refused=(422,)),
    Stop("consortium", "organizations:people", "/organizations/people/"),
    Stop("consortium", "organizations:people", "/organizations/people/", press("Search", {"Name": "-"}), refused=(422,)),
    Stop("consortium", "organizations:person", "/organizations/people/{invited}/"),
    Stop("consortium", "organizations:invited", "/organizations/people/invited/", press("Send Reminder")),
    Stop("consortium", "organizations:new_person", "/organizations/people/new/"),
    Stop("consortium", "organizations:new_seat", "/organizations/people/{invited}/seat/", press("Give Seat"), refused=(422,)),
    Stop("consortium", "organizations:seat", "/organizations/seats/{seat_ended}/"),
    Stop("consortium", "organizations:end_seat", "/organizations/seats/{seat}/end/", press("End Seat"), refused=(422,)),
    Stop(
        "consortium", "organizations:new_people", "/organizations/people/files/new/", press("Check File"),
        refused=(422,),
    ),
    Stop("consortium", "organizations:people_file", "/organizations/people/files/{people_file}/"),
    Stop("consortium", "organizations:people_file", "/organizations/people/files/{people_file_wrong}/"),
    Stop("consortium", "grading:roster", "/grading/rosters/{section}/"),
    Stop("consortium", "students:registration", "/students/registrations/{registration}/"),
    Stop("consortium", "transcripts:not_yet", "/transcripts/not-yet/?year={last_year}"),
    Stop("consortium", "transcripts:eligibility", "/transcripts/not-yet/{owing}/"),
    Stop("consortium", "grading:changes", "/grading/changes/"),
    Stop("consortium", "grading:change", "/grading/changes/{change_confirmed}/"),
    Stop("consortium", "grading:change", "/grading/changes/{change_approved}/"),
    Stop("consortium", "grading:comments", "/grading/registrations/{registration}/comments/"),
    Stop("consortium", "grading:verification", "/grading/rosters/{section}/verification/"),
    Stop("consortium", "grading:progress", "/grading/progress/"),
    Stop("consortium", "grading:progress", "/grading/progress/?by=school&year={last_year}"),
    Stop("consortium", "grading:progress", "/grading/progress/?show=complete"),
    Stop("consortium", "grading:progress", "/grading/progress/?year=1", status=422),
    Stop("consortium", "grading:extensions", "/grading/extensions/"),
    Stop("consortium", "grading:extensions", "/grading/extensions/?show=decided"),
    Stop("consortium", "grading:extension", "/grading/extensions/{extension}/"),
    Stop("consortium", "grading:extension", "/grading/extensions/{extension}/", press("Open grading again"), refused=(422,)),
    Stop("consortium", "grading:settings", "/grading/settings/"),
    Stop("consortium", "grading:college_year", "/grading/colleges/{college}/"),
    Stop("consortium", "grading:college_year", "/grading/colleges/{college}/", press("See what changes", {"Minimum percent": "80"})),
    Stop("consortium", "grading:college_year", "/grading/colleges/{college}/", press("See what changes", {"Minimum percent": "many"}), refused=(422,)),
    Stop("consortium", "grading:windows", "/grading/consortia/{home_consortium}/windows/"),
    Stop("consortium", "grading:windows", "/grading/consortia/{home_consortium}/windows/", press("See who is affected"), refused=(422,)),
    Stop("consortium", "organizations:scales", "/organizations/scales/"),
    Stop("consortium", "organizations:scale", "/organizations/scales/{scale}/"),
    Stop("consortium", "organizations:new_scale", "/organizations/scales/{scale}/new/", press("See what it says", {"Name": "Decimal 2027"})),
    # State
    Stop("state", "students:purpose", "/students/purpose/"),
    Stop("state", "students:purpose", "/students/purpose/", press("Continue"), refused=(422,)),
    Stop("state", "articulations:rollover", "/articulations/sections/rollovers/{rollover}/"),
    Stop("state", "articulations:assurances", "/articulations/assurances/"),
    Stop("state", "articulations:signed_assurance", "/articulations/assurances/{assurance}/"),
    Stop("state", "articulations:assurance_text", "/articulations/assurances/college/{home_college}/text/"),
    Stop("state", "articulations:reviews", "/articulations/reviews/"),
    Stop("state", "articulations:review", "/articulations/{marked_agreement}/review/"),
    Stop("state", "articulations:agreements", "/articulations/agreements/"),
    Stop("state", "articulations:agreement", "/articulations/agreements/{text_to_sign}/"),
    Stop("state", "articulations:requests", "/articulations/requests/?show=open"),
    Stop("state", "articulations:request", "/articulations/requests/{asked_to_review}/"),
    Stop("state", "articulations:request_alternatives", "/articulations/requests/{asked_to_review}/alternatives/"),
    Stop("state", "articulations:request_versions", "/articulations/requests/{asked_to_review}/versions/"),
    Stop("state", "articulations:alignment", "/articulations/requests/{asked_to_review}/alignment/"),
    Stop("state", "reports:home", "/"),
    Stop("state", "reports:figures", "/reports/figures/?by=consortium"),
    Stop("state", "reports:standing", "/reports/standing/?by=consortium"),
    Stop("state", "reports:lists", "/reports/lists/", make_a_list),
    Stop("state", "reports:operations", "/reports/operations/"),
    Stop("state", "accounts:sent", "/accounts/sent/"),
    Stop("state", "articulations:search", "/articulations/"),
    Stop("state", "articulations:articulation", "/articulations/{agreement}/"),
    Stop("state", "articulations:sections", "/articulations/sections/"),
    Stop("state", "organizations:answers", "/organizations/colleges/{college}/answers/", open_first("summary")),
    Stop("state", "students:consents", "/students/consents/"),
    Stop("state", "students:new_consent", "/students/consents/new/"),
    Stop("state", "students:new_consent", "/students/consents/new/", press("See how it reads", {"Heading": ""}), refused=(422,)),
    Stop("state", "students:new_consent", "/students/consents/new/", press("See how it reads")),
    Stop("state", "students:consents", "/students/consents/?for=guardian"),
    Stop("state", "students:new_consent", "/students/consents/new/?for=guardian"),
    Stop("state", "students:guardian_text", "/students/guardian-texts/{consortium}/"),
    Stop("state", "students:registered", "/students/registered/{agreement}/"),
    Stop("state", "students:search", "/students/"),
    Stop("state", "students:student", "/students/{student}/"),
    Stop("state", "students:history", "/students/{student}/history/"),
    Stop("state", "students:readers", "/students/{student}/readers/?show=everybody"),
    Stop("state", "students:twins", "/students/twins/"),
    Stop("state", "students:twin", "/students/twins/{twins}/"),
    Stop("state", "students:new_students", "/students/files/"),
    Stop("state", "reports:record", "/reports/records/{student}/"),
    Stop("state", "organizations:people", "/organizations/people/"),
    Stop("state", "organizations:person", "/organizations/people/{invited}/"),
    Stop("state", "organizations:invited", "/organizations/people/invited/"),
    Stop("state", "organizations:new_person", "/organizations/people/new/"),
    Stop("state", "organizations:new_seat", "/organizations/people/{invited}/seat/"),
    Stop("state", "organizations:seat", "/organizations/seats/{seat}/"),
    Stop("state", "organizations:end_seat", "/organizations/seats/{seat}/end/"),
    Stop("state", "organizations:new_people", "/organizations/people/files/new/"),
    Stop("state", "grading:roster", "/grading/rosters/{section}/"),
    Stop("state", "students:registration", "/students/registrations/{registration}/"),
    Stop("state", "transcripts:runs", "/transcripts/runs/"),
    Stop("state", "transcripts:run", "/transcripts/runs/{run}/"),
    Stop("state", "transcripts:run", "/transcripts/runs/{run_stopped}/"),
    Stop("state", "transcripts:ledger", "/transcripts/runs/{run}/ledger/"),
    Stop("state", "transcripts:not_yet", "/transcripts/not-yet/"),
    Stop("state", "transcripts:eligibility", "/transcripts/not-yet/{owing}/"),
    Stop("state", "transcripts:identities", "/transcripts/identities/"),
    Stop("state", "transcripts:conflicts", "/transcripts/conflicts/"),
    Stop("state", "transcripts:conflict", "/transcripts/conflicts/{conflict}/"),
    Stop("state", "transcripts:imports", "/transcripts/imports/"),
    Stop("state", "transcripts:sheet", "/transcripts/imports/{sheet_applied}/"),
    Stop("state", "transcripts:worksheets", "/transcripts/worksheets/"),
    Stop("state", "transcripts:worksheet", "/transcripts/worksheets/{batch}/"),
    Stop("state", "transcripts:reconciliation", "/transcripts/reconciliation/"),
    Stop("state", "transcripts:reposts", "/transcripts/reposts/"),
    Stop("state", "transcripts:run", "/transcripts/runs/{run_going}/"),
    # What the wall of a classroom and a registration say to staff
    *(Stop(who, "students:class_sheet", "/students/class-sheets/{section}/") for who in ("counselor", "district", "consortium", "state")),
    *(Stop(who, "students:consent", "/students/registrations/{registration}/consent/") for who in ("teacher", "counselor", "district", "consortium", "state")),
    Stop("registrar", "students:consent", "/students/registrations/{registration_completed}/consent/"),
    # How one signs in
    Stop("state", "accounts:my_account", "/accounts/me/"),
    Stop("state", "accounts:my_account", "/accounts/me/", press("Save Account", {"Phone": "none"}), refused=(422,)),
    Stop("student", "accounts:my_account", "/accounts/me/"),
    Stop("state", "accounts:verify", "/accounts/verify/"),
    Stop("state", "accounts:security_saved", "/accounts/security/saved/"),
    Stop("state", "accounts:change_password", "/accounts/me/password/"),
    Stop("state", "accounts:change_password", "/accounts/me/password/", press("Save Password"), refused=(422,)),
    Stop("state", "accounts:prove", "/accounts/prove/"),
    Stop("state", "accounts:prove", "/accounts/second-factor/app/", press("Continue"), refused=(422,)),
    Stop("state", "accounts:new_app", "/accounts/second-factor/app/", press("Continue", {"Password": PASSWORD})),
    Stop("state", "accounts:new_app", "/accounts/second-factor/app/", press("Add this app"), refused=(422,)),
    Stop("state", "accounts:change_questions", "/accounts/me/questions/"),
    Stop("state", "accounts:change_questions", "/accounts/me/questions/", press("Save Questions"), refused=(422,)),
    Stop("state", "accounts:change_email", "/accounts/me/email/"),
    Stop("state", "accounts:change_email", "/accounts/me/email/", press("Send the Link"), refused=(422,)),
    Stop("state", "accounts:recovery_codes", "/accounts/me/codes/"),
    Stop("state", "accounts:recovery_codes", "/accounts/me/codes/", press("Make ten new codes")),
    Stop("state", "accounts:new_passkey", "/accounts/second-factor/passkey/"),
    Stop("state", "accounts:second_factor", "/accounts/second-factor/"),
    Stop("state", "accounts:sessions", "/accounts/sessions/"),
    Stop("two_step", "accounts:second_factor", "/accounts/second-factor/"),
    Stop("two_step", "accounts:remove_factor", "/accounts/second-factor/{app}/", press("Continue", {"Password": PASSWORD})),
    Stop("two_step", "accounts:second_step", "/accounts/sign-in/", second_step, refused=(422,)),
    Stop("state", "grading:changes", "/grading/changes/?show=open"),
    Stop("state", "grading:change", "/grading/changes/{change}/"),
    Stop("state", "grading:comments", "/grading/registrations/{registration}/comments/"),
    Stop("state", "grading:verification", "/grading/rosters/{section}/verification/"),
    Stop("state", "grading:progress", "/grading/progress/?by=school"),
    Stop("state", "grading:extensions", "/grading/extensions/"),
    Stop("state", "grading:extension", "/grading/extensions/{extension}/"),
    Stop("state", "grading:settings", "/grading/settings/"),
    Stop("state", "grading:college_year", "/grading/colleges/{college}/"),
    Stop("state", "grading:windows", "/grading/consortia/{home_consortium}/windows/"),
    Stop("state", "organizations:scales", "/organizations/scales/"),
    Stop("state", "organizations:scale", "/organizations/scales/{scale}/"),
    # Documents
    Stop("registrar", "transcripts:issued", "/transcripts/issued/"),
    Stop("registrar", "transcripts:issued", "/transcripts/issued/?words=nobody"),
    Stop("registrar", "transcripts:document", "/transcripts/issued/{transcript}/"),
    Stop("registrar", "transcripts:reissue", "/transcripts/issued/{transcript}/reissue/"),
    Stop("registrar", "transcripts:reissue", "/transcripts/issued/{transcript}/reissue/", press("Issue anew"), refused=(422,)),
    Stop("registrar", "transcripts:revoke", "/transcripts/issued/{transcript}/revoke/"),
    Stop("registrar", "transcripts:paper_facts", "/transcripts/issued/{transcript}/paper/"),
    Stop("registrar", "transcripts:acknowledge", "/transcripts/issued/{transcript}/acknowledgment/"),
    Stop("registrar", "transcripts:letterhead", "/transcripts/letterheads/{college}/"),
    Stop("registrar", "transcripts:wording", "/transcripts/letterheads/{college}/letters/"),
    Stop("registrar", "transcripts:wording", "/transcripts/letterheads/{college}/letters/?language=es", press("Preview")),
    Stop("registrar", "transcripts:new_ids", "/transcripts/issued/new-ids/"),
    Stop("registrar", "transcripts:mailings", "/transcripts/mailings/"),
    Stop("registrar", "transcripts:mailing", "/transcripts/mailings/{mailing}/"),
    Stop("registrar", "transcripts:mailing", "/transcripts/mailings/{mailing_stopped}/"),
    Stop("state", "transcripts:issued", "/transcripts/issued/"),
    Stop("state", "transcripts:document", "/transcripts/issued/{transcript}/"),
    Stop("state", "transcripts:paper_facts", "/transcripts/issued/{transcript}/paper/"),
    Stop("state", "transcripts:mailings", "/transcripts/mailings/"),
    Stop("state", "transcripts:mailing", "/transcripts/mailings/{mailing}/"),
    Stop("student", "transcripts:badges", "/transcripts/mine/badges/"),
    Stop("newcomer", "transcripts:badges", "/transcripts/mine/badges/"),
    Stop("anonymous", "transcripts:check_file", "/transcripts/verify/", press("Check the file"), refused=(422,)),
    # Reset Account: asked, sent, waiting to be confirmed, refused
    Stop("teacher", "students:reset_account", "/students/{student}/reset/"),
    Stop("counselor", "students:reset_account", "/students/{unconfirmed}/reset/"),
    Stop("counselor", "students:reset_account", "/students/{unconfirmed}/reset/", send_twice, refused=(409,)),
    Stop("counselor", "students:reset_account", "/students/{student}/reset/", press("Reset Account")),
    Stop("district", "students:reset_account", "/students/{student}/reset/"),
    Stop("consortium", "students:reset_account", "/students/{student}/reset/"),
    Stop("state", "students:reset_account", "/students/{student}/reset/"),
    # Changed e-mails and the history of a profile
    *(
        Stop(person, page, path)
        for person in ("counselor", "district", "consortium", "state")
        for page, path in (
            ("students:addresses", "/students/addresses/"),
            ("students:address", "/students/addresses/{address_change}/"),
            ("students:changes", "/students/{student}/changes/"),
        )
    ),
    Stop("counselor", "students:student", "/students/{student}/", press("Save", {"Phone": "509 555 0188"})),
    Stop("counselor", "students:changes", "/students/{student}/changes/"),
    Stop("student", "students:changes", "/students/{student}/changes/"),
    Stop("district", "students:address", "/students/addresses/{address_change}/", press("Approve")),
    # Somebody with two seats: the chooser of seats in the masthead
    Stop("hats", "organizations:my_seats", "/organizations/seats/"),
    Stop("hats", "reports:home", "/"),
    Stop("hats", "accessibility", "/accessibility/", open_first("details.s-seat summary")),
)  # fmt: skip


#: Each page as it first opens and as it is first refused.
AT_BOTH_WIDTHS = frozenset({(stop.page, stop.refused): stop for stop in reversed(STOPS)}.values())


def test_no_page_is_missing() -> None:
    """The stops above visit every page of the table of access with every role that may open it."""
    visited = {(stop.person, stop.page) for stop in STOPS}
    visited |= {("student", "reports:home")}  # goes on to My classes
    missing = [
        f"{person} {page}"
        for (page, method), cells in rows().items()
        for person in ("anonymous", *ROLES)
        if method == "GET"
        and page not in NO_PAGES
        and cells[PEOPLE.index(person)] == "."
        and (person == "anonymous" or cells[0] != "." or page in DIFFER_BY_ROLE)
        and (person, page) not in visited
        and not (page in ALIKE and any(page == one for _, one in visited))
    ]
    assert missing == []


@pytest.fixture(scope="module")
def walkers(site: Site, known: Any, chromium: Any) -> Iterator[Callable[[str], Visitor]]:
    """One signed-in browser a person, used again and again."""
    made: dict[str, Visitor] = {}

    def walker(person: str) -> Visitor:
        if person not in made:
            context = chromium.new_context(viewport=WIDE, reduced_motion="reduce", locale="en-US")
            if person in known["cookies"]:
                context.add_cookies(
                    [{"name": known["cookie"], "value": known["cookies"][person], "url": site.url}]
                )
            made[person] = Visitor(site, context)
            made[person].ids = known["ids"]
        return made[person]

    yield walker
    for visitor in made.values():
        visitor.context.close()


@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_page(stop: Stop, walkers: Callable[[str], Visitor], axe: Any) -> None:
    visitor = walkers(stop.person)
    page = visitor.page
    page.set_viewport_size(WIDE)
    visitor.allowed = {stop.status, *stop.refused}
    answer = visitor.go(stop.path.format(**visitor.ids))
    assert answer.status == stop.status
    if stop.does:
        stop.does(visitor)
    page.set_viewport_size(NARROW)
    found = []
    for strain, change in STRAINS.items():
        page.evaluate(change)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
            found.append(
                f"{strain}: {wide} px wide on a screen of {NARROW['width']}: {page.evaluate(WIDEST)}"
            )
    page.evaluate(SHORTEN)
    found += axe(page)
    page.set_viewport_size(WIDE)
    if stop in AT_BOTH_WIDTHS:
        found += axe(page)
    found += visitor.complaints()
    if (heads := page.locator("h1").count()) != 1:
        found.append(f"{heads} h1")
    if not page.title().endswith(" - SERS"):
        found.append(f"the title is {page.title()}")
    assert found == []
