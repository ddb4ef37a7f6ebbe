"""Every page follows the pointer: whoever is shown a row of a merged record is shown the record that stands for it.

Not a list of readers that somebody keeps: every address of the access table is opened as everybody, before and after
a merge. Where a merged record was told, the one that stands is told then; the merged one is told nowhere but where
merges themselves are.
"""

import re
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from students.models import Disclosure, Student
from tests.access_table import OBJECTS, PEOPLE, rows
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.test_disclosing import marks
from tests.test_access import address
from tests.transcripts.merging import merged, second_record

#: Pages that tell of merged records by what they are for.
TELL_OF_MERGES = {
    "students:search": "an old name or ID that finds a student is said beside the new one",
    "students:changes": "the history of a profile says which ID became which",
    "transcripts:merge": "of a merge that was undone",
    "transcripts:merges": "of merges",
    "students:twins": "a pair leaves the list when it is merged; the cast's other pair stays",
}
#: Pages on which nobody may stand in the place of a merged record, and why.
MAY_TELL_NOBODY = {
    "students:twin": "the pair is settled: its page is gone",
    "reports:mailing": "who is registered by the other record is no more among those who are not",
}

#: What a page says that an old address led to.
SAID = re.compile(r"The record TP\S+ was merged into this one\.|El registro TP\S+ se unió a este\.")


def opened(cast: Cast, url: str, user: User) -> str:
    """What an address shows this person; what it writes down is taken back."""
    client = PolicingClient()
    client.force_login(user)
    thing = getattr(cast, OBJECTS[url], None) if url in OBJECTS else None
    path = address(url, cast, **({"public_id": thing.public_id} if thing else {}))
    with transaction.atomic():
        if url == "students:search":
            client.post(path, {"name": "v", "grade_level": "11"})
        page = client.get(path, follow=True)
        transaction.set_rollback(True)
    return str(page.content.decode(errors="ignore")) if page["Content-Type"].startswith("text/") else ""


@pytest.mark.parametrize("url", sorted({url for url, method in rows() if method == "GET"}))
def test_every_page_follows_the_pointer(cast: Cast, url: str) -> None:
    if url in TELL_OF_MERGES:
        return
    staff = [
        one
        for one in PEOPLE
        if rows()[url, "GET"][PEOPLE.index(one)] in ".>"
        and one not in ("anonymous", "classmate", "other_student", "locked_teacher", "nobody")
    ]
    people: dict[str, User] = {}
    for one in staff:
        found: Any = getattr(cast, one)
        people[one] = found.user if isinstance(found, Student) else found
    before = {one: opened(cast, url, user) for one, user in people.items()}
    gone_marks = marks(cast.student) | marks(cast.graduate)
    people = {one: user for one, user in people.items() if any(mark in before[one] for mark in gone_marks)}
    if not people:  # who was told of neither record is not told of it because it was merged
        return
    stands = second_record(cast)
    for gone in (cast.student, cast.graduate):
        merged(cast, stands, gone)
    for one, user in people.items():
        after = SAID.sub("", opened(cast, url, User.objects.get(pk=user.pk)))
        for gone in (cast.student, cast.graduate):
            was_told = any(mark in before[one] for mark in marks(gone))
            told = sorted(mark for mark in marks(gone) if mark in after)
            assert not told, f"{url} as {one} still tells of the merged record: {told}"
            if was_told and url not in MAY_TELL_NOBODY:
                assert any(mark in after for mark in marks(stands)), f"{url} as {one} tells of nobody"


def test_pages_left_out_are_there() -> None:
    assert {*TELL_OF_MERGES, *MAY_TELL_NOBODY} <= {url for url, _ in rows()}


@pytest.mark.parametrize("which", ["student", "graduate"])
def test_whichever_account_signs_in_every_page_is_the_same(cast: Cast, which: str) -> None:
    """The pages of the student: of both accounts, and of the record that stands."""
    stands = second_record(cast)
    for gone in (cast.student, cast.graduate):
        merged(cast, stands, gone)
    theirs = {}
    for one in (stands, getattr(cast, which)):
        client = PolicingClient()
        client.force_login(User.objects.get(pk=one.user.pk))
        for page in ("students:my_classes", "transcripts:mine", "transcripts:request", "transcripts:badges"):
            html = client.get(reverse(page)).content.decode()
            theirs.setdefault(page, []).append(html.partition("<main")[2].partition("</main>")[0])
        for page in ("students:history", "students:readers", "students:student", "reports:record"):
            response = client.get(reverse(page, args=[stands.public_id]))
            assert response.status_code == 200, page
        registration = client.get(reverse("students:registration", args=[cast.registration.public_id]))
        assert registration.status_code == 200
        assert (
            client.get(reverse("transcripts:transcript", args=[cast.transcript.public_id])).status_code == 200
        )
    assert "Accounting 1" in theirs["students:my_classes"][0]
    assert "ACCT&amp; 201" in theirs["transcripts:mine"][0]
    for page, (one, other) in theirs.items():
        assert without_tokens(one) == without_tokens(other), page
    # A reading of any of the records is a reading of the student.
    assert Disclosure.objects.of(stands).filter(reader=cast.registrar).exists()


#: Lines that differ by account: its token, and its name under what is printed.
OF_THE_ACCOUNT = ("csrfmiddlewaretoken", "s-print-line")


def without_tokens(html: str) -> list[str]:
    return [line for line in html.splitlines() if not any(one in line for one in OF_THE_ACCOUNT)]


def test_a_document_of_a_merged_record_still_proves_itself(cast: Cast) -> None:
    merged(cast, second_record(cast), cast.graduate)
    page = PolicingClient().get(reverse("transcripts:verify_code", args=[cast.transcript.code]))
    assert page.status_code == 200
    assert cast.graduate.name in page.content.decode()  # as it was printed
    assert "ACCT&amp; 201" in page.content.decode()
