"""Requests to amend a record (34 CFR 99.20 to 99.22): asked, looked at, amended or refused, heard; and the statement of
who asked, which goes with the contested item from then on."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from students.models.kin import StudentKey, of_person, records_of
from students.models.people import Student
from students.models.registrations import Registration


class AmendmentQuerySet(VisibleQuerySet):
    def open(self) -> "AmendmentQuerySet":
        """Requests that wait for whoever decides: asked, looked at, or waiting for a hearing."""
        return self.filter(state__in=Amendment.OPEN)

    def of(self, student: Student) -> "AmendmentQuerySet":
        return self.filter(student__in=records_of(student))

    def held_by(self, *, districts: Iterable[int], colleges: Iterable[int]) -> "AmendmentQuerySet":
        """Open ones that a district or a college decides, as who holds that side of the record now: the district of the
        record that stands for the student; the college, also where credit was awarded since it was asked."""
        colleges_now = Q(side=Amendment.Side.COLLEGE) | Q(
            asker=Amendment.Asker.STUDENT,
            item__in=Amendment.OF_CREDIT,
            registration__awarded_at__isnull=False,
        )
        return self.annotate(district=of_person("school__district_id")).filter(
            (~colleges_now & Q(district__in=list(districts)))
            | (colleges_now & Q(registration__college__in=list(colleges)))
        )

    def to_alert(self, now: datetime) -> "AmendmentQuerySet":
        """Those that have waited for a decision for thirty days, or for a hearing since it was asked for."""
        since = now - Amendment.ALERT_AFTER
        hearing = Q(state=Amendment.State.HEARING)
        return self.open().filter(
            (hearing & Q(hearing_asked_at__lte=since)) | (~hearing & Q(asked_at__lte=since))
        )

    def of_school(self) -> "AmendmentQuerySet":
        """Those about the school's side of a record, in which a parent has a right as long as the student is a child."""
        return self.filter(side=Amendment.Side.SCHOOL)

    def standing(self, show: str) -> "AmendmentQuerySet":
        """One of the lists of the work list: open ones, or decided ones."""
        return self.open() if show == "open" else self.exclude(state__in=Amendment.OPEN)

    def tally(self) -> dict[str, int]:
        """How many are open and how many are not; one query."""
        still = Q(state__in=Amendment.OPEN)
        numbers = self.order_by().aggregate(
            open=models.Count("pk", filter=still), over=models.Count("pk", filter=~still)
        )
        return {name: int(number) for name, number in numbers.items()}

    def stated(self) -> "AmendmentQuerySet":
        """Those with a statement, which is told wherever the contested item is (34 CFR 99.21(c)); oldest first."""
        return (
            self.filter(stated_at__isnull=False)
            .select_related("student", "registration__high_school_course", "registration__year")
            .order_by("stated_at", "id")
        )

    def about_classes(self, registrations: Iterable[Any], *, comments: bool) -> "AmendmentQuerySet":
        """Statements about these classes: about the registration and its grade; about a comment (`comments`) for who
        reads comments."""
        found = self.stated().filter(registration__in=list(registrations))
        return found if comments else found.exclude(item=Amendment.Item.COMMENT)

    def about_profile(self, student: Student) -> "AmendmentQuerySet":
        """Statements about a student's profile."""
        return self.stated().of(student).filter(item=Amendment.Item.PROFILE)

    def on_transcripts(
        self, college: Any, *, at: datetime | None = None, awarding: Iterable[int] = ()
    ) -> "AmendmentQuerySet":
        """Statements about what a transcript of a college tells: the classes and grades its credit stands on (`at` the
        moment it was issued; `awarding` what it is just being made for), and of the profile what is printed on it. To
        whom the contested item is not shown its statement is not either."""
        awarded = Q(registration__awarded_at__isnull=False) | Q(registration__in=list(awarding))
        if at is not None:
            awarded &= Q(registration__awarded_at__lte=at)
        classes = Q(awarded, item__in=Amendment.OF_CREDIT, registration__college=college)
        return self.stated().filter(
            classes | Q(item=Amendment.Item.PROFILE, field__in=Amendment.ON_TRANSCRIPTS)
        )

    def in_full(self) -> "AmendmentQuerySet":
        return self.select_related(
            "student__user", "student__school__district", "registration__high_school_course", "registration__year",
            "registration__college", "entered_by", "decided_by", "heard_by",
        )  # fmt: skip

    def oldest_first(self) -> "AmendmentQuerySet":
        return self.in_full().order_by("asked_at", "id")

    def latest_first(self) -> "AmendmentQuerySet":
        return self.in_full().order_by("-asked_at", "-id")


class Amendment(Record):
    """One request to put right what is inaccurate, misleading or against somebody's privacy, and what came of it."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        REVIEW = "review", _("Being looked at")
        AMENDED = "amended", _("Amended")
        REFUSED = "refused", _("Refused")
        HEARING = "hearing", _("Hearing asked for")
        UPHELD = "upheld", _("Refused after the hearing")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Item(models.TextChoices):
        PROFILE = "profile", _("Profile")
        REGISTRATION = "class", _("Registration")
        GRADE = "grade", _("Grade as it was entered")
        COMMENT = "comment", _("Comment of staff")

    class Side(models.TextChoices):
        SCHOOL = "school", _("The school district")
        COLLEGE = "college", _("The college")

    class Asker(models.TextChoices):
        STUDENT = "student", _("The student")
        GUARDIAN = "guardian", _("A parent or guardian")

    #: What of a profile may be contested, by its name as people read it.
    FIELDS: ClassVar = {
        "first_name": _("legal first name"), "middle_name": _("legal middle name"), "last_name": _("legal last name"),
        "former_names": _("former names"), "birth_date": _("birth date"), "school": _("high school"),
        "grade_level": _("grade level"), "graduation_year": _("graduation year"),
    }  # fmt: skip
    #: What of a profile a transcript tells: the legal name, month and year of birth, school and year of graduation.
    ON_TRANSCRIPTS: ClassVar = (
        "first_name", "middle_name", "last_name", "birth_date", "school", "graduation_year"
    )  # fmt: skip
    #: What credit stands on, once it is awarded.
    OF_CREDIT: ClassVar = (Item.REGISTRATION, Item.GRADE)
    OPEN: ClassVar = (State.ASKED, State.REVIEW, State.HEARING)
    MOST_LETTERS: ClassVar = 1000
    #: 34 CFR 99.20(b), 99.22(a) say: within a reasonable time. From then on whoever decides is reminded.
    ALERT_AFTER: ClassVar = timedelta(days=30)

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.DISTRICT: "student__school__district",
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: ("registration__articulation__consortium", "student__school__district__consortia"),
        Role.STATE: ALL,
    }
    #: A college learns neither of what a parent asks, who has no right in its side, nor of comments, which it does not read.
    seen_if: ClassVar = {Role.REGISTRAR: Q(asker="student") & ~Q(item="comment")}
    public_fields: ClassVar = {
        "id", "public_id", "student", "asker", "item", "registration", "field", "side", "state", "asked_at",
        "entered_by", "decided_by", "decided_at", "hearing_asked_at", "heard_by", "heard_at", "stated_at",
    }  # fmt: skip
    private_fields: ClassVar = {
        "asker_name", "identity", "wrong", "should_say", "decision", "hearing_decision", "statement",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="amendments")
    asker = models.CharField("who asks", max_length=8, choices=Asker, default=Asker.STUDENT)
    asker_name = models.CharField("name of the parent or guardian", max_length=150, blank=True)
    identity = models.CharField("how it was checked who asks", max_length=300, blank=True)
    item = models.CharField("what of the record", max_length=8, choices=Item)
    registration = models.ForeignKey(
        Registration, models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name="class"
    )
    field = models.CharField("field of the profile", max_length=20, blank=True)
    #: Who held that part of the record when it was asked, and then who decided; see `holder`.
    side = models.CharField("who decides", max_length=7, choices=Side)
    wrong = models.TextField("what is wrong", max_length=MOST_LETTERS)
    should_say = models.TextField("what it should say", max_length=MOST_LETTERS)
    state = models.CharField("state", max_length=9, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField("asked at", default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    decision = models.TextField("what was amended, or why not", max_length=MOST_LETTERS, blank=True)
    hearing_asked_at = models.DateTimeField("hearing asked for at", null=True, blank=True)
    heard_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    heard_at = models.DateTimeField("decided after the hearing at", null=True, blank=True)
    hearing_decision = models.TextField("decision after the hearing", max_length=MOST_LETTERS, blank=True)
    statement = models.TextField("statement", max_length=MOST_LETTERS, blank=True)
    stated_at = models.DateTimeField("statement given at", null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("asked", "review", "amended", "refused", "hearing", "upheld", "withdrawn")),
                name="amendment_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(item__in=("profile", "class", "grade", "comment")), name="amendment_item_is_known"
            ),
            models.CheckConstraint(condition=Q(side__in=("school", "college")), name="amendment_side_is_known"),
            models.CheckConstraint(condition=Q(asker__in=("student", "guardian")), name="amendment_asker_is_known"),
            models.CheckConstraint(
                condition=Q(asker="student", asker_name="") | (Q(asker="guardian", side="school") & ~Q(asker_name="") & ~Q(identity="")),
                name="a_guardian_amends_the_schools_side",
            ),
            models.CheckConstraint(
                condition=(Q(item="profile", registration__isnull=True, side="school") & ~Q(field=""))
                | (~Q(item="profile") & Q(registration__isnull=False, field="")),
                name="amendment_names_one_item",
            ),
            models.CheckConstraint(
                condition=Q(field__in=(
                    "", "first_name", "middle_name", "last_name", "former_names", "birth_date", "school", "grade_level",
                    "graduation_year",
                )),
                name="amendment_field_is_known",
            ),
            models.CheckConstraint(condition=~Q(wrong="") & ~Q(should_say=""), name="amendment_says_what_is_wrong"),
            models.CheckConstraint(
                condition=(Q(state__in=("asked", "review", "withdrawn"), decided_by__isnull=True, decided_at__isnull=True, decision=""))
                | (Q(state__in=("amended", "refused", "hearing", "upheld"), decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="amendment_decided_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("hearing", "upheld")) | Q(hearing_asked_at__isnull=False),
                name="a_hearing_was_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(heard_at__isnull=True, heard_by__isnull=True, hearing_decision="")
                | (Q(heard_at__isnull=False, heard_by__isnull=False, state__in=("amended", "upheld")) & ~Q(hearing_decision="")),
                name="a_hearing_says_who_and_why",
            ),
            models.CheckConstraint(condition=~Q(state="upheld") | Q(heard_at__isnull=False), name="upheld_was_heard"),
            models.CheckConstraint(
                condition=Q(heard_by__isnull=True) | ~Q(heard_by=F("decided_by")), name="a_hearing_takes_another_person"
            ),
            models.CheckConstraint(
                condition=Q(stated_at__isnull=True, statement="")
                | (Q(stated_at__isnull=False, state__in=("refused", "upheld")) & ~Q(statement="")),
                name="a_statement_follows_a_refusal",
            ),
            models.UniqueConstraint(
                fields=("student", "item", "registration", "field"),
                condition=Q(state__in=("asked", "review", "hearing")),
                nulls_distinct=False,
                name="one_open_amendment_of_an_item",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("asked_at", "id"), name="amendment_open", condition=Q(state__in=("asked", "review", "hearing"))),
            models.Index(fields=("student", "-asked_at"), name="amendment_by_student"),
            # What a page with classes asks of each: statements are few.
            models.Index(fields=("registration",), name="statement_by_class", condition=Q(stated_at__isnull=False)),
        )  # fmt: skip
        triggers = (
            pgtrigger.Protect(name="amendment_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="amendment_goes_its_way",
                field="state",
                transitions=[
                    ("asked", "review"), ("asked", "amended"), ("asked", "refused"), ("asked", "withdrawn"),
                    ("review", "amended"), ("review", "refused"), ("review", "withdrawn"),
                    ("refused", "hearing"), ("hearing", "amended"), ("hearing", "upheld"),
                ],
            ),
            pgtrigger.FSM(
                name="amendment_goes_to_the_college", field="side", transitions=[("school", "college")]
            ),
            pgtrigger.ReadOnly(
                name="amendment_asked_is_ink",
                fields=[
                    "student", "asker", "asker_name", "identity", "item", "registration", "field", "wrong",
                    "should_say", "asked_at", "entered_by",
                ],
            ),
            pgtrigger.Protect(
                name="statement_is_ink", operation=pgtrigger.Update, condition=pgtrigger.Q(old__stated_at__isnull=False)
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"amendment {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_the_students(self) -> bool:
        return self.asker == self.Asker.STUDENT

    @property
    def holder(self) -> "Amendment.Side":
        """Who holds that part of the record and decides. Credit that was awarded since it was asked makes what a student
        contests of the class the college's; a parent has no right in that side, and theirs stays with the school."""
        one = self.registration
        awarded = one is not None and one.awarded_at is not None and self.item in self.OF_CREDIT
        if self.is_open and self.is_the_students and awarded:
            return self.Side.COLLEGE
        return self.Side(self.side)

    @property
    def holder_name(self) -> str:
        return str(self.holder.label)

    def given_by(self, moment: datetime) -> bool:
        """Was the statement given by then?"""
        return self.stated_at is not None and self.stated_at <= moment

    def was_on(self, issued_at: datetime) -> bool:
        """Is the contested item on a transcript issued at this moment: its credit was awarded, or it is of the profile?"""
        one = self.registration
        return one is None or (one.awarded_at is not None and one.awarded_at <= issued_at)

    @property
    def who(self) -> str:
        """Who asks, by name."""
        return self.asker_name or self.student.name

    @property
    def about(self) -> str:
        """`Accounting 1-2, 2025-26: Grade as it was entered`; `Profile: birth date`."""
        if self.registration is None:
            return f"{self.Item.PROFILE.label}: {self.FIELDS.get(self.field, self.field)}"
        return f"{self.class_name}: {self.get_item_display()}"

    @property
    def class_name(self) -> str:
        """`Accounting 1-2, 2025-26`; empty where the profile is contested."""
        one = self.registration
        return "" if one is None else f"{one.high_school_course.title}, {one.year}"
