"""Who read whose record: in ink, for the student to see."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models.kin import StudentKey, of_person, records_of
from students.models.people import Student


class DisclosureQuerySet(VisibleQuerySet):
    def of(self, student: Student) -> "DisclosureQuerySet":
        """Readings of a student's record, those of records that were merged into it among them."""
        return self.filter(student__in=records_of(student))

    def by_others(self) -> "DisclosureQuerySet":
        """Everybody's but the student's own visits."""
        return self.exclude(ground=Disclosure.Ground.OWN_RECORD)

    def across_agencies(self) -> "DisclosureQuerySet":
        """Those that went from one agency to another: from a district to a college, to the State, and back."""
        return self.filter(crosses=True)

    def found_by(self, reader: User, day: date) -> "DisclosureQuerySet":
        """Records that came up in this person's Search Statewide on that day."""
        return self.filter(reader=reader, day=day, what=Disclosure.What.SEARCH, crosses=True, refused=False)

    def touched(
        self,
        *,
        actor: User | None = None,
        session: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> "DisclosureQuerySet":
        """Whose records an account or a session was shown in a stretch of time; what was refused showed nothing."""
        rows = self.filter(refused=False)
        if actor is not None:
            rows = rows.filter(reader=actor)
        if session:
            rows = rows.filter(session=session)
        if since is not None:
            rows = rows.filter(at__gte=since)
        if until is not None:
            rows = rows.filter(at__lte=until)
        return rows

    def exposed(self) -> models.QuerySet[Any]:
        """What somebody must know who tells people after a breach, as plain values, in the order it happened."""
        return self.order_by("at", "id").values(
            "at", "student_id", "what", "ground", "reason", "role", "place", "session", "reader__username",
            **{
                column: of_person(column)
                for column in (
                    "sers_id", "first_name", "last_name", "user__email", "imported_email", "user__second_email",
                    "guardian_name", "guardian_email", "guardian_language", "street", "city", "state", "postal_code",
                    "user__language", "school__name",
                )
            },
        )  # fmt: skip

    def listed(self) -> models.QuerySet[Any]:
        """What the page of readers shows of each, as plain values, the newest first."""
        return self.order_by("-at", "-id").values(
            "at", "role", "place", "what", "ground", "reason", "crosses", "refused", "opens_until",
            "reader__first_name", "reader__last_name",
        )  # fmt: skip


class Disclosure(Record):
    """Ink: a person was shown, or was refused, a student's record: who, from which seat, what, on which ground and why.

    34 CFR 99.32 asks for the parties and their interests. One row a person, session, record, kind of page and day says
    that; a page that is loaded again adds nothing. Readers of the student's own school need no entry by that rule:
    theirs are kept and marked (`crosses` is false), so that a stolen session can be followed. Rows stay as long as the
    record does.
    """

    class What(models.TextChoices):
        SEARCH = "search", _("Found you in a search")
        OPENED = "opened", _("Opened your record with your birth date")
        PROFILE = "profile", _("Your name, contact and school")
        HISTORY = "history", _("Your list of classes")
        REGISTRATION = "registration", _("One of your classes")
        ROSTER = "roster", _("The list of a class you are in")
        GRADES = "grades", _("Your grade in a class, a change of it, or a comment")
        CREDENTIALS = "credentials", _("The industry credentials you earned")
        FEES = "fees", _("Your forms and fees")
        RUN = "run", _("Your credit, to put it on your transcript")
        TRANSCRIPT = "transcript", _("Your transcript")
        READERS = "readers", _("The list of who has seen your record")
        TWINS = "twins", _("Your record next to one like it")
        EXPORT = "export", _("Everything SERS holds about you")
        LIST = "list", _("A file with your classes, grades or credit")

    class Ground(models.TextChoices):
        """The paragraph of 34 CFR Part 99 that allows it."""

        OWN_RECORD = "own_record", _("Your own record")
        SCHOOL_OFFICIAL = "99.31(a)(1)(i)(A)", _("Works at your school district")
        PROGRAM = "99.31(a)(1)(i)(B)", _("Runs the dual credit program for your school")
        ENROLLED = "99.31(a)(2)", _("Works at a school or college where you take a class or want to go")
        AUDIT = "99.31(a)(3)", _("Checks the program for the State")
        EMERGENCY = "99.31(a)(10)", _("Your health or safety was in danger")
        CONSENT = "99.30", _("You, or your parent, agreed in writing")

    #: How long a record stays open that was opened by Search Statewide and the birth date.
    OPEN_FOR: ClassVar = timedelta(minutes=30)

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.DISTRICT: "student__school__district",
        Role.CONSORTIUM: "student__school__district__consortia",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "at", "day", "student", "reader", "seat_id", "role", "place", "what", "ground", "crosses", "refused",
        "opens_until", "session",
    }  # fmt: skip
    private_fields: ClassVar = {"reason"}

    at = models.DateTimeField("at", db_default=Now(), editable=False)
    day = models.DateField("day", default=timezone.localdate, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="disclosures")
    reader = models.ForeignKey(User, models.PROTECT, related_name="disclosures", verbose_name="who")
    #: The seat it was read from, and what it was called on that day; by number, since seats end.
    seat_id = models.BigIntegerField("seat", null=True)
    role = models.CharField("role", max_length=12, choices=Role)
    place = models.CharField("place", max_length=200, blank=True)
    what = models.CharField("what", max_length=16, choices=What)
    ground = models.CharField("ground", max_length=20, choices=Ground)
    reason = models.CharField("reason", max_length=300, blank=True)
    #: From one agency to another? Else the reader is exempt from 99.32: own school, or the student.
    crosses = models.BooleanField("across agency lines")
    refused = models.BooleanField("refused", default=False)
    opens_until = models.DateTimeField("open until", null=True, blank=True)
    #: A keyed fingerprint of the reader's session: it finds what a stolen session saw, and opens nothing.
    session = models.CharField("session", max_length=64, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("reader", "session", "student", "what", "day", "refused"),
                condition=Q(opens_until__isnull=True),
                name="reading_once_a_session_and_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=(
                        "student", "teacher", "counselor", "district", "faculty", "registrar", "consortium", "state",
                    )
                ),
                name="reading_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    what__in=(
                        "search", "opened", "profile", "history", "registration", "roster", "grades", "fees", "run",
                        "transcript", "readers", "twins", "export", "list", "credentials",
                    )
                ),
                name="reading_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    ground__in=(
                        "own_record", "99.31(a)(1)(i)(A)", "99.31(a)(1)(i)(B)", "99.31(a)(2)", "99.31(a)(3)",
                        "99.31(a)(10)", "99.30",
                    )
                ),
                name="reading_ground_is_known",
            ),
            models.CheckConstraint(
                condition=Q(opens_until__isnull=True) | (Q(what="opened", refused=False) & ~Q(reason="")),
                name="what_opens_a_record_has_its_reason",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("student", "-at", "-id"), name="reading_by_student"),
            models.Index(fields=("reader", "at"), name="reading_by_reader"),
            models.Index(fields=("session", "at"), name="reading_by_session"),
            models.Index(fields=("at",), name="reading_by_moment"),
        )
        triggers = (pgtrigger.Protect(name="reading_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.what} of {self.student_id} by {self.reader_id}"
