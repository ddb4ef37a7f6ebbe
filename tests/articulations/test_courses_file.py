"""The catalog as a CSV: a template to fill in, and handed in again it changes nothing."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articulations import actions
from articulations.models import CourseFile
from sers.lib.sheets import read_lines
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:courses_file")


def test_there_and_back_changes_nothing(client: PolicingClient, cast: Cast) -> None:
    facts = {
        "outcomes": "Keep a ledger\n=SUM of debits, and of credits\nRead a “balance” sheet", "description": "One\n\nTwo; three",
        "cip": "520301", "active_from": "2020-09-01", "active_until": "2040-06-30", "structure": "-5 hours",
        "site_url": "https://college.example.org/a?b=1&c=2", "credits": "4.5",
    }  # fmt: skip
    actions.change_course(course=cast.acct_201, facts=facts, by=cast.faculty)
    client.force_login(cast.registrar)
    content = client.get(PAGE, {"college": str(cast.cbc.public_id)}).content
    assert b"HO 110" not in content
    client.post(
        reverse("articulations:new_courses"),
        {"college": str(cast.cbc.public_id), "file": SimpleUploadedFile("again.csv", content)},
    )
    file = CourseFile.objects.latest("id")
    html = client.get(reverse("articulations:course_file", args=[file.public_id])).content.decode()
    assert "2 as they are" in html
    assert "There is nothing to save." in html


def test_an_empty_catalog_gives_an_example(client: PolicingClient, cast: Cast) -> None:
    cast.ho_110.__class__.objects.filter(pk=cast.ho_110.pk).update(college=cast.cbc)
    client.force_login(cast.other_registrar)
    heads, example = read_lines(client.get(PAGE, {"college": str(cast.wwcc.public_id)}).content)
    assert heads[:3] == ["Course number", "Title", "Credits"]
    assert example[0] == "ACCT& 201"


def test_others_do_not_find_it(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(PAGE, {"college": str(cast.cbc.public_id)}).status_code == 404
    client.force_login(cast.teacher)
    assert client.get(PAGE).status_code == 403
