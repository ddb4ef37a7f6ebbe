"""Industry credentials in reports: the report counts the rows of the list, which are those its reader may see."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articulations.models import CareerCluster, HighSchoolCourse
from reports import rules
from reports.rules.credentials import credential_total, earned_of
from reports.rules.holdings import Holder
from reports.rules.standing import KINDS
from students import actions
from students.models import CredentialTakenBack, EarnedCredential, Student
from tests.people import Cast, make_credential, make_earned, make_registration, make_student
from tests.reports.test_lists import made, table, unpacked

KIND = next(kind for kind in KINDS if kind.key == "credentials")


@pytest.fixture
def earned(cast: Cast) -> list[EarnedCredential]:
    """This year: two in accounting, which prepares for one; one in welding, which does not; one that was taken back."""
    welder = make_registration(
        make_student(cast.kamiakin, "Willa"), cast.colleague_section, cast.welding_agreement
    )
    today = timezone.localdate()
    rows = [
        make_earned(cast.classmate_registration, cast.credential, by=cast.teacher, earned_on=today),
        make_earned(cast.below_registration, cast.first_aid, by=cast.teacher, earned_on=today),
        make_earned(welder, cast.first_aid, by=cast.colleague, earned_on=today),
    ]
    wrong = make_earned(cast.registration, cast.credential, by=cast.teacher, earned_on=today)
    CredentialTakenBack.objects.create(earned=wrong, reason="Wrong row", taken_back_by=cast.teacher)
    return rows


def report(user: Any, cast: Cast, by: str = "") -> tuple[dict[str, list[str]], list[str]]:
    found = rules.standing_of(user, KIND, year=cast.year, by=by)
    return {line.label: line.cells for line in found.lines}, [words for _, words in found.named_total]


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("school", "Kamiakin High School"), ("district", "Kennewick School District"),
        ("college", "Columbia Basin College"), ("consortium", "Columbia Basin"), ("cluster", "Business Management"),
    ],
)  # fmt: skip
def test_students_who_earned_one_and_credentials_by_each_group(
    cast: Cast, earned: list[EarnedCredential], by: str, group: str
) -> None:
    """Of accounting's four students two; the welder's credential counts too, the welder's class prepares for none."""
    HighSchoolCourse.objects.update(cluster=CareerCluster.objects.legacy()[0])
    assert report(cast.consortium, cast, by) == ({group: ["4", "2", "3"]}, ["4", "2", "3"])
    found = rules.standing_of(cast.consortium, KIND, year=cast.year, by=by)
    assert found.finding == (
        f"2 of 4 students in classes of {cast.year} that prepare for an industry credential have earned one (50 %); "
        "3 credentials in all."
    )


def test_without_a_cluster_they_are_in_all_alone(cast: Cast, earned: list[EarnedCredential]) -> None:
    assert report(cast.consortium, cast, "cluster") == ({}, ["4", "2", "3"])


@pytest.mark.parametrize("who", ["counselor", "district", "consortium", "state"])
def test_report_list_and_rows_are_the_same(cast: Cast, earned: list[EarnedCredential], who: str) -> None:
    user = getattr(cast, who)
    _, total = report(user, cast)
    listed = table(made(user, "credentials", year=cast.year))
    rows = EarnedCredential.objects.visible_to(user).standing().filter(registration__year=cast.year)
    assert int(total[2]) == len(listed) == rows.count() == 3
    assert {row["Credential"] for row in listed} == {"QuickBooks Certified User", "First Aid, CPR and AED"}
    assert {row["Reference"] for row in listed} == set(rows.values_list("registration__reference", flat=True))


def test_a_neighbour_counts_none_and_a_registrar_takes_no_list(
    cast: Cast, earned: list[EarnedCredential]
) -> None:
    make_credential("Anything", "Somebody", cast.health)
    assert report(cast.other_consortium, cast) == (
        {"Walla Walla High School": ["2", "0", "0"]},
        ["2", "0", "0"],
    )
    assert rules.why_not_list(cast.registrar, "credentials", "csv") is not None
    assert rules.why_not_list(cast.teacher, "credentials", "csv") is None


def test_where_no_class_prepares_it_says_so(cast: Cast) -> None:
    cast.credential.classes.clear()
    found = rules.standing_of(cast.consortium, KIND, year=cast.year)
    assert found.finding == f"No class of {cast.year} with students prepares for an industry credential."


def test_a_student_of_two_classes_counts_once_in_all(cast: Cast, earned: list[EarnedCredential]) -> None:
    cast.first_aid.classes.add(cast.welding)
    make_registration(cast.classmate, cast.colleague_section, cast.welding_agreement)
    rows, total = report(cast.consortium, cast)
    assert total == ["5", "3", "3"]  # accounting's four and the welder; the classmate once
    assert rows["Kamiakin High School"] == total


def test_two_records_of_a_person_count_once(cast: Cast, earned: list[EarnedCredential]) -> None:
    second = make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    make_earned(second, cast.credential, by=cast.colleague, earned_on=timezone.localdate())
    assert report(cast.consortium, cast)[1] == ["4", "2", "4"]
    Student.objects.filter(pk=cast.newcomer.pk).update(merged_into=cast.classmate)
    assert report(cast.consortium, cast)[1] == ["4", "2", "3"]
    assert earned_of(cast.consortium, cast.year).count() == 3
    assert len(table(made(cast.consortium, "credentials", year=cast.year))) == 3


def test_a_year_is_told_as_it_stood_on_a_day(cast: Cast, earned: list[EarnedCredential]) -> None:
    today = timezone.localdate()
    assert credential_total(cast.consortium, cast.year, today) == [4, 2, 3]
    assert credential_total(None, cast.year, today) == [4, 2, 3]
    assert credential_total(None, cast.year, today - timedelta(days=1)) == [0, 0, 0]  # registered today
    assert credential_total(cast.consortium, cast.last_year, cast.last_year.ends_on)[1:] == [1, 1]


def test_the_extract_names_nobody(cast: Cast, earned: list[EarnedCredential]) -> None:
    pack = unpacked(made(cast.state, "research", "zip", year=None))
    rows = list(csv.DictReader(io.StringIO(pack["credentials.csv"].decode("utf-8-sig"))))
    rows = [row for row in rows if row["credential"]]
    assert len(rows) == 4  # three of this year, the graduate's of last
    assert {row["credential"] for row in rows} == {"QuickBooks Certified User", "First Aid, CPR and AED"}
    everything = pack["credentials.csv"].decode()
    for one in (cast.classmate, cast.graduate, cast.below):
        assert one.sers_id not in everything
        assert one.last_name not in everything
        assert str(one.public_id) not in everything
    registrations = pack["registrations.csv"].decode()
    assert all(row["registration_key"] in registrations for row in rows)
    assert b"credentials.csv,given_by" in pack["columns.csv"]


def test_it_is_told_at_home_within_reach(cast: Cast) -> None:
    done = actions.record_credentials(
        section=cast.section, credential=cast.credential, earned_on=timezone.localdate(),
        students=[cast.registration.public_id, cast.below_registration.public_id], by=cast.teacher,
    )  # fmt: skip
    assert done.receipt
    words = "QuickBooks Certified User was recorded for 2 students of Accounting 1."
    for who, told in (
        (cast.counselor, True), (cast.district, True), (cast.consortium, True),
        (cast.teacher, False),  # one's own act is no news
        (cast.registrar, False), (cast.other_consortium, False), (cast.other_teacher, False),
    ):  # fmt: skip
        news = [one.words for one in rules.activity_of(who, timezone.now()).news]
        assert (words in news) is told, who


def test_the_whole_record_holds_them_and_what_was_taken_back(cast: Cast) -> None:
    copier = rules.Copier(Holder.of(cast.graduate))
    copies = {table.name: copier.copy(table) for table in rules.TABLES}
    earned = copies["industry_credentials"].rows
    assert [row["credential"] for row in earned] == ["QuickBooks Certified User", "First Aid, CPR and AED"]
    assert {row["recorded_by"] for row in earned} == {cast.teacher.name}
    (back,) = copies["credentials_taken_back"].rows
    assert back["reason"] == "Another student’s"
