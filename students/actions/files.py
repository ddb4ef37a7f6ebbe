"""Students of the former system from a file: handed in, looked at, and saved by a worker, all of it or nothing."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from accounts.access import Role
from accounts.actions import record_event, record_events
from accounts.models import User, folded_name
from organizations.actions import TO_CORRECT, queue_file, save_queued
from organizations.models import Seat
from sers.lib.folding import fold
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import LikelyTwins, Student, StudentFile

SAVE_STUDENTS_TASK = "students.save_student_file"
#: A file nobody decided about is forgotten after this.
KEPT_FOR = timedelta(days=7)


def hand_in_students(*, name: str, rows: Sequence[Sequence[str]], reason: str, by: User) -> StudentFile:
    """Keep the rows of a sheet so that they can be looked at. No record is made yet."""
    if not rules.can_import_students(by):
        raise Refused(Refusal("not_for_seat", "Consortium and state staff bring students from a file.", ""))
    return StudentFile.objects.create(
        name=name[:100] or "students.csv", rows=[list(row) for row in rows], reason=reason, handed_in_by=by
    )


def rows_of_students(file: StudentFile) -> list[rules.StudentRow]:
    """The rows of a file as its person may save them today."""
    reader = rules.StudentFileReader(file.rows, file.handed_in_by, on=timezone.localdate())
    return list(reader.rows())


def save_students(*, file: StudentFile, by: User) -> None:
    """Have a worker save a file of students that was looked at."""
    rows = rules.StudentFileReader(file.rows, by, on=timezone.localdate()).rows()
    problems = (row.outcome == rules.Outcome.CORRECT for row in rows)
    queue_file(file=file, task=SAVE_STUDENTS_TASK, problems=problems, by=by)


def save_student_file(*, job_id: int) -> None:
    """The worker's part: records with their legacy IDs, accounts, likely twins."""
    save_queued(StudentFile, job_id=job_id, save=_save)


def forget_student_files() -> int:
    """The daily sweep: files nobody saved within a week are forgotten. How many."""
    return StudentFile.objects.left_lying(timezone.now() - KEPT_FOR).delete()[0]


def _save(file: StudentFile) -> None:
    one_at_a_time("students from a file")  # two files may name the same people
    by = file.handed_in_by
    rows = rules.StudentFileReader(file.rows, by, on=timezone.localdate()).rows()
    records = accounts = known = 0
    while some := list(islice(rows, rules.AT_ONCE)):
        if any(row.outcome == rules.Outcome.CORRECT for row in some):
            raise Refused(TO_CORRECT)
        new = [row for row in some if row.wanted is not None]
        students = _write(new)
        record_events(by=by, kind="students.imported", subjects=students, data={"file": file.pk})
        _keep_pairs(new, students)
        records += len(new)
        accounts += sum(row.outcome == rules.Outcome.NEW for row in new)
        known += len(some) - len(new)
    file.state, file.done_at, file.rows = StudentFile.State.DONE, timezone.now(), []
    file.records, file.accounts, file.known = records, accounts, known
    file.save(update_fields=("state", "done_at", "rows", "records", "accounts", "known"))
    record_event(
        by=by, kind="students.file_saved", subject=file,
        data={"reason": file.reason, "records": records, "accounts": accounts, "known": known},
    )  # fmt: skip


def _write(rows: Sequence[rules.StudentRow]) -> list[Student]:
    """Records with their legacy IDs; whoever is new to SERS gets an account too, without a password: the person
    chooses it by the link that *I forgot my password* mails."""
    wanted = [row.wanted for row in rows if row.wanted is not None]
    owners = [row.wanted for row in rows if row.wanted is not None and row.outcome == rules.Outcome.NEW]
    users = User.objects.bulk_create(_users(owners))
    Seat.objects.bulk_create(Seat(user=user, role=Role.STUDENT) for user in users)
    by_id = {one.sers_id: user for one, user in zip(owners, users, strict=True)}
    students = []
    for one in wanted:
        student = Student(
            user=by_id.get(one.sers_id),
            sers_id=one.sers_id,
            first_name=one.first_name,
            middle_name=one.middle_name,
            last_name=one.last_name,
            former_names=one.former_names,
            birth_date=one.birth_date,
            imported_email="" if one.sers_id in by_id else one.email,
            school=one.school,
            grade_level=one.grade_level,
            graduation_year=one.graduation_year,
        )
        student.fold_names()
        students.append(student)
    return Student.objects.bulk_create(students)


def _users(owners: Sequence[rules.Imported]) -> list[User]:
    """Accounts without a password. User names have drawn digits, as those of new accounts have."""
    names: dict[str, None] = {}
    bases = [".".join(fold(f"{one.first_name} {one.last_name}").split())[:60] or "user" for one in owners]
    while len(names) < len(bases):
        drawn = [f"{base}.{secrets.randbelow(900_000) + 100_000}" for base in bases[len(names) :]]
        taken = set(User.objects.filter(username__in=drawn).values_list("username", flat=True))
        for name in drawn:
            if name in taken or name in names:
                break  # this one is drawn again, and those after it
            names[name] = None
    users = []
    for one, name in zip(owners, names, strict=True):
        user = User(
            username=name,
            email=User.objects.normalize_email(one.email),
            first_name=one.first_name,
            last_name=one.last_name,
        )
        user.set_unusable_password()
        user.folded = folded_name(user.first_name, user.last_name)
        users.append(user)
    return users


def _keep_pairs(rows: Sequence[rules.StudentRow], students: Sequence[Student]) -> None:
    """Likely twins come onto the list at once; the nightly look finds those that are only near."""
    twins = [(row.twin_of, student) for row, student in zip(rows, students, strict=True) if row.twin_of]
    named = [name for name, _student in twins if isinstance(name, str)]
    by_id = dict(Student.objects.filter(sers_id__in=named).values_list("sers_id", "pk"))
    LikelyTwins.objects.bulk_create(
        (
            LikelyTwins(
                older_id=by_id[name] if isinstance(name, str) else name,
                newer=student,
                likeness=LikelyTwins.Likeness.SAME,
            )
            for name, student in twins
        ),
        ignore_conflicts=True,
    )
