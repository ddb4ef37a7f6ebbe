"""Giving, changing and ending seats; accounts that come with them; reminders; files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role, has_role
from accounts.actions import find_link
from accounts.models import Event, Job, Mail, MailedLink, User
from accounts.tasks import sweep
from articulations.actions import enter_section
from articulations.models import Section
from organizations import actions, rules
from organizations.models import AcademicYear, PeopleFile, Seat
from organizations.rules import Wanted
from organizations.tasks import save_people_file
from sers.lib.refusal import Refused
from students.actions import register
from students.models import Registration
from tests.people import Cast, make_seat, make_user

ACTIVATE = MailedLink.Purpose.ACTIVATE


def wanted(cast: Cast, **facts: Any) -> Wanted:
    usual = Wanted("Nadia", "Núñez", "nadia@example.org", Role.TEACHER, cast.kamiakin, timezone.localdate())
    return replace(usual, **facts)


def give(cast: Cast, by: User | None = None, known: User | None = None, **facts: Any) -> actions.Given:
    return actions.give_access(
        wanted=wanted(cast, **facts), known=known, reason="New this year", by=by or cast.consortium
    )


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as error:
        call(*args, **kwargs)
    return error.value.refusal.rule


def token_in(mail: Mail) -> str:
    return mail.text.split("/accounts/link")[1].split("/")[1].split()[0]


def last_mail(user: User) -> Mail:
    return Mail.objects.filter(person=user).latest("id")


# --- Accounts -----------------------------------------------------------------------------------------------


def test_an_account_comes_with_its_first_seat(cast: Cast) -> None:
    given = give(cast)
    user = given.seat.user
    assert given.is_new
    assert (user.username, user.email, user.activated_at) == ("nadia.nunez", "nadia@example.org", None)
    assert not user.has_usable_password()
    assert (given.seat.role, given.seat.place, given.seat.granted_by) == (
        Role.TEACHER,
        cast.kamiakin,
        cast.consortium,
    )
    mail = last_mail(user)
    assert (mail.to, mail.subject) == ("nadia@example.org", "Your SERS account")
    assert "Teacher, Kamiakin High School" in mail.text
    assert "nadia.nunez" in mail.text
    assert "24 hours" in mail.text
    link = find_link(token=token_in(mail), purpose=ACTIVATE)
    assert link is not None
    assert (link.user, link.asked_by) == (user, cast.consortium)
    kinds = list(
        Event.objects.filter(actor=cast.consortium).order_by("id").values_list("kind", "data__reason")
    )
    assert kinds[-2:] == [
        ("organizations.account_created", "New this year"),
        ("organizations.seat_given", "New this year"),
    ]


def test_the_link_is_in_the_mail_alone(cast: Cast) -> None:
    token = token_in(last_mail(give(cast).seat.user))
    assert token not in str(list(MailedLink.objects.values())) + str(list(Event.objects.values()))


def test_one_person_one_account(cast: Cast) -> None:
    """Whoever of the staff has the address gets the seat there, also out of the giver's reach; case does not matter."""
    given = give(cast, email="Tobias@Example.org", first_name="Somebody")
    assert not given.is_new
    assert given.seat.user == cast.other_teacher
    mail = last_mail(cast.other_teacher)
    assert mail.subject == "You have a further seat in SERS"
    assert "/accounts/link" not in mail.text
    assert not MailedLink.objects.filter(user=cast.other_teacher).exists()


def test_a_student_s_address_makes_an_account_of_its_own(cast: Cast) -> None:
    """A student's record and a job are two things: nobody gives a seat to a student's account by its address."""
    given = give(cast, email=cast.student.email)
    assert given.is_new
    assert given.seat.user != cast.student.user


def test_a_further_seat_of_somebody_not_activated_mails_a_new_link(cast: Cast) -> None:
    first = token_in(last_mail(give(cast).seat.user))
    given = give(cast, role=Role.COUNSELOR)
    assert not given.is_new
    assert find_link(token=first, purpose=ACTIVATE) is None
    assert find_link(token=token_in(last_mail(given.seat.user)), purpose=ACTIVATE) is not None


def test_a_seat_is_given_once(cast: Cast) -> None:
    give(cast)
    mails = Mail.objects.count()
    assert refused(give, cast) == "seat_held"
    assert Mail.objects.count() == mails


@pytest.mark.parametrize(
    ("who", "facts", "rule"),
    [
        ("district", {"role": Role.DISTRICT, "place": "kennewick"}, "above_reach"),
        ("district", {"place": "wahi"}, "beyond_reach"),
        ("consortium", {"role": Role.CONSORTIUM, "place": "columbia_basin"}, "above_reach"),
        ("teacher", {}, "above_reach"),
        ("registrar", {"role": Role.FACULTY, "place": "cbc"}, "above_reach"),
        ("district", {"role": Role.COUNSELOR, "signs_as": "principal"}, "signing_above"),
        ("consortium", {"signs_as": "principal"}, "title_of_another_role"),
        ("consortium", {"role": Role.STUDENT, "place": None}, "students_come_themselves"),
    ],
)
def test_the_rules_are_asked_again(cast: Cast, who: str, facts: dict[str, Any], rule: str) -> None:
    facts = {
        name: getattr(cast, value) if isinstance(value, str) and name != "role" else value
        for name, value in facts.items()
    }
    people = User.objects.count()
    assert refused(give, cast, getattr(cast, who), **facts) == rule
    assert User.objects.count() == people


def test_nobody_reaches_a_seat_by_typing_their_own_address(cast: Cast) -> None:
    assert refused(give, cast, email=cast.consortium.email.upper()) == "own_seat"
    assert refused(give, cast, known=cast.consortium) == "own_seat"


def test_a_teacher_who_has_not_activated_blocks_nobody(cast: Cast) -> None:
    """Invited a minute ago: stands in the list of a new class, the class opens, and a student registers for it."""
    seat = give(cast).seat
    today = timezone.localdate()
    assert seat in Seat.objects.teaching_at(cast.kamiakin, today)
    section = enter_section(
        high_school_course=cast.welding, year=AcademicYear.objects.current(), term=Section.Term.YEAR,
        label="Period 9", teachers=[seat], by=cast.consortium,
    )  # fmt: skip
    assert cast.newcomer.user is not None
    registration = register(student=cast.newcomer, section=section, college=cast.cbc, by=cast.newcomer.user)
    assert registration.status == Registration.Status.IN_PROGRESS


# --- Changing and ending ------------------------------------------------------------------------------------


def change(cast: Cast, seat: Seat, by: User | None = None, **facts: Any) -> Mapping[str, Any]:
    usual = {"starts_on": seat.starts_on, "ends_on": seat.ends_on, "signs_as": seat.signs_as}
    return actions.change_seat(seat=seat, reason="Because", by=by or cast.consortium, **{**usual, **facts})


def test_a_seat_is_extended_and_given_a_last_day(cast: Cast) -> None:
    today = timezone.localdate()
    seat = cast.colleague_seat
    assert list(change(cast, seat, ends_on=today)) == ["Last day"]
    seat.refresh_from_db()
    assert seat.is_held(today)
    assert seat.is_over(today + timedelta(days=1))
    assert list(change(cast, seat, ends_on=None)) == ["Last day"]
    event = Event.objects.filter(kind="organizations.seat_changed").latest("id")
    assert event.data["reason"] == "Because"
    assert event.data["changes"]["Last day"][1] == ""
    assert change(cast, seat, ends_on=None) == {}


def test_who_signs_is_said_by_who_may(cast: Cast) -> None:
    seat = cast.counselor.seats.get()
    assert refused(change, cast, seat, cast.district, signs_as=cast.principal) == "signing_above"
    assert list(change(cast, seat, signs_as=cast.principal)) == ["Signs as"]
    seat.refresh_from_db()
    assert seat.may_sign
    assert refused(change, cast, seat, cast.district, signs_as=None) == "signing_above"
    today = timezone.localdate()
    assert list(change(cast, seat, cast.district, ends_on=today)) == ["Last day"]  # leaves the title as it is


@pytest.mark.parametrize(
    ("who", "whose", "rule"),
    [
        ("other_consortium", "teacher", "beyond_reach"),
        ("counselor", "teacher", "above_reach"),
        ("teacher", "teacher", "own_seat"),
        ("district", "district", "own_seat"),
        ("consortium", "former_teacher", "seat_over"),
        ("consortium", "consortium", "own_seat"),
    ],
)
def test_who_may_not_change_or_end_a_seat(cast: Cast, who: str, whose: str, rule: str) -> None:
    seat, by = getattr(cast, whose).seats.get(), getattr(cast, who)
    assert refused(change, cast, seat, by, ends_on=timezone.localdate()) == rule
    assert refused(actions.end_seat, seat=seat, reason="Because", by=by) == rule
    before = seat.ends_on
    seat.refresh_from_db()
    assert (seat.ends_on, seat.withdrawn_at) == (before, None)


def test_a_seat_ends_at_once(cast: Cast) -> None:
    today = timezone.localdate()
    ended = actions.end_seat(seat=cast.teacher_seat, reason="Left the school", by=cast.district)
    assert not has_role(User.objects.get(pk=cast.teacher.pk), Role.TEACHER)
    assert (ended.ends_on, ended.is_over(today)) == (today, True)
    event = Event.objects.get(kind="organizations.seat_ended")
    assert (event.actor, event.subject_id, event.data["reason"]) == (
        cast.district,
        ended.pk,
        "Left the school",
    )
    assert last_mail(cast.teacher).subject == "Your seat in SERS has ended"
    assert cast.section.teachers.filter(pk=ended.pk).exists()  # the class loses nothing


def test_a_seat_ahead_that_is_ended_never_begins(cast: Cast) -> None:
    later = timezone.localdate() + timedelta(days=30)
    seat = make_seat(cast.nobody, Role.TEACHER, cast.kamiakin, starts_on=later)
    ended = actions.end_seat(seat=seat, reason="Took another job", by=cast.consortium)
    assert ended.ends_on == later
    assert not Seat.objects.filter(pk=seat.pk).held_on(later).exists()


def test_with_the_last_seat_go_the_links(cast: Cast) -> None:
    given = give(cast)
    other = give(cast, role=Role.COUNSELOR)
    token = token_in(last_mail(given.seat.user))
    actions.end_seat(seat=given.seat, reason="A slip", by=cast.consortium)
    assert find_link(token=token, purpose=ACTIVATE) is not None
    actions.end_seat(seat=other.seat, reason="A slip", by=cast.consortium)
    assert find_link(token=token, purpose=ACTIVATE) is None
    assert refused(actions.send_link, user=given.seat.user, by=cast.consortium) == "no_seat_left"


def test_the_last_seat_of_the_state_is_not_ended(cast: Cast) -> None:
    colleague = make_user("Sven")
    seat = make_seat(colleague, Role.STATE, ends_on=timezone.localdate() + timedelta(days=9))
    last = cast.state.seats.get()
    assert refused(actions.end_seat, seat=last, reason="x", by=colleague) == "last_state_seat"
    assert refused(change, cast, last, colleague, ends_on=timezone.localdate()) == "last_state_seat"
    change(cast, seat, cast.state, ends_on=None)
    actions.end_seat(seat=last, reason="x", by=colleague)


# --- Links and reminders ------------------------------------------------------------------------------------


def test_a_new_link_ends_the_one_before(cast: Cast) -> None:
    user = give(cast).seat.user
    first = token_in(last_mail(user))
    actions.send_link(user=user, by=cast.district)
    assert find_link(token=first, purpose=ACTIVATE) is None
    link = find_link(token=token_in(last_mail(user)), purpose=ACTIVATE)
    assert link is not None
    assert link.asked_by == cast.district
    assert Event.objects.get(kind="organizations.link_sent").subject_id == user.pk


def test_three_links_a_day_by_whomever(cast: Cast) -> None:
    for by in (cast.district, cast.consortium, cast.state):
        actions.send_link(user=cast.invited, by=by)
    mails = Mail.objects.count()
    assert refused(actions.send_link, user=cast.invited, by=cast.state) == "too_many_links"
    assert Mail.objects.count() == mails


@pytest.mark.parametrize(
    ("who", "whom", "rule"),
    [
        ("other_consortium", "invited", "beyond_reach"),
        ("counselor", "invited", "above_reach"),
        ("consortium", "teacher", "activated_already"),
        ("consortium", "locked_teacher", "activated_already"),
    ],
)
def test_who_may_send_no_link(cast: Cast, who: str, whom: str, rule: str) -> None:
    assert refused(actions.send_link, user=getattr(cast, whom), by=getattr(cast, who)) == rule


def age(user: User, days: float) -> None:
    """Let the account and its links be so old."""
    moment = timezone.now() - timedelta(days=days)
    User.objects.filter(pk=user.pk).update(created_at=moment)
    MailedLink.objects.filter(user=user).update(created_at=moment, expires_at=moment + timedelta(days=1))


def reminders(user: User) -> int:
    return Mail.objects.filter(person=user, key__contains="-reminder-").count()


def test_sers_reminds_by_itself_three_times(cast: Cast) -> None:
    user = give(cast).seat.user
    age(user, 1)
    assert actions.remind_people() == 0
    for number in range(1, 5):
        age(user, 10)
        assert actions.remind_people() == (1 if number <= 3 else 0)
        assert actions.remind_people() == 0  # twice a day changes nothing
        assert reminders(user) == min(number, 3)
    mail = last_mail(user)
    assert mail.subject == "Your SERS account waits for you"
    assert find_link(token=token_in(mail), purpose=ACTIVATE) is None  # it was aged with the rest
    assert Event.objects.filter(kind="organizations.reminded", actor=None).count() == 3


@pytest.mark.parametrize("why", ["activated", "locked", "ended", "ahead"])
def test_who_is_not_reminded(cast: Cast, why: str) -> None:
    user = give(cast).seat.user
    age(user, 10)
    today = timezone.localdate()
    if why == "activated":
        User.objects.filter(pk=user.pk).update(activated_at=timezone.now())
    elif why == "locked":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif why == "ended":
        user.seats.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    else:
        user.seats.update(starts_on=today + timedelta(days=1))
    assert actions.remind_people() == 0


def test_files_nobody_saved_are_forgotten_after_a_week(cast: Cast) -> None:
    PeopleFile.objects.filter(pk=cast.people_file.pk).update(handed_in_at=timezone.now() - timedelta(days=8))
    actions.remind_people()
    assert not PeopleFile.objects.filter(pk=cast.people_file.pk).exists()
    assert PeopleFile.objects.filter(pk=cast.other_people_file.pk).exists()


# --- Files --------------------------------------------------------------------------------------------------

COLUMNS = (
    "first name",
    "last name",
    "e-mail",
    "role",
    "place",
    "district",
    "signs as",
    "first day",
    "last day",
    "another person",
)


def row(line: int, *cells: str) -> dict[str, str]:
    return {"line": str(line)} | dict(zip(COLUMNS, (*cells, *[""] * len(COLUMNS)), strict=False))


def hand_in(cast: Cast, *rows: dict[str, str], by: User | None = None) -> PeopleFile:
    return actions.hand_in_file(name="new.csv", rows=rows, reason="New in 2026-27", by=by or cast.consortium)


def save(file: PeopleFile) -> PeopleFile:
    actions.save_file(file=file, by=file.handed_in_by)
    save_people_file(Job.objects.get(task=actions.SAVE_FILE_TASK, subject_id=file.pk).pk)
    file.refresh_from_db()
    return file


GOOD = (
    row(2, "Ana", "Vega", "ana@example.org", "Teacher", "kamiakin high school"),
    row(3, "Ana", "Vega", "ana@example.org", "counselor", "Kamiakin High School"),
    row(4, "Bo", "", "BO@example.org", "District User", "Kennewick School District", "", "CTE director", "9/1/2026", "6/30/2099"),
    row(5, "", "", "", "Teacher", "Kamiakin High School"),
)  # fmt: skip


def good(cast: Cast) -> list[dict[str, str]]:
    first = AcademicYear.objects.current().starts_on
    return [{**one, "first day": f"{first:%m/%d/%Y}"} if one["first day"] else one for one in GOOD]


def test_a_file_is_saved_whole(cast: Cast) -> None:
    file = save(hand_in(cast, *good(cast)))
    assert (file.state, file.accounts, file.seats, file.rows) == ("done", 2, 3, [])
    ana, bo = User.objects.get(email="ana@example.org"), User.objects.get(email="BO@example.org")
    assert {seat.role for seat in ana.seats.all()} == {"teacher", "counselor"}
    assert bo.seats.get().signs_as == cast.cte_director
    assert Event.objects.get(kind="organizations.file_saved").data["accounts"] == 2
    assert Event.objects.filter(kind="organizations.seat_given", data__reason="New in 2026-27").count() == 3


def test_a_file_sent_twice_changes_nothing_more(cast: Cast) -> None:
    save(hand_in(cast, *good(cast)))
    people, mails = User.objects.count(), Mail.objects.count()
    again = hand_in(cast, *good(cast))
    assert {one.tag[1] for one in actions.rows_of_file(again)} == {"Has this seat already"}
    again = save(again)
    assert (again.state, again.accounts, again.seats) == ("done", 0, 0)
    assert (User.objects.count(), Mail.objects.count()) == (people, mails)


def test_saved_twice_at_one_time_is_saved_once(cast: Cast) -> None:
    file = hand_in(cast, *good(cast))
    actions.save_file(file=file, by=cast.consortium)
    actions.save_file(file=file, by=cast.consortium)
    job = Job.objects.get(task=actions.SAVE_FILE_TASK, subject_id=file.pk)
    save_people_file(job.pk)
    Job.objects.filter(pk=job.pk).update(state="queued", done_at=None, not_before=timezone.now(), attempts=0)
    save_people_file(job.pk)  # as a sweep that thought the worker dead
    assert User.objects.filter(email="ana@example.org").count() == 1


def test_what_changed_meanwhile_refuses_the_whole_file(cast: Cast) -> None:
    file = hand_in(cast, *good(cast))
    actions.save_file(file=file, by=cast.consortium)
    cast.consortium.seats.update(ends_on=timezone.localdate() - timedelta(days=1))
    save_people_file(Job.objects.get(task=actions.SAVE_FILE_TASK).pk)
    file.refresh_from_db()
    assert file.state == "refused"
    assert not User.objects.filter(email__in=("ana@example.org", "bo@example.org")).exists()


def test_a_row_to_correct_keeps_the_whole_file_back(cast: Cast) -> None:
    file = hand_in(cast, *good(cast), row(6, "Cy", "", "cy@", "Teacher", "Kamiakin High School"))
    assert refused(actions.save_file, file=file, by=cast.consortium) == "rows_to_correct"
    assert not Job.objects.filter(task=actions.SAVE_FILE_TASK).exists()


def test_who_handed_a_file_in_saves_it(cast: Cast) -> None:
    assert refused(actions.save_file, file=cast.people_file, by=cast.state) == "not_your_file"


ROWS_TO_CORRECT = {
    "no first name": (("", "Vega", "v@example.org", "Teacher", "Kamiakin High School"), "Enter the first name."),
    "no e-mail": (("Ana", "", "", "Teacher", "Kamiakin High School"), "Enter the e-mail."),
    "bad e-mail": (("Ana", "", "ana at school", "Teacher", "Kamiakin High School"), "Enter an e-mail like"),
    "no role": (("Ana", "", "a@example.org", "", "Kamiakin High School"), "Enter the role: Teacher"),
    "bad role": (("Ana", "", "a@example.org", "principal", "Kamiakin High School"), "“principal” is no role in SERS"),
    "student": (("Ana", "", "a@example.org", "Student", ""), "Students create their own accounts."),
    "no place": (("Ana", "", "a@example.org", "Teacher", ""), "Enter the place: a high school."),
    "unknown place": (("Ana", "", "a@example.org", "Teacher", "Hogwarts"), "“Hogwarts” is not a high school in SERS"),
    "place of another kind": (("Ana", "", "a@example.org", "Teacher", "Kennewick School District"), "is not a high school"),
    "beyond reach": (("Ana", "", "a@example.org", "Teacher", "Walla Walla High School"), "is outside your reach. Ask Walla Walla"),
    "above reach": (("Ana", "", "a@example.org", "Consortium", "Columbia Basin"), "given by state staff"),
    "own": (("Carmen", "Consortium", "carmen@example.org", "Teacher", "Kamiakin High School"), "a seat of their own"),
    "a person": (("Tess", "Teacher", "tess.new@example.org", "Counselor", "Kamiakin High School"), "Already a person: Tess Teacher has an account with the address tess@example.org"),
    "bad day": (("Ana", "", "a@example.org", "Teacher", "Kamiakin High School", "", "", "31.12.2026"), "“31.12.2026” is no date"),
    "no such day": (("Ana", "", "a@example.org", "Teacher", "Kamiakin High School", "", "", "2/30/2027"), "is no date"),
    "ended": (("Ana", "", "a@example.org", "Teacher", "Kamiakin High School", "", "", "", "1/1/2020"), "The last day comes before"),
    "bad title": (("Ana", "", "a@example.org", "Teacher", "Kamiakin High School", "", "king"), "Nobody signs as “king”"),
    "wrong title": (("Ana", "", "a@example.org", "Teacher", "Kamiakin High School", "", "Dean"), "Dean is a title of people who sit as College Faculty"),
    "too long": (("A" * 151, "", "a@example.org", "Teacher", "Kamiakin High School"), "Shorten the first name to 150"),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS_TO_CORRECT)
def test_what_a_row_has_to_correct(cast: Cast, case: str) -> None:
    cells, words = ROWS_TO_CORRECT[case]
    (found,) = actions.rows_of_file(hand_in(cast, row(2, *cells)))
    assert words in found.problem


def test_rows_beside_each_other(cast: Cast) -> None:
    school = "Kamiakin High School"
    found = actions.rows_of_file(
        hand_in(
            cast,
            row(2, "Ana", "Vega", "ana@example.org", "Teacher", school),
            row(3, "Ana", "Vega", "ANA@example.org", "Teacher", school),
            row(4, "Bo", "Vega", "ana@example.org", "Counselor", school),
            row(5, "Tess", "Teacher", "other.tess@example.org", "Counselor", school, "", "", "", "", "yes"),
        )
    )
    assert [one.problem.split(".")[0] for one in found] == [
        "", "The same as row 2", "Row 2 gives this address to somebody else", "",
    ]  # fmt: skip


def test_two_schools_of_one_name_need_the_district(cast: Cast) -> None:
    cast.wahi.name = "Kamiakin High School"
    cast.wahi.save()
    for district, problem in (
        ("", "Several schools are called"),
        ("Kennewick School District", ""),
        ("Nowhere", "in Nowhere"),
    ):
        (found,) = actions.rows_of_file(
            hand_in(cast, row(2, "Ana", "", "a@example.org", "Teacher", "Kamiakin High School", district))
        )
        assert problem in found.problem
        assert bool(found.problem) is bool(problem)


def test_a_preview_tells_of_nobody_out_of_reach(cast: Cast) -> None:
    """An address of the neighbour's teacher reads as one nobody has; of one's own reach it says who it is."""
    school = "Kamiakin High School"
    theirs, unknown, ours = actions.rows_of_file(
        hand_in(
            cast,
            row(2, "X", "", "tobias@example.org", "Teacher", school),
            row(3, "Y", "", "nobody.yet@example.org", "Teacher", school),
            row(4, "Z", "", "Tess@example.org", "Counselor", school),
        )
    )
    assert theirs.tag == unknown.tag == ("progress", "New account")
    assert theirs.told == unknown.told == ""
    assert (ours.tag[1], ours.told) == ("Further seat", "Tess Teacher, tess@example.org")


@pytest.mark.parametrize("count", [1, 30])
def test_a_preview_asks_as_often_for_one_row_as_for_many(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    rows = [
        row(
            n,
            f"N{n}",
            "",
            f"n{n}@example.org",
            "Teacher",
            ("Kamiakin High School", "Walla Walla High School")[n % 2],
        )
        for n in range(2, 2 + 2 * count)
    ]
    file = PeopleFile.objects.select_related("handed_in_by").get(pk=hand_in(cast, *rows).pk)
    with django_assert_num_queries(13):
        assert len(actions.rows_of_file(file)) == 2 * count


def test_the_sweep_of_the_outbox_finds_a_file_a_broker_dropped(
    cast: Cast, nudges: list[tuple[str, int]]
) -> None:
    file = hand_in(cast, *good(cast))
    actions.save_file(file=file, by=cast.consortium)
    nudges.clear()
    sweep()
    assert actions.SAVE_FILE_TASK in {task for task, _ in nudges}


def test_history_has_words_for_what_it_keeps(cast: Cast) -> None:
    seat = give(cast).seat
    change(cast, seat, ends_on=timezone.localdate())
    actions.end_seat(seat=Seat.objects.get(pk=seat.pk), reason="x", by=cast.consortium)
    for event in Event.objects.filter(kind__startswith="organizations."):
        if event.kind != "organizations.file_saved":
            what, _ = rules.history_words(event.kind, event.data)
            assert what
            assert "%" not in what
