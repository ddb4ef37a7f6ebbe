"""A whole request to articulate as it is typed page by page, and the steps it goes through; for the cast and its tests."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.access import Origin
from accounts.models import User
from articulations import actions
from articulations.forms.drafts import Draft
from articulations.models import (
    ArticulationRequest,
    CareerCluster,
    RequestFile,
    RequestStep,
    RequestVersion,
)
from organizations.models import College, Consortium, HighSchool, Seat
from sers.lib.uploads import check

#: From where the tests sign.
HERE = Origin("127.0.0.1", "password")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
COMPETENCIES = "Keep a ledger\nClose the books\nRead a balance sheet\nPrepare a payroll\nFile a tax form"


def typed(
    asked: ArticulationRequest, *, title: str, seats: list[Seat], **changes: dict[str, Any]
) -> dict[str, Any]:
    """What is typed on each page; `changes` by page."""
    cluster = CareerCluster.objects.get_or_create(
        framework="legacy16", number=4, defaults={"name": "Business"}
    )[0]
    pages: dict[str, dict[str, Any]] = {
        "schools": {"schools": []},
        "class": {"title": title, "cip": "52.0301", "state_code": "12104", "cluster": str(cluster.pk), "pathway": "Accounting"},
        "teachers": {"seats": [str(seat.public_id) for seat in seats]},
        "courses": {"course_1": "", "code_1": "ACCT 110", "title_1": "Bookkeeping", "credits_1": "5"},
        "teaching": {"length": "2 semesters", "textbook": "Century 21 Accounting", "other_colleges": ""},
        "pathway": {
            "leads_to": "degree", "leads_to_name": "AAS Accounting", "technical_fields": ["business"],
        },
        "competencies": {
            "competencies": COMPETENCIES, "mathematics": "Percent and ratio", "science": "Evidence and error",
            "technology": "Spreadsheets", "communications": "A report to the owner",
        },
    }  # fmt: skip
    return {page: {**answers, **changes.get(page, {})} for page, answers in pages.items()}


def begun(
    *, school: HighSchool, college: College, consortium: Consortium, by: User, kind: str = "new", **facts: Any
) -> ArticulationRequest:
    return actions.start_request(
        kind=kind, consortium=consortium, college=college, school=school, by=by, **facts
    )


def answered(
    asked: ArticulationRequest, *, by: User, title: str = "Bookkeeping", seats: list[Seat], **changes: Any
) -> ArticulationRequest:
    """Every page is done, every paper attached."""
    for page, answers in typed(asked, title=title, seats=seats, **changes).items():
        form = Draft(asked).pages[page].__class__(answers, asked=asked)
        asked = form.save(answers, by=by)
    return answered_files(asked, by=by)


def answered_files(asked: ArticulationRequest, *, by: User) -> ArticulationRequest:
    """Every paper is attached."""
    for kind in RequestFile.Kind:
        paper = check(SimpleUploadedFile(f"{kind}.pdf", PDF + f"% {kind} {asked.pk}".encode() + b"\n%%EOF\n"))
        actions.add_file(asked=asked, kind=kind, paper=paper, by=by)
    return ArticulationRequest.objects.with_names().get(pk=asked.pk)


def handed_in(asked: ArticulationRequest, *, by: User, note: str = "") -> RequestVersion:
    return actions.hand_in(asked=asked, content=Draft(asked).content(), note=note, by=by)


def fresh(asked: ArticulationRequest) -> ArticulationRequest:
    found: ArticulationRequest = ArticulationRequest.objects.with_names().get(pk=asked.pk)
    return found


def at_hand(asked: ArticulationRequest) -> RequestStep:
    step = fresh(asked).step
    assert step is not None
    return step


def signed(asked: ArticulationRequest, *, by: User) -> ArticulationRequest:
    step = at_hand(asked)
    return actions.sign_step(
        asked=asked, step=step, typed_name=by.name, sha256=step.version.sha256, origin=HERE, by=by
    )


def screened(asked: ArticulationRequest, *, by: User) -> ArticulationRequest:
    return actions.pass_screening(
        asked=asked, step=at_hand(asked), codes=["V140100"], perkins_confirmed=True, by=by
    )


def rows(*covers: str) -> list[actions.Row]:
    return [
        actions.Row("ACCT 110", f"Outcome {number}", [] if cover == "not" else [number], cover)
        for number, cover in enumerate(covers, 1)
    ]


def approved(asked: ArticulationRequest, *, by: User) -> ArticulationRequest:
    return actions.pass_review(
        asked=asked, step=at_hand(asked), rows=rows("wholly", "wholly", "wholly", "wholly", "partly"), by=by
    )
