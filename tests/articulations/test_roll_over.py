"""/articulations/sections/roll-over/"""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Event
from articulations import actions, rules
from articulations.models import Rollover, Section
from organizations.models import AcademicYear, Consortium
from sers.lib.refusal import Refused
from tests.people import Cast, make_section
from tests.policing import PolicingClient
from tests.raw import breaks, change, copy, stands

URL = "/articulations/sections/roll-over/"


def following(cast: Cast) -> AcademicYear:
    return AcademicYear(first_year=cast.year.first_year + 1)


def address(cast: Cast, of: Any = None) -> str:
    return f"{URL}?of={(of or cast.kamiakin).public_id}&into={cast.year.first_year + 1}"


def ticked(*sections: Section, **changes: str) -> dict[str, str]:
    sent = {}
    for one in sections:
        sent |= {
            f"make-{one.public_id}": "1",
            f"term-{one.public_id}": one.term,
            f"teacher-{one.public_id}": "",
        }
    return sent | changes


def made(cast: Cast) -> Any:
    return Section.objects.filter(year__first_year=cast.year.first_year + 1).order_by("pk")


def roll(cast: Cast, consortium: Consortium | None = None) -> Rollover:
    return actions.roll_over(
        consortium=consortium or cast.columbia_basin, school=None, year_from=cast.year, year_to=following(cast),
        by=cast.consortium,
    )  # fmt: skip


def test_a_school_is_looked_at_and_rolled_over(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert "Every school of Columbia Basin" in client.get(URL).content.decode()
    page = client.get(address(cast)).content.decode()
    assert "2 made anew" in page
    assert "Nothing is made yet." in page
    assert not made(cast).exists()
    response = client.post(address(cast), ticked(cast.section, cast.colleague_section))
    assert response.status_code == 302
    new = made(cast).get(high_school_course=cast.accounting)
    assert (new.label, new.term, new.copied_from) == (cast.section.label, cast.section.term, cast.section)
    assert new.class_code != cast.section.class_code
    assert set(new.teachers.all()) == {cast.teacher_seat}  # who left and who is locked do not go on
    assert Event.objects.get(kind="articulations.rolled_over").data["made"] == 2
    page = client.get(response.url).content.decode()
    assert new.class_code in page
    assert "Undo" in page


def test_twice_makes_nothing_new(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    client.post(address(cast), ticked(cast.section, cast.colleague_section))
    page = client.get(address(cast)).content.decode()
    assert "2 there already" in page
    assert client.post(address(cast), ticked(cast.section)).status_code == 422
    assert made(cast).count() == 2
    with pytest.raises(Refused) as refused:
        roll(cast)
    assert refused.value.refusal.rule == "nothing_new"


def test_a_whole_consortium_in_one_act(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(address(cast, cast.columbia_basin)).content.decode()
    assert "2 classes are made, all of them or none." in page
    assert 'type="checkbox"' not in page
    assert client.post(address(cast, cast.columbia_basin)).status_code == 302
    assert made(cast).count() == 2
    assert not made(cast).filter(high_school_course=cast.health).exists()


def test_one_class_left_out_another_changed(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    sent = ticked(cast.section) | {
        f"term-{cast.section.public_id}": "s1",
        f"teacher-{cast.section.public_id}": str(cast.colleague_seat.public_id),
    }
    client.post(address(cast), sent)
    new = made(cast).get()
    assert (new.term, set(new.teachers.all())) == ("s1", {cast.colleague_seat})


def test_what_cannot_be_made_says_why(client: PolicingClient, cast: Cast) -> None:
    cast.welding_agreement.courses.update(valid_until=cast.year.ends_on)
    cast.teacher_seat.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    cast.teacher_seat.starts_on = cast.teacher_seat.ends_on
    cast.teacher_seat.save()
    client.force_login(cast.consortium)
    page = client.get(address(cast)).content.decode()
    assert "1 no agreement, 1 no teacher" in page
    assert "No agreement is in force in that year." in page
    assert "have left. Choose who teaches it." in page
    response = client.post(address(cast), ticked(cast.section))
    assert response.status_code == 422
    assert "choose who teaches it" in response.content.decode()
    assert not made(cast).exists()
    sent = ticked(cast.section, **{f"teacher-{cast.section.public_id}": str(cast.colleague_seat.public_id)})
    assert client.post(address(cast), sent).status_code == 302
    assert made(cast).get().teachers.get() == cast.colleague_seat


def test_all_or_nothing(cast: Cast) -> None:
    cast.welding_agreement.courses.update(valid_until=cast.year.ends_on)
    edits = {str(one.public_id): actions.Edit(one.term) for one in (cast.section, cast.colleague_section)}
    with pytest.raises(Refused) as refused:
        actions.roll_over(
            consortium=cast.columbia_basin, school=cast.kamiakin, year_from=cast.year, year_to=following(cast),
            edits=edits, by=cast.consortium,
        )  # fmt: skip
    assert refused.value.refusal.rule == "no_agreement"
    assert not made(cast).exists()


def test_an_account_that_waits_is_told_and_does_not_block(client: PolicingClient, cast: Cast) -> None:
    cast.colleague.activated_at = None
    cast.colleague.save(update_fields=("activated_at",))
    client.force_login(cast.consortium)
    page = client.get(address(cast)).content.decode()
    assert "2 made anew" in page
    assert "Colin Teacher has not activated the account yet" in page


@pytest.mark.parametrize("query", ["of=&into=2026", "of=x&into=x"])
def test_what_cannot_be_read_is_said(client: PolicingClient, cast: Cast, query: str) -> None:
    client.force_login(cast.consortium)
    assert client.get(f"{URL}?{query}").status_code == 422


def test_a_school_of_the_neighbour_is_no_choice(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(address(cast)).status_code == 422
    assert client.post(address(cast), ticked(cast.section)).status_code == 422
    with pytest.raises(Refused):
        actions.roll_over(
            consortium=cast.columbia_basin, school=None, year_from=cast.year, year_to=following(cast),
            by=cast.other_consortium,
        )  # fmt: skip


def test_rule_of_years(cast: Cast) -> None:
    def rule(first: int, then: int) -> str:
        refusal = rules.why_not_roll_over(cast.consortium, cast.columbia_basin, None, first, then)
        return refusal.rule if refusal else ""

    this = cast.year.first_year
    assert rule(this, this + 1) == rule(this - 1, this) == ""
    assert rule(this, this + 2) == "not_following"
    assert rule(this - 2, this - 1) == "past"


def test_the_database_keeps_one_copy_a_year(cast: Cast) -> None:
    roll(cast)
    new = made(cast).get(high_school_course=cast.accounting)
    with breaks("class_rolled_over_once"):
        copy(new, label="Other", class_code="ZZZZZZZ")
    with breaks("class_rolled_over_has_its_act"):
        copy(new, label="Other", class_code="ZZZZZZZ", copied_from_id=None)
    with breaks("rollover_goes_to_another_year"):
        change(cast.rollover, year_to_id=cast.last_year.pk)
    with breaks("rollover_undone_has_its_person"):
        change(cast.rollover, undone_at=None)
    with stands():
        copy(new, label="Other", class_code="ZZZZZZZ", copied_from_id=None, rollover_id=None)


@pytest.mark.parametrize("person", ["student", "teacher", "counselor", "district", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(URL).status_code == 403


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(cast)).status_code == 200
        return len(captured)

    before = queries()
    assert before == 16
    for label in ("Group 4", "Group 5"):
        make_section(cast.welding, cast.colleague_seat, label=label)
    assert queries() == before
