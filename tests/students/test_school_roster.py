"""/students/rosters/<id>/: what a school's file will do, which class is which, Take In, and what came of it."""

import tracemalloc
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Job, Mail
from sers.lib.refusal import Refused
from students import actions, rules, tasks
from students.models import RosterClass, RosterEntry, RosterImport, RosterLine
from tests.people import Cast, make_entry, make_section
from tests.policing import PolicingClient
from tests.students.pages import messages, text
from tests.students.rosters import HEADS, PERIOD_2, as_bundle, as_csv, came_to, district, hand_in, take_in


def address(roster: RosterImport) -> str:
    return reverse("students:school_roster", args=[roster.public_id])


def names(cast: Cast) -> list[str]:
    return [one.name for one in RosterEntry.objects.standing().on(cast.section)]


def faults(roster: RosterImport) -> list[str]:
    return [one.fault for one in RosterLine.objects.with_fault(roster)]


# --- Read -------------------------------------------------------------------------------------------------


def test_a_file_is_read_matched_and_changes_nothing_yet(cast: Cast) -> None:
    roster = hand_in(cast.teacher, as_csv(*PERIOD_2))
    assert (roster.state, roster.read, roster.lines, roster.faults) == ("preview", 3, 3, 0)
    (named,) = RosterClass.objects.in_file(roster)
    assert (named.section, named.number) == (cast.section, 3)
    assert names(cast) == []
    assert list(RosterLine.objects.filter(roster=roster).values_list("student", flat=True)) == [
        cast.student.pk,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",,101,Ana,Cruz,,", "Enter the class or its class code."),
        ("Accounting 1,Period 2,101,,Cruz,,", "Enter the first name."),
        ("Accounting 1,Period 2,101,Ana,Cruz,ana,", "Enter an e-mail like"),
        ("Accounting 1,Period 2,101,Ana,Cruz,,8", "Enter the grade level: 9, 10, 11 or 12."),
        (f"Accounting 1,Period 2,101,{'x' * 101},Cruz,,", "Shorten the name to 100"),
        (f"Accounting 1,Period 2,101,{'x' * 501},Cruz,,", "Shorten the cell of more than 500 letters."),
    ],
)
def test_lines_to_correct_say_the_field_and_the_remedy(cast: Cast, line: str, words: str) -> None:
    roster = hand_in(cast.teacher, as_csv(PERIOD_2[0], line))
    (told,) = faults(roster)
    assert told.startswith(words)
    assert roster.faults == 1
    with pytest.raises(Refused, match="Some lines have to be corrected"):
        take_in(roster)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"class,first name\nAccounting 1,Ana\n", "The column “last name” is missing"),
        (b"", "The sheet holds no rows"),
        (HEADS.encode() + b"\n", "names no student of a class of this school year"),
        (HEADS.encode() + b'\n"Accounting 1,Ana', "A quotation mark is open"),
        (HEADS.encode() + b"\nAccounting 1,,,\xff\xfa,,,", "letters that cannot be read"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_and_forgotten(cast: Cast, content: bytes, words: str) -> None:
    roster = hand_in(cast.teacher, content or b"\n")
    assert roster.state == "refused"
    assert words in roster.reason
    assert roster.path == ""


def test_a_class_code_names_the_class_and_a_strange_one_is_a_fault(cast: Cast) -> None:
    heads = "class code,first name,last name"
    roster = hand_in(cast.teacher, as_csv("acctg23,Ana,Cruz", "WELDING,Bo,Li", heads=heads))
    assert [one.section for one in RosterClass.objects.in_file(roster)] == [cast.section]
    assert faults(roster) == ["WELDING is no class code of a class of yours this year."]  # a colleague's


def test_semicolons_and_utf_16_are_read(cast: Cast) -> None:
    text_of = as_csv(*PERIOD_2).decode().replace(",", ";")
    assert hand_in(cast.teacher, text_of.encode("utf-16")).read == 3


def test_a_district_names_the_school(cast: Cast) -> None:
    make_section(cast.welding, cast.colleague_seat, label="Period 9")
    heads = f"school,{HEADS}"
    roster = hand_in(
        cast.district,
        as_csv(f"kamiakin high school,{PERIOD_2[0]}", f"Walla Walla High School,{PERIOD_2[1]}", heads=heads),
    )
    assert [one.section for one in RosterClass.objects.in_file(roster)] == [cast.section]
    assert "Walla Walla High School is no high school you bring rosters of" in faults(roster)[0]


def test_students_are_known_by_number_e_mail_and_birth_date_of_the_district_only(cast: Cast) -> None:
    born = cast.below.birth_date
    heads = f"{HEADS},birth date"
    lines = (
        "Accounting 1,Period 2,1,Marisol,Vega,MARISOL@example.net,,",
        f"Accounting 1,Period 2,2,Bo,Ángel-Lindqvist,,,{born:%m/%d/%Y}",
        "Accounting 1,Period 2,3,Otto,Weiss,otto@example.net,,",  # of the neighbour's district
        "Accounting 1,Period 2,4,Oksana,Petrenko,,,",  # by name alone nobody is known
    )
    roster = hand_in(cast.counselor, as_csv(*lines, heads=heads))
    found = RosterLine.objects.filter(roster=roster)
    assert list(found.values_list("student", flat=True)) == [cast.student.pk, cast.below.pk, None, None]
    take_in(roster)
    again = hand_in(cast.counselor, as_csv("Accounting 1,Period 2,2,B.,Lindqvist,,", heads=HEADS))
    assert RosterLine.objects.get(roster=again).student == cast.below  # the school's number, seen before


def test_reading_costs_the_same_for_many_lines(cast: Cast) -> None:
    def queries(number: int) -> int:
        lines = [f"Accounting 1,Period 2,{at},Ana,Cruz{at},a{at}@example.org,11" for at in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert hand_in(cast.teacher, as_csv(*lines)).read == number
        return len(caught)

    queries(1)
    assert queries(3) == queries(400)


# --- OneRoster --------------------------------------------------------------------------------------------


def test_oneroster_classes_of_this_year_are_read_and_nothing_else(cast: Cast) -> None:
    files = district(
        "e1,,,c1,org1,u1,student,,,", "e2,,,c1,org1,u2,student,,,", "e3,,,c0,org1,u2,student,,,", "e9,,,c1,org1,t1,teacher,,,",
        first_year=cast.year.first_year,
    )  # fmt: skip
    files["demographics.csv"] = "sourcedId,birthDate,sex\nu1,2009-05-12,female\n"
    roster = hand_in(cast.counselor, as_bundle(files), "district.zip")
    assert (roster.kind, roster.state, roster.read, roster.is_whole) == ("oneroster", "preview", 2, True)
    assert [(one.section, one.number) for one in RosterClass.objects.in_file(roster)] == [(cast.section, 2)]
    assert came_to(take_in(roster)) == (2, 0, 0, 0)
    assert names(cast) == ["Ximena Ruiz", "Marisol Vega"]
    again = take_in(hand_in(cast.counselor, as_bundle(files), "district.zip"))
    assert came_to(again) == (0, 0, 0, 2)


def test_oneroster_changes_say_who_came_and_who_left(cast: Cast) -> None:
    first_year = cast.year.first_year
    take_in(hand_in(cast.counselor, as_bundle(district(first_year=first_year)), "district.zip"))
    changes = district(
        "e1,tobedeleted,2026-10-01,c1,org1,u1,student,,,", "e3,active,2026-10-01,c1,org1,u3,student,,,",
        users=("u3,active,2026-10-01,true,yusuf,,Yusuf,Adan,,103,,,,,12",), first_year=first_year,
    )  # fmt: skip
    delta = {"file.enrollments": "delta"}
    roster = take_in(hand_in(cast.counselor, as_bundle(changes, manifest=delta), "delta.zip"))
    assert not roster.is_whole
    assert came_to(roster) == (1, 0, 1, 0)
    assert names(cast) == ["Yusuf Adan", "Ximena Ruiz"]


def test_an_enrollment_that_is_over_has_left(cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    files = district(
        "e1,,,c1,org1,u1,student,,,",
        f"e2,,,c1,org1,u2,student,,,{yesterday}",
        first_year=cast.year.first_year,
    )
    take_in(hand_in(cast.counselor, as_bundle(files), "district.zip"))
    assert names(cast) == ["Marisol Vega"]


@pytest.mark.parametrize(
    ("without", "manifest", "words"),
    [
        ("users.csv", {}, "The ZIP file holds no users.csv"),
        ("", {"file.enrollments": "absent"}, "The ZIP file holds no enrollments.csv"),
        ("", {"oneroster.version": "2.0"}, "The ZIP file has no manifest of OneRoster 1.2"),
    ],
)
def test_a_bundle_that_lacks_something_says_what(
    cast: Cast, without: str, manifest: dict[str, str], words: str
) -> None:
    files = {
        name: rows for name, rows in district(first_year=cast.year.first_year).items() if name != without
    }
    roster = hand_in(cast.counselor, as_bundle(files, manifest=manifest), "district.zip")
    assert (roster.state, roster.reason.startswith(words)) == ("refused", True), roster.reason


def test_a_zip_that_is_none_or_that_is_cut_off(cast: Cast) -> None:
    whole = as_bundle(district(first_year=cast.year.first_year))
    for content in (b"PK\x03\x04 nothing", whole[: len(whole) // 2]):
        roster = hand_in(cast.counselor, content, "district.zip")
        assert (roster.state, roster.reason) == (
            "refused",
            "The ZIP file cannot be read. Export it once more",
        )


def test_a_student_missing_from_users_is_a_line_to_correct(cast: Cast) -> None:
    files = district("e1,,,c1,org1,u7,student,,,", first_year=cast.year.first_year)
    assert "is not in users.csv" in faults(hand_in(cast.counselor, as_bundle(files), "district.zip"))[0]


# --- Taken in -----------------------------------------------------------------------------------------------


def test_taken_in_again_changes_nothing_and_a_changed_file_says_what(cast: Cast) -> None:
    mail = Mail.objects.count()
    assert came_to(take_in(hand_in(cast.teacher, as_csv(*PERIOD_2)))) == (3, 0, 0, 0)
    before = list(RosterEntry.objects.order_by("pk").values())
    assert came_to(take_in(hand_in(cast.teacher, as_csv(*PERIOD_2)))) == (0, 0, 0, 3)
    assert list(RosterEntry.objects.order_by("pk").values()) == before
    changed = (
        "Accounting 1,Period 2,103,Yusuf,Adan Ali,,12",
        "Accounting 1,Period 2,104,Ana,Cruz,,10",
        PERIOD_2[1],
    )
    assert came_to(take_in(hand_in(cast.teacher, as_csv(*changed)))) == (1, 1, 1, 1)
    assert names(cast) == ["Yusuf Adan Ali", "Ana Cruz", "Ximena Ruiz"]
    gone = RosterEntry.objects.on(cast.section).exclude(gone_at=None).get()
    assert gone.name == "Marisol Vega"
    back = take_in(hand_in(cast.teacher, as_csv(*changed, PERIOD_2[0])))
    assert came_to(back) == (1, 0, 0, 3)
    assert "Marisol Vega" in names(cast)
    assert Mail.objects.count() == mail


def test_the_file_and_its_lines_are_gone_when_it_is_taken_in(cast: Cast) -> None:
    roster = hand_in(cast.teacher, as_csv(*PERIOD_2, "Painting,Period 1,900,Somebody,Else,,"))
    path = roster.path
    assert storages["uploads"].exists(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda act, **_: act())
        take_in(roster)
    assert not storages["uploads"].exists(path)
    assert not RosterLine.objects.filter(roster=roster).exists()
    assert "Somebody Else" not in [one.name for one in RosterEntry.objects.all()]
    assert RosterClass.objects.get(title="Painting").left_out
    assert Event.objects.filter(kind="students.roster_taken_in").get().data["added"] == 3


def test_other_classes_of_the_school_stay_as_they_are(cast: Cast) -> None:
    """A teacher's file speaks of the classes it names."""
    make_entry(cast.colleague_section)
    standing = RosterEntry.objects.on(cast.colleague_section).standing().count()
    take_in(hand_in(cast.teacher, as_csv(*PERIOD_2)))
    assert RosterEntry.objects.on(cast.colleague_section).standing().count() == standing == 1


def test_a_class_is_asked_once_and_remembered(cast: Cast) -> None:
    lines = [line.replace("Accounting 1,Period 2", "ACC-11 B,3") for line in PERIOD_2]
    roster = hand_in(cast.counselor, as_csv(*lines))
    (named,) = RosterClass.objects.in_file(roster)
    assert named.section is None
    with pytest.raises(Refused, match="No class of the file is a class of SERS yet"):
        take_in(roster)
    assert actions.match_classes(roster=roster, matches={named: cast.section}, by=cast.counselor) == 1
    take_in(roster)
    assert len(names(cast)) == 3
    again = hand_in(cast.counselor, as_csv(*lines))
    assert RosterClass.objects.in_file(again).get().section == cast.section


def test_a_class_matched_otherwise_takes_its_students_along(cast: Cast) -> None:
    roster = take_in(hand_in(cast.counselor, as_csv(*PERIOD_2)))
    again = hand_in(cast.counselor, as_csv(*PERIOD_2))
    (named,) = RosterClass.objects.in_file(again)
    other = make_section(cast.accounting, cast.teacher_seat, label="Period 5")
    actions.match_classes(roster=again, matches={named: other}, by=cast.counselor)
    assert came_to(take_in(again)) == (3, 0, 3, 0)
    assert names(cast) == []
    assert roster.state == "done"


def test_two_teachers_may_name_their_classes_alike(cast: Cast) -> None:
    lines = [line.replace("Accounting 1", "My class") for line in PERIOD_2]
    mine, theirs = hand_in(cast.teacher, as_csv(*lines)), hand_in(cast.colleague, as_csv(*lines))
    assert RosterClass.objects.in_file(mine).get() != RosterClass.objects.in_file(theirs).get()


def test_nobody_matches_a_class_beyond_their_reach_or_takes_in_anothers_file(cast: Cast) -> None:
    roster = hand_in(cast.teacher, as_csv(*PERIOD_2))
    (named,) = RosterClass.objects.in_file(roster)
    with pytest.raises(Refused, match="not one of yours"):
        actions.match_classes(roster=roster, matches={named: cast.colleague_section}, by=cast.teacher)
    for by in (cast.colleague, cast.counselor):
        with pytest.raises(Refused, match="Who handed a file in"):
            actions.take_in_roster(roster=roster, by=by)


def test_taken_in_once_whatever_is_pressed(cast: Cast) -> None:
    roster = take_in(hand_in(cast.teacher, as_csv(*PERIOD_2)))
    with pytest.raises(Refused, match="waits for nothing"):
        actions.take_in_roster(roster=roster, by=cast.teacher)
    tasks.take_in_roster(Job.objects.get(task=actions.TAKE_IN_ROSTER_TASK, subject_id=roster.pk).pk)
    assert RosterEntry.objects.on(cast.section).count() == 3


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("teacher", True),
        ("counselor", True),
        ("district", True),
        ("consortium", False),
        ("registrar", False),
        ("state", False),
    ],
)
def test_who_brings_rosters(cast: Cast, who: str, may: bool) -> None:
    assert rules.can_bring_rosters(getattr(cast, who)) is may


# --- Forgotten --------------------------------------------------------------------------------------------


def test_what_lies_for_a_week_and_what_is_of_a_year_that_is_over_is_forgotten(cast: Cast) -> None:
    kept = take_in(hand_in(cast.teacher, as_csv(*PERIOD_2)))
    lying = hand_in(cast.teacher, as_csv(*PERIOD_2))
    RosterImport.objects.filter(pk=lying.pk).update(handed_in_at=timezone.now() - timedelta(days=8))
    assert RosterEntry.objects.filter(section__year=cast.last_year).exists()
    assert actions.forget_rosters() >= 1
    assert not RosterImport.objects.filter(pk=lying.pk).exists()
    assert RosterImport.objects.filter(pk=kept.pk).exists()
    assert not RosterEntry.objects.filter(section__year=cast.last_year).exists()
    assert RosterEntry.objects.on(cast.section).count() == 3


# --- Memory -------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_file(cast: Cast) -> None:
    """Reading twenty times the lines takes no more memory at its peak than a few hundred lines do."""

    def peak(number: int) -> int:
        lines = "\n".join(
            f"Accounting 1,Period 2,{at},Ana,Cruz{at},a{at}@example.org,11" for at in range(number)
        )
        content = f"{HEADS}\n{lines}\n".encode()
        roster = _handed_in(cast, content)
        job = Job.objects.get(task=actions.READ_ROSTER_TASK, subject_id=roster.pk)
        del content, lines
        tracemalloc.start()
        tasks.read_roster(job.pk)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(600)
    assert peak(12_000) < 2 * peak(600)


def _handed_in(cast: Cast, content: bytes) -> RosterImport:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from sers.lib.uploads import check_sheet

    checked = check_sheet(SimpleUploadedFile("r.csv", content), endings={".csv": b""}, most=20 * 1024 * 1024)
    return actions.hand_in_roster(checked=checked, by=cast.teacher)


# --- The page -----------------------------------------------------------------------------------------------


def test_the_page_from_reading_to_the_end(client: PolicingClient, cast: Cast) -> None:
    roster = _handed_in(cast, as_csv(*PERIOD_2))
    client.force_login(cast.teacher)
    assert "The file waits for its turn" in text(client.get(address(roster)))
    tasks.read_roster(Job.objects.get(task=actions.READ_ROSTER_TASK, subject_id=roster.pk).pk)
    words = text(client.get(address(roster)))
    assert "3 come" in words
    assert "Accounting 1, Period 2" in words
    assert client.post(address(roster), {"take_in": "1"}).status_code == 302
    assert "3 lines are taken in together" in text(client.get(address(roster)))
    tasks.take_in_roster(Job.objects.get(task=actions.TAKE_IN_ROSTER_TASK, subject_id=roster.pk).pk)
    words = text(client.get(address(roster)))
    assert "The roster is taken in 3 come" in words


def test_the_page_matches_classes(client: PolicingClient, cast: Cast) -> None:
    roster = hand_in(cast.counselor, as_csv(*(line.replace("Accounting 1", "Ledgers") for line in PERIOD_2)))
    client.force_login(cast.counselor)
    words = text(client.get(address(roster)))
    assert "No class of the file is a class of SERS yet." in words
    named = RosterClass.objects.in_file(roster).get()
    name = f"class-{named.public_id}"
    for value, section in (
        (cast.section.public_id, cast.section),
        ("none", None),
        ("rubbish", None),
        (cast.other_section.public_id, None),
    ):
        client.post(
            f"{address(roster)}?page=1",
            {name: str(value), "show": "" if section else "matched", "match": "1"},
        )
        client.post(address(roster), {name: str(value), "show": "out", "match": "1"})
        client.post(address(roster), {name: str(value), "show": "open", "match": "1"})
        named.refresh_from_db()
        assert named.section == section
    assert messages(client.get(address(roster)))


def test_the_page_shows_lines_to_correct_and_no_button(client: PolicingClient, cast: Cast) -> None:
    roster = hand_in(cast.teacher, as_csv(*PERIOD_2, "Accounting 1,Period 2,9,,Nobody,,"))
    client.force_login(cast.teacher)
    response = client.get(address(roster))
    assert "1 line to correct" in text(response)
    assert "Enter the first name." in text(response)
    assert b'name="take_in"' not in response.content
    client.post(address(roster), {"take_in": "1"})
    assert "Some lines have to be corrected" in str(messages(client.get(address(roster))))


def test_the_page_of_a_refused_file(client: PolicingClient, cast: Cast) -> None:
    roster = hand_in(cast.teacher, b"class,first name\nAccounting 1,Ana\n")
    client.force_login(cast.teacher)
    assert "The file cannot be read The column “last name” is missing" in text(client.get(address(roster)))


@pytest.mark.parametrize("person", ["colleague", "counselor", "district"])
def test_somebody_elses_file_is_not_there(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(address(cast.roster_import)).status_code == 404


def test_the_page_costs_the_same_for_one_class_and_three(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    for number in (1, 3):
        lines = [line.replace("Period 2", f"Period {at}") for line in PERIOD_2 for at in range(number)]
        roster = hand_in(cast.counselor, as_csv(*lines))
        client.get(address(roster))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{address(roster)}?show=open").status_code == 200
        assert len(caught) == 13
