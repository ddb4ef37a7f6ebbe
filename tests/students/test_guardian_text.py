"""A consortium's own text for parents and guardians: from a school year on, looked at, published, and never changed."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts.models import Event
from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from students import actions
from students.models import FIRST_GUARDIAN_TEXT, ConsentText, ConsentWording, GuardianAnswer
from tests.owing import make_link, make_requirement
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

TYPED = {
    "heading_en": "For families of the Basin",
    "body_en": "One.\r\n\r\nTwo.",
    "heading_es": "Para las familias",
    "body_es": "Uno.\r\n\r\nDos.",
}
WORDS = {"en": ("For families of the Basin", "One.\n\nTwo."), "es": ("Para las familias", "Uno.\n\nDos.")}
TOKEN = "a-token-of-this-test"


@pytest.fixture
def url(cast: Cast, client: PolicingClient) -> str:
    client.force_login(cast.consortium)
    return reverse("students:guardian_text", args=[cast.columbia_basin.public_id])


def publish(cast: Cast, **facts: Any) -> ConsentText:
    facts = {"consortium": cast.columbia_basin, "year": cast.year, "by": cast.consortium} | facts
    return actions.publish_guardian_text(**({"wordings": WORDS} | facts))


def sign(client: PolicingClient, version: str, token: str = TOKEN) -> Any:
    return client.post(
        f"/students/guardian/{token}/", {"answer": "signed", "name": "Rosa Petrenko", "version": version}
    )


def test_a_look_publishes_nothing_and_the_button_does(cast: Cast, client: PolicingClient, url: str) -> None:
    assert f"The State’s text {FIRST_GUARDIAN_TEXT} is in force" in text(client.get(url))
    looked = client.post(url, TYPED | {"seen": FIRST_GUARDIAN_TEXT, "look": "1"})
    assert "How it reads For families of the Basin One. Two. Para las familias Uno. Dos." in text(looked)
    assert ConsentText.objects.filter(consortium=cast.columbia_basin).count() == 0
    done = client.post(url, TYPED | {"seen": FIRST_GUARDIAN_TEXT, "publish": "1"}, follow=True)
    own = ConsentText.objects.get(consortium=cast.columbia_basin)
    assert messages(done) == [f"Text {own.version} is in force. Who signs from now on reads it."]
    assert (
        f"{own.version} In force in {cast.year} Of {cast.columbia_basin.name}, from {cast.year} on"
        in text(done)
    )
    assert f"by {cast.consortium.name}. 0 answers from guardians" in text(done)
    assert Event.objects.get(kind="students.consent_published").data == {"before": FIRST_GUARDIAN_TEXT}
    assert "These words are in force already." in text(client.post(url, TYPED | {"look": "1"}))
    client.post(url, TYPED | {"seen": own.version, "publish": "1"})
    assert ConsentText.objects.filter(consortium=cast.columbia_basin).count() == 1  # the same words


def test_guardians_of_the_consortium_read_it_and_nobody_else_does(cast: Cast, client: PolicingClient) -> None:
    make_link(make_requirement(cast.owing_registration, "guardian"), token=TOKEN)
    make_link(make_requirement(cast.other_registration, "guardian"), token="of-the-neighbour")
    own = publish(cast)
    assert "For families of the Basin" in text(client.get(f"/students/guardian/{TOKEN}/"))
    assert "What your signature means" in text(client.get("/students/guardian/of-the-neighbour/"))
    assert sign(client, own.version).status_code == 200
    assert sign(client, FIRST_GUARDIAN_TEXT, "of-the-neighbour").status_code == 200
    assert set(GuardianAnswer.objects.filter(answer="signed").values_list("text_id", flat=True)) == {
        own.version,
        FIRST_GUARDIAN_TEXT,
    }


def test_who_has_the_old_words_on_the_screen_reads_the_new_ones_and_what_was_signed_stands(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    make_link(make_requirement(cast.owing_registration, "guardian"), token=TOKEN)
    make_link(make_requirement(cast.registration, "guardian"), token="another-token")
    assert sign(client, FIRST_GUARDIAN_TEXT).status_code == 200
    own = publish(cast)
    late = sign(client, FIRST_GUARDIAN_TEXT, "another-token")
    assert late.status_code == 409
    assert "For families of the Basin" in text(late)
    assert sign(client, own.version, "another-token").status_code == 200
    first, second = GuardianAnswer.objects.filter(answer="signed").order_by("pk")
    assert (first.wording.heading, second.wording.heading) == (
        "What your signature means", "For families of the Basin",
    )  # fmt: skip
    words = text(client.get(url))
    assert (
        words.count("answer from guardians in Columbia Basin") == words.count("answers from guardians") == 1
    )
    asked = reverse("students:ask_guardian", args=[cast.owing_registration.public_id])
    assert f"text {FIRST_GUARDIAN_TEXT}" in text(client.get(asked))


def test_a_text_holds_from_its_year_on(cast: Cast) -> None:
    """A text of next year is not read this year; this year's is read next year until there is another."""
    after = AcademicYear.objects.get_or_create(first_year=cast.year.first_year + 1)[0]
    this, before = publish(cast), AcademicYear(first_year=cast.year.first_year - 1)

    def read(year: AcademicYear) -> str:
        return ConsentText.objects.for_guardians(cast.columbia_basin, year).version

    assert [read(one) for one in (before, cast.year, after)] == [
        FIRST_GUARDIAN_TEXT,
        this.version,
        this.version,
    ]
    new = publish(cast, year=after, wordings={"en": ("New", "Words."), "es": ("Nuevo", "Palabras.")})
    again = publish(cast, wordings={"en": ("This year", "Words."), "es": ("Este año", "Palabras.")})
    assert [read(one) for one in (before, cast.year, after)] == [
        FIRST_GUARDIAN_TEXT,
        again.version,
        new.version,
    ]
    assert ConsentText.objects.for_guardians(cast.walla_walla, after).version == FIRST_GUARDIAN_TEXT
    state = actions.publish_consent(
        wordings={"en": ("State", "Words."), "es": ("Estado", "Palabras.")},
        audience="guardian",
        by=cast.state,
    )
    assert [read(one) for one in (before, cast.year)] == [state.version, again.version]
    assert ConsentText.objects.in_force().audience == "student"


def test_two_years_are_two_links_because_each_has_its_text(cast: Cast) -> None:
    year = cast.last_year
    student = make_student(cast.kamiakin, guardian_email="rosa@example.org")
    before, now = (
        make_requirement(make_registration(student, section, cast.agreement), "guardian")
        for section in (cast.last_section, cast.section)
    )
    links = actions.ask_guardian(student=student, by=cast.consortium)
    found = {link.year.first_year: {one.pk for one in link.requirements.all()} for link in links}
    assert found == {year.first_year: {before.pk}, cast.year.first_year: {now.pk}}
    again = actions.ask_guardian(student=student, by=cast.consortium)
    for link in links:
        link.refresh_from_db()
    assert all(link.ended_at for link in links)
    assert not any(link.ended_at for link in again)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body_es": ""}, "Enter the text in "),
        ({"heading_en": "x" * 121}, "Shorten the heading in English to 120 characters or fewer"),
    ],
)
def test_half_a_text_is_refused_at_its_field(
    cast: Cast, client: PolicingClient, url: str, change: dict[str, str], said: str
) -> None:
    response = client.post(url, TYPED | change | {"publish": "1"})
    assert response.status_code == 422
    assert [one for one in errors(response) if said in one]
    assert not ConsentText.objects.filter(consortium=cast.columbia_basin).exists()


def test_who_published_meanwhile_is_not_written_over(cast: Cast, client: PolicingClient, url: str) -> None:
    own = publish(cast, wordings={"en": ("First", "Words."), "es": ("Primero", "Palabras.")})
    late = client.post(url, TYPED | {"seen": FIRST_GUARDIAN_TEXT, "publish": "1"})
    assert late.status_code == 409
    assert "Somebody else has published a text meanwhile." in text(late)
    assert ConsentText.objects.for_guardians(cast.columbia_basin, cast.year) == own


def test_a_year_that_is_over_is_read_and_not_written(cast: Cast, client: PolicingClient, url: str) -> None:
    past = f"{url}?year={cast.year.first_year - 1}"
    assert "Write a new text" not in text(client.get(past))
    assert client.post(past, TYPED | {"publish": "1"}).status_code == 403
    with pytest.raises(Refused) as refused:
        publish(cast, year=AcademicYear(first_year=cast.year.first_year - 1))
    assert refused.value.refusal.rule == "year_is_over"


@pytest.mark.parametrize("who", ["state", "other_consortium", "registrar", "teacher"])
def test_only_staff_of_the_consortium_publish(cast: Cast, client: PolicingClient, url: str, who: str) -> None:
    person = getattr(cast, who)
    client.force_login(person)
    if who == "state":
        assert "Write a new text" not in text(client.get(url))
    assert client.post(url, TYPED | {"publish": "1"}).status_code == (
        404 if who == "other_consortium" else 403
    )
    with pytest.raises(Refused) as refused:
        publish(cast, by=person)
    assert refused.value.refusal.rule == "not_consortium"


def test_the_database_holds_it(cast: Cast) -> None:
    """A text of a consortium is for guardians, from a year on; and every text is ink."""
    for facts in (
        {"audience": "student", "consortium": cast.columbia_basin, "year": cast.year},
        {"audience": "guardian", "consortium": cast.columbia_basin},
        {"audience": "guardian", "year": cast.year},
    ):
        with pytest.raises(IntegrityError, match="own_text_is_for_guardians"), transaction.atomic():
            ConsentText.objects.create(version="G-1", **facts)
    own = publish(cast)
    for rows, change in (
        (ConsentText.objects.filter(pk=own.pk), {"version": "G-9"}),
        (ConsentWording.objects.filter(text=own), {"body": "Else."}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_the_page_asks_as_much_for_three_versions_as_for_one(
    cast: Cast, client: PolicingClient, url: str, django_assert_num_queries: Any
) -> None:
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)
    for number in range(2):
        publish(cast, wordings={"en": (f"{number}", "Words."), "es": (f"{number}", "Palabras.")})
    with django_assert_num_queries(QUERIES):
        client.get(url)


QUERIES = 11
