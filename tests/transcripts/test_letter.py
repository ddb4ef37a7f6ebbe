"""The congratulatory letter: its words, its tags, its one page; and the file, to keep."""

import datetime
import io
from collections.abc import Iterator
from decimal import Decimal

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import College, HighSchool
from students.models import Student
from tests.people import Cast
from tests.transcripts.reading import quiet, tags_of, text_of, untagged
from transcripts import actions
from transcripts import rules as transcript_rules
from transcripts.documents import (
    LANGUAGES,
    USUAL,
    LetterFacts,
    TranscriptRow,
    Wording,
    letter_pdf,
    unknown_fields,
)
from transcripts.documents.wording import FIELDS, PHRASES, filled, paragraphs, steps
from transcripts.models import Letter, Letterhead, Transcript

ISSUED = datetime.datetime(2026, 8, 22, 3, 0, tzinfo=datetime.UTC)  # in Washington still August 21


@pytest.fixture(autouse=True)
def quiet_libraries() -> Iterator[None]:
    with quiet():
        yield


def draw(
    language: str = "en",
    *,
    wording: Wording | None = None,
    sid: str = "201447093",
    tuition: str | None = "132",
    courses: int = 1,
    first_name: str = "Marisol",
    title: str = "Principles of Accounting I",
    street: str = "1418 West Canal Drive",
) -> bytes:
    student = Student(
        first_name=first_name, last_name="Vega", birth_date=datetime.date(2009, 3, 12),
        school=HighSchool(name="Kamiakin High School"), street=street, city="Kennewick", state="WA",
        postal_code="99336",
    )  # fmt: skip
    college = College(name="Columbia Basin College")
    transcript = Transcript(student=student, college=college, sid=sid, issued_at=ISSUED)
    head = Letterhead(
        college=college, office="Office of the Registrar", street="2600 North 20th Avenue", city="Pasco",
        state="Washington", postal_code="99301", phone="509-555-0100", signer_name="Helen Marsh",
        signer_title="Registrar", signer_title_es="Registradora",
    )  # fmt: skip
    rows = [
        TranscriptRow(
            "2025-26", f"ACCT& {201 + n}", title, "Accounting 1-2, Kamiakin", Decimal("5.0"), "3.9 A"
        )
        for n in range(courses)
    ]
    facts = LetterFacts(
        rows=rows, year="2025-26", school="Kamiakin High School", classes="Accounting 1-2",
        total=Decimal("10.0"), tuition_per_credit=None if tuition is None else Decimal(tuition),
    )  # fmt: skip
    letter = Letter(transcript=transcript, language=language, address="\n".join(student.address_lines))
    return letter_pdf(letter, wording or USUAL[language], facts, head)


def test_it_says_three_things_to_do_and_what_the_credit_is_worth() -> None:
    text = text_of(draw())
    for words in (
        "Columbia Basin College", "2600 North 20th Avenue, Pasco, Washington 99301, 509-555-0100", "August 21, 2026",
        "SID 201 44 7093", "Marisol Vega", "1418 West Canal Drive", "Kennewick, WA 99336",
        "Congratulations: you have earned 5 college credits", "ACCT& 201", "3.9 A", "about $660 of tuition",
        "You now have 10 college credits", "Keep this letter.", "by September 30, 2026", "Helen Marsh", "Registrar",
    ):  # fmt: skip
        assert words in " ".join(text.split()), words


def test_it_is_in_the_student_s_language() -> None:
    pdf = draw("es")
    text = " ".join(text_of(pdf).split())
    for words in (
        "Felicidades: has ganado 5 créditos universitarios",
        "21 de agosto de 2026",
        "Registradora",
        "alrededor de $660",
        "Comprueba que es auténtica",
    ):
        assert words in text
    assert "Congratulations" not in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "es"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_page_and_tagged(language: str) -> None:
    with pikepdf.open(io.BytesIO(draw(language, courses=2))) as document:
        assert len(document.pages) == 1
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.pages[0].Tabs) == "/S"
        with document.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert "Columbia Basin College" in about["dc:title"]
        kinds = [str(tag.S) for tag in tags_of(document.Root.StructTreeRoot.K)]
        assert kinds.count("/H1") == 1
        assert {"/TH", "/TD", "/L", "/LI", "/Figure"} <= set(kinds)
        assert untagged(document) == []


def test_a_rate_that_is_not_known_is_told_as_nothing() -> None:
    text = text_of(draw(tuition=None))
    assert "tuition" not in text
    assert "$" not in text


def test_without_a_college_id_it_says_how_to_get_one() -> None:
    text = text_of(draw(sid=""))
    assert "SID" not in text
    assert "When you apply to the college" in text


def test_every_language_has_every_phrase_and_only_known_fields() -> None:
    assert set(LANGUAGES) == set(USUAL) == set(PHRASES)
    assert len({frozenset(words) for words in PHRASES.values()}) == 1
    for wording in USUAL.values():
        for part in (wording.heading, wording.opening, wording.steps, wording.closing):
            assert unknown_fields(part) == []


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{credits} and {sid}", []),
        ("{ssn}", ["ssn"]),
        ("{credits.__class__}", ["credits.__class__"]),
        ("{0}", ["0"]),
        ("{}", [""]),
        ("an { open one", ["{"]),
        ("{{credits}}", ["{"]),
        ("{name", ["{"]),
        ("no field at all", []),
    ],
)
def test_the_list_of_fields_is_closed(text: str, unknown: list[str]) -> None:
    assert unknown_fields(text) == unknown


def test_a_value_is_never_looked_at_again() -> None:
    values = dict.fromkeys(FIELDS, "x") | {"first_name": "{sid}", "sid": "201"}
    assert filled("Dear {first_name}", values) == "Dear {sid}"


def test_paragraphs_and_steps() -> None:
    assert paragraphs("one\ntwo\n\n \nthree\r\n\r\nfour") == ["one two", "three", "four"]
    assert steps("Keep it. You need it.\n\n  Do that\n") == [("Keep it.", "You need it."), ("Do that", "")]


HOSTILE = (
    '<img src="file:///etc/passwd">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/steal.css">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<style>@page { background: url(http://127.0.0.1:9/x) } body { display: none }</style>',
    '<p style="background: url(data:image/png;base64,AAAA)">x</p>',
    '"><svg onload=x><image href="file:///etc/hostname"/></svg>',
    "{{ settings.SECRET_KEY }}{% include 'base.html' %}",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_names_and_wording_is_only_text(words: str) -> None:
    bare = words.replace("{", "(").replace("}", ")")
    wording = Wording(heading=bare, opening=bare, steps=bare, closing=bare)
    pdf = draw(wording=wording, first_name=words, title=words, street=words)
    assert "".join(words.split()) in "".join(text_of(pdf).split())
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.attachments) == 0
        assert b"/URI" not in pdf


def test_a_flood_of_words_is_cut() -> None:
    wording = Wording("x" * 5000, "word " * 20_000, "a step\n" * 3000, "para\n\n" * 3000)
    with pikepdf.open(io.BytesIO(draw(wording=wording, title="y" * 10_000))) as document:
        assert len(document.pages) <= 4


def address(transcript: Transcript) -> str:
    return reverse("transcripts:letter", args=[transcript.public_id])


def test_the_student_the_registrar_and_the_state_get_the_file(cast: Cast, client: Client) -> None:
    for person in (cast.graduate.user, cast.registrar, cast.state):
        assert person is not None
        client.force_login(person)
        answer = client.get(address(cast.transcript))
        assert answer.status_code == 200
        assert answer.content == bytes(cast.transcript.letter.file.pdf)
        assert answer["Content-Disposition"].startswith(
            'attachment; filename="letter-columbia-basin-college-'
        )
        assert "no-store" in answer["Cache-Control"]


def test_it_is_nobody_else_s(cast: Cast, client: Client) -> None:
    for stranger in (cast.classmate.user, cast.other_graduate.user, cast.other_registrar):
        assert stranger is not None
        client.force_login(stranger)
        assert client.get(address(cast.transcript)).status_code == 404
    client.force_login(cast.teacher)
    assert client.get(address(cast.transcript)).status_code == 403


def test_a_transcript_without_a_letter_has_none(cast: Cast, client: Client) -> None:
    cast.transcript.letter.file.delete()
    cast.transcript.letter.delete()
    client.force_login(cast.registrar)
    assert client.get(address(cast.transcript)).status_code == 404


def test_it_names_a_class_whose_title_has_a_comma(cast: Cast) -> None:
    title = "Sports, Entertainment Marketing; Retail"
    registration = cast.graduate_registration
    type(cast.accounting).objects.filter(pk=registration.high_school_course_id).update(title=title)
    rows = actions.transcripts.transcript_rows(student=cast.graduate, run=cast.run, earned=())
    facts = actions.transcripts.letter_facts(transcript=cast.transcript, rows=rows, tuition=None)
    assert facts.classes == title
    earned = transcript_rules.Earned(
        course=cast.acct_201, credits=Decimal(5), sources=((registration, registration.grades.get()),)
    )
    registration.refresh_from_db()
    rows = actions.transcripts.transcript_rows(student=cast.classmate, run=cast.run, earned=(earned,))
    assert (
        actions.transcripts.letter_facts(transcript=cast.transcript, rows=rows, tuition=None).classes == title
    )
