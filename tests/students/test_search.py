"""Search for Students: what is found, what is not, and that no name stands in an address."""

from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from sers.lib.listing import bounded_page_of
from students.models import Student
from students.views import searching
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import errors, text, title

URL = reverse("students:search")


def search(client: PolicingClient, **terms: str) -> Any:
    """Send the terms, and open the page they lead to."""
    response = client.post(URL, {"search": "1"} | terms)
    if response.status_code == 302:
        assert response.headers["Location"] == URL, "No personal data in an address"
        return client.get(URL)
    return response


def found(response: Any) -> list[str]:
    return [row["first_name"] for row in response.context["page"]]


@pytest.fixture
def staff(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.consortium)
    return client


def test_before_a_search_nothing_is_listed(staff: PolicingClient) -> None:
    response = staff.get(URL)
    assert response.context["page"] is None
    assert "Enter a name, an ID, a birth date or a school." in text(response)


def test_nothing_found_is_said(staff: PolicingClient) -> None:
    """A page without rows is false in a template: it must not look like a page before the search."""
    words = text(search(staff, name="zzz"))
    assert "No student within your reach matches." in words
    assert "Clear" in words
    assert "Enter a name, an ID, a birth date or a school." not in words


@pytest.mark.parametrize(
    ("name", "first_names"),
    [
        ("veg", ["Marisol"]),
        ("VEGA", ["Marisol"]),
        ("mar veg", ["Marisol"]),
        ("vega, marisol", ["Marisol"]),
        ("hernandez", ["Maximiliano"]),
        ("hernández de la", ["Maximiliano"]),
        ("cruz max", ["Maximiliano"]),
        ("angel", ["Bo"]),
        ("lindq", ["Bo"]),
        ("ofarrell", ["Gwen"]),
        ("o’farr", ["Gwen"]),
        ("ngo", ["Ngozi"]),
        ("ega", []),  # the middle of a name is no beginning
    ],
)
def test_any_part_of_a_name_by_its_first_letters(
    staff: PolicingClient, name: str, first_names: list[str]
) -> None:
    response = search(staff, name=name)
    assert found(response) == first_names


def test_clark_finds_clarkston(cast: Cast, staff: PolicingClient) -> None:
    make_student(cast.kamiakin, "Ava", "Clarkston")
    make_student(cast.kamiakin, "Clark", "Young")
    make_student(cast.kamiakin, "Ben", "Smith", former_names="Clarke")
    response = search(staff, name="Clark")
    assert found(response) == ["Ava", "Ben", "Clark"]
    assert "Smith, Ben formerly Clarke" in text(response)


def test_by_id_however_it_is_typed(cast: Cast, staff: PolicingClient) -> None:
    Student.objects.filter(pk=cast.classmate.pk).update(sers_id="TP6-20-418")
    assert found(search(staff, sers_id=cast.student.sers_id)) == ["Marisol"]
    assert found(search(staff, sers_id=cast.student.sers_id.lower().replace("-", ""))) == ["Marisol"]
    assert found(search(staff, sers_id="6 20 418")) == ["Maximiliano"]


def test_by_birth_date_and_by_several_terms(cast: Cast, staff: PolicingClient) -> None:
    born = cast.student.birth_date
    day = {
        "birth_date_month": f"{born:%B}",
        "birth_date_day": str(born.day),
        "birth_date_year": str(born.year),
    }
    assert found(search(staff, **day)) == ["Marisol"]
    assert found(search(staff, name="marisol", **day)) == ["Marisol"]
    assert found(search(staff, name="bo", **day)) == []


def test_by_school(cast: Cast, staff: PolicingClient) -> None:
    response = search(staff, school=str(cast.kamiakin.public_id))
    assert len(found(response)) == 7
    assert "7 students" in text(response)


def test_a_row_tells_what_a_person_is_known_by(cast: Cast, staff: PolicingClient) -> None:
    response = search(staff, name="marisol")
    born = cast.student.birth_date
    assert (
        f"Vega, Marisol {cast.student.sers_id} {born:%b} {born.day}, {born.year} Kamiakin High School 11 View / Edit"
        in text(response)
    )
    assert reverse("students:student", args=[cast.student.public_id]) in response.content.decode()


@pytest.mark.parametrize(
    ("who", "first_names"),
    [
        ("teacher", ["Marisol"]),
        ("colleague", []),
        ("counselor", ["Marisol"]),
        ("district", ["Marisol"]),
        ("registrar", ["Marisol"]),
        ("consortium", ["Marisol"]),
        ("state", ["Marisol", "Olga"]),
        ("other_teacher", ["Olga"]),
        ("other_counselor", ["Olga"]),
        ("other_district", ["Olga"]),
        ("other_registrar", ["Olga"]),
        ("other_consortium", ["Olga"]),
        ("former_teacher", None),
        ("many_hats", ["Olga"]),
    ],
)
def test_each_finds_within_ones_own_reach(
    cast: Cast, client: PolicingClient, who: str, first_names: list[str] | None
) -> None:
    client.force_login(getattr(cast, who))
    response = search(client, name="vega")
    if first_names is None:
        assert response.status_code == 403
    else:
        assert sorted(found(response)) == first_names


def test_students_and_faculty_do_not_search(cast: Cast, client: PolicingClient) -> None:
    for person in (cast.student.user, cast.faculty, cast.nobody):
        client.force_login(person)
        assert client.get(URL).status_code == 403
        assert client.post(URL, {"name": "vega"}).status_code == 403


def test_a_merged_record_is_not_listed_and_finds_the_one_that_stands(
    cast: Cast, staff: PolicingClient
) -> None:
    stands = make_student(cast.kamiakin, "Mari", "Solis", grade_level=12)
    Student.objects.filter(pk=cast.student.pk).update(merged_into=stands)
    born = cast.student.birth_date
    day = {
        "birth_date_month": str(born.month), "birth_date_day": str(born.day), "birth_date_year": str(born.year),
    }  # fmt: skip
    for terms in (
        {"name": "vega"},
        {"name": "marisol"},
        {"sers_id": cast.student.sers_id},
        {"name": "vega"} | day,
    ):
        response = search(staff, **terms)
        assert found(response) == ["Mari"], terms
        assert f"also Marisol Vega {cast.student.sers_id}" in text(response)
    assert found(search(staff, name="solis vega")) == []  # no record of hers has both names
    # Where she is in school now is said by the record that stands.
    assert found(search(staff, name="vega", grade_level="12")) == ["Mari"]
    assert found(search(staff, name="vega", grade_level="11")) == []


def test_a_grade_level_narrows_and_stands_alone_for_nobody(cast: Cast, staff: PolicingClient) -> None:
    make_student(cast.kamiakin, "Vesna", "Vegas", grade_level=9)
    assert found(search(staff, name="veg", grade_level="9")) == ["Vesna"]
    assert errors(search(staff, grade_level="9")) == [
        "Enter one more thing to search by: a grade level alone finds too many"
    ]


@pytest.mark.parametrize(
    ("begun", "hits"), [("TP7-31", 2), ("tp7314", 2), ("7-31-41", 1), ("731", 2), ("7-31-4187", 1)]
)
def test_an_id_is_found_by_its_beginning(cast: Cast, staff: PolicingClient, begun: str, hits: int) -> None:
    make_student(cast.kamiakin, "Ana", "Lima", sers_id="TP7-31-4187-9")
    make_student(cast.kamiakin, "Bea", "Lima", sers_id="TP7-31-4287-7")
    assert len(found(search(staff, sers_id=begun))) == hits


def test_beyond_ones_reach_the_beginning_of_an_id_is_no_term(cast: Cast, client: PolicingClient) -> None:
    """Else a masked ID would be read digit by digit."""
    client.force_login(cast.counselor)
    terms = {
        "name": "olga other", "sers_id": "TP6-20-4", "statewide": "on", "ground": "99.31(a)(2)",
        "reason": "Wants a class at our school",
    }  # fmt: skip
    assert errors(search(client, **terms)) == ["Enter the whole ID to search statewide"]


def test_one_term_at_least(staff: PolicingClient) -> None:
    response = search(staff)
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert errors(response) == [
        "Enter at least one thing to search by: a name, an ID, a birth date or a school"
    ]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"name": "!!!"}, "Enter letters of the name"),
        ({"name": "x" * 200_000}, "Shorten the name to 200 characters or fewer"),
        ({"sers_id": "TP6"}, "Enter the whole ID, like TP6-20-4187-9 or TP6-20-418, or its first digits, and check them"),
        ({"birth_date_month": "2", "birth_date_day": "30", "birth_date_year": "2010"}, "February 30 is not a date in 2010"),
        ({"school": "nonsense"}, "Choose a school from the list"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_searched_by(staff: PolicingClient, terms: dict[str, str], said: str) -> None:
    response = search(staff, **terms)
    assert response.status_code == 422
    assert errors(response) == [said]


def test_terms_that_were_typed_stand_in_the_form_and_can_be_cleared(staff: PolicingClient) -> None:
    search(staff, name="vega")
    assert 'value="vega"' in staff.get(URL).content.decode()
    staff.post(URL, {"clear": "1"})
    assert staff.get(URL).context["page"] is None


def test_a_school_that_went_out_of_reach_is_said_and_not_an_error_of_ours(
    cast: Cast, staff: PolicingClient
) -> None:
    search(staff, school=str(cast.kamiakin.public_id))
    cast.columbia_basin.districts.clear()
    response = staff.get(URL)
    assert response.status_code == 422
    assert errors(response) == ["Choose a school from the list"]


def test_fifty_a_page(cast: Cast, staff: PolicingClient) -> None:
    for number in range(52):
        make_student(cast.kamiakin, "Page", f"Turner{number:03}", user=None)
    response = search(staff, name="turner")
    assert len(found(response)) == 50
    assert "52 students" in text(response)
    second = staff.get(URL, {"page": "2"})
    assert len(found(second)) == 2
    assert "page 2 of 2" in title(second)
    for page in ("0", "3", "x", "9" * 400):
        assert staff.get(URL, {"page": page}).context["page"].number == 1


def test_more_than_anyone_reads_is_not_counted(
    cast: Cast, staff: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "bounded_page_of", partial(bounded_page_of, most=2))
    for number in range(4):
        make_student(cast.kamiakin, "Page", f"Turner{number:03}", user=None)
    response = search(staff, name="turner")
    assert "More than 2 students" in text(response)
    assert "Add a term to find fewer." in text(response)


def test_one_student_and_three_cost_the_same(
    cast: Cast, staff: PolicingClient, django_assert_num_queries: Any
) -> None:
    search(staff, name="marisol")
    with django_assert_num_queries(10):
        staff.get(URL)
    for first_name in ("Marisol Ann", "Marisol Bea"):
        make_registration(make_student(cast.kamiakin, first_name, "Vega"), cast.section, cast.agreement)
    with django_assert_num_queries(10):
        assert len(found(staff.get(URL))) == 3
