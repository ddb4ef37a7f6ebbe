"""The questions students and teachers ask, and what a college answers in words of its own."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.models.places import College


class Question(models.TextChoices):
    """What is asked again and again. Students' questions first, then teachers'."""

    WHO = "who", _("Who can earn CTE Dual Credit?")
    CAMPUS = "campus", _("Do I have to leave my school?")
    COST = "cost", _("What does it cost?")
    CLASSES = "classes", _("Which classes count?")
    WHEN = "when", _("When do I register?")
    SAME_YEAR = "same_year", _("Can I get credit for a class I took last year?")
    LIMIT = "limit", _("Is there a limit?")
    TRANSFER = "transfer", _("Does the credit transfer?")
    PERMANENT = "permanent", _("Does the grade stay on my record?")
    PROGRESS = "progress", _("Where do I see how far I am?")
    POSTED = "posted", _("When is the credit on my college transcript?")
    SCALE = "scale", _("What grade do I need, and what does the college make of it?")
    MISMATCH = "mismatch", _("Why is the college grade not the one on my report card?")
    WRONG_GRADE = "wrong_grade", _("What if my grade is wrong?")
    SERS_ID = "sers_id", _("What is my CTE Dual Credit ID?")
    SID = "sid", _("What is a college student ID (SID)?")
    TEACH_START = "teach_start", _("How does my class come to earn college credit?")
    TEACH_SYLLABUS = "teach_syllabus", _("What goes with the request?")
    TEACH_ACCOUNT = "teach_account", _("How do I get an account?")
    TEACH_ASSURANCE = "teach_assurance", _("What do I sign each year?")
    TEACH_STUDENTS = "teach_students", _("How do my students register?")
    TEACH_GRADES = "teach_grades", _("When and how do I enter grades?")
    TEACH_BELOW = "teach_below", _("What do I enter for a student below the minimum?")
    TEACH_LEFT = "teach_left", _("What about students who left?")
    TEACH_CHANGE = "teach_change", _("Can I change a grade?")
    TEACH_COMMENTS = "teach_comments", _("Who reads my comments?")


#: Those a teacher asks; all others are a student's.
TEACHERS_ASK: frozenset[str] = frozenset(one.value for one in Question if one.value.startswith("teach_"))


class CollegeAnswerQuerySet(models.QuerySet["CollegeAnswer"]):
    def of(self, college: College, language: str) -> dict[str, str]:
        """A college's own answers in a language, by question."""
        return dict(self.filter(college=college, language=language).values_list("question", "text"))


class CollegeAnswer(models.Model):
    """A college's own words for one question in one language, in place of what SERS says by itself."""

    MOST_LETTERS: ClassVar = 2000

    public_fields: ClassVar = {"id", "college", "question", "language", "text", "changed_at", "changed_by"}
    private_fields: ClassVar[set[str]] = set()

    college = models.ForeignKey(College, models.PROTECT, related_name="answers")
    question = models.CharField("question", max_length=16, choices=Question)
    language = models.CharField("language", max_length=10, default=settings.LANGUAGE_CODE)
    text = models.TextField("answer", max_length=MOST_LETTERS)
    changed_at = models.DateTimeField("changed at", default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CollegeAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("college", "question", "language")
        constraints = (
            models.UniqueConstraint(fields=("college", "question", "language"), name="college_answers_once"),
            models.CheckConstraint(
                condition=Q(question__in=[one.value for one in Question]), name="college_question_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="answer_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.college_id} {self.question} {self.language}"
