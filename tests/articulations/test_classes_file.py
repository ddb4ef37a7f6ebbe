"""/articulations/classes/template.xlsx: a district's classes, to fill in; handed in again they change nothing."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articulations import actions
from articulations.models import ClassFile
from sers.lib.workbooks import sheet_text
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:classes_file")


def test_there_and_back_changes_nothing(client: PolicingClient, cast: Cast) -> None:
    facts = {"local_code": "=BUS 201", "state_code": "01104", "high_school_credits": "0.5", "cip": "010601"}
    actions.change_class(taught=cast.accounting, facts=facts, by=cast.district)
    client.force_login(cast.district)
    content = client.get(PAGE, {"district": str(cast.kennewick.public_id)}).content
    heads, first, *others = csv.reader(io.StringIO(sheet_text(content)))
    assert heads == [
        "High school",
        "Class",
        "Course ID",
        "State course code",
        "CIP code",
        "High-school credits",
    ]
    assert first[:2] == ["Kamiakin High School", "Accounting 1"]
    assert first[3:] == ["01104", "01.0601", "0.5"]
    assert "Medical Terminology" not in {row[1] for row in others}
    client.post(
        reverse("articulations:new_classes"),
        {"district": str(cast.kennewick.public_id), "file": SimpleUploadedFile("again.xlsx", content)},
    )
    file = ClassFile.objects.latest("id")
    html = client.get(reverse("articulations:class_file", args=[file.public_id])).content.decode()
    assert "There is nothing to save." in html
    assert f"{len(others) + 1} as they are" in html


def test_others_do_not_find_it(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_district)
    assert client.get(PAGE, {"district": str(cast.kennewick.public_id)}).status_code == 404
    assert client.get(PAGE, {"district": "elsewhere"}).status_code == 404
    client.force_login(cast.teacher)
    assert client.get(PAGE).status_code == 403


def test_who_keeps_several_districts_chooses_one_first(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    for query in ({"district": ""}, {}):
        answer = client.get(PAGE, query)
        assert answer.status_code == 422
        html = answer.content.decode()
        assert '<a href="#template_district">Choose a school district</a>' in html
        assert 'id="template_district"' in html
        assert "<title>Error: Codes from a file" in html
