"""What SERS answers to the questions of students and teachers, from what a college and its consortium ask this year.

Sources: Columbia Basin College's pages for students, the State Board's pages on CTE Dual Credit, and the rules of the
consortia. A college that says it in words of its own is quoted instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Role, has_role, stands_on
from accounts.models import User
from organizations.models import (
    TEACHERS_ASK,
    AcademicYear,
    College,
    CollegeYear,
    Consortium,
    ConsortiumYear,
    GradeScaleRow,
    Question,
    Window,
)
from organizations.rules.calendar import Calendar, Opening, opening_of
from sers.lib.moments import day
from sers.lib.tags import dollars, percent

WINDOW_WORDS: Final = {
    Window.Kind.REGISTRATION: gettext_lazy("Students register"),
    Window.Kind.PAYMENT: gettext_lazy("Forms and fees are due"),
    Window.Kind.GRADING: gettext_lazy("Teachers enter grades"),
    Window.Kind.REQUEST: gettext_lazy("Students ask for transcription"),
}
#: College credits of one usual course; what it costs is told as an example.
USUAL_COURSE: Final = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a college in a school year; all empty for a reader who chose no college."""

    college: College | None = None
    year: CollegeYear | None = None
    #: What each of its consortia asks this year, by the consortium's name.
    consortia: Mapping[str, ConsortiumYear] = field(default_factory=dict)
    #: Registration and grading of each of its consortia, by the consortium's name.
    registration: Mapping[str, Opening] = field(default_factory=dict)
    grading: Mapping[str, Opening] = field(default_factory=dict)
    scale: Sequence[GradeScaleRow] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer, a paragraph a line; `own` when the college said it."""

    question: Question
    paragraphs: list[str]
    own: bool = False


def facts_of(college: College | None, year: AcademicYear, on: date) -> Facts:
    """What a college and its consortia ask in a school year: six queries, none without a college."""
    if college is None:
        return Facts()
    asked = CollegeYear.objects.of(college, year)
    consortia = list(Consortium.objects.of_college(college.pk))
    fees = ConsortiumYear.objects.in_year(consortia, year)
    calendar = Calendar.of(year)

    def openings(kind: Window.Kind) -> dict[str, Opening]:
        return {
            one.name: calendar.opening(
                kind, consortium_id=one.pk, college_id=college.pk, year_id=year.pk, on=on
            )
            for one in consortia
        }

    return Facts(
        college=college,
        year=asked,
        consortia={one.name: fees[one.pk] for one in consortia if one.pk in fees},
        registration=openings(Window.Kind.REGISTRATION),
        grading=openings(Window.Kind.GRADING),
        scale=list(asked.scale.rows.order_by("-percent_from")) if asked is not None else (),
    )


def can_answer_for(user: User | AnonymousUser, college: College) -> bool:
    """Staff of a consortium write the answers of its colleges, a registrar those of their own, the State all."""
    return (
        has_role(user, Role.STATE)
        or stands_on(user, Role.REGISTRAR, college.pk)
        or Consortium.objects.staffed_by(user).filter(colleges=college).exists()
    )


def answers(facts: Facts, *, own: Mapping[str, str], teachers: bool = False) -> list[Answer]:
    """Every question of students, or of teachers, with the college's own words where it has some."""
    found = []
    for question in Question:
        if (question.value in TEACHERS_ASK) is not teachers:
            continue
        text = own.get(question.value, "")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        found.append(Answer(question, lines or usual_answer(question, facts), own=bool(lines)))
    return found


def usual_answer(question: Question, facts: Facts) -> list[str]:
    """What SERS answers by itself."""
    if question in PLAIN:
        return [str(line) for line in PLAIN[question]()]
    return KNOWING[question](facts)


def fee_in_words(asked: ConsortiumYear) -> str:
    """What a consortium's fee comes to, for whom it concerns: `Nothing`, `$50 once a school year`."""
    amount = dollars(asked.fee_amount)
    basis = ConsortiumYear.FeeBasis
    if asked.fee_basis != basis.NONE and asked.fee_payer == ConsortiumYear.Payer.DISTRICT:
        return _("Nothing: your school district pays")
    if asked.fee_basis == basis.YEAR:
        return _("{amount} once a school year, however many classes you take").format(amount=amount)
    if asked.fee_basis == basis.CLASS:
        return _("{amount} for each class").format(amount=amount)
    if asked.fee_basis == basis.CREDIT:
        return _("{amount} for each college credit").format(amount=amount)
    return _("Nothing")


def fees_in_words(facts: Facts) -> list[str]:
    """What each consortium of a college asks of a student: `In Columbia Basin: Nothing.`"""
    return [
        _("In {consortium}: {fee}.").format(consortium=name, fee=fee_in_words(asked))
        for name, asked in facts.consortia.items()
    ]


def window_in_words(opening: Opening) -> str:
    """`From September 1, 2026 to June 15, 2027`, or that the days are not set yet."""
    if opening.opens_on is None or opening.closes_on is None:
        return _("The days are not set yet. Ask the consortium.")
    return _("From {first} to {last}").format(first=day(opening.opens_on), last=day(opening.closes_on))


def worth(year: CollegeYear | None) -> str:
    """What a usual course would cost at the college: `about $660`; empty where the rate is not known."""
    if year is None or year.tuition_per_credit is None:
        return ""
    return _("about {amount}").format(amount=dollars(round(year.tuition_per_credit * USUAL_COURSE, -1)))


def _cost(facts: Facts) -> list[str]:
    lines = fees_in_words(facts) or [
        _("Often nothing. Some consortia ask a small fee. Choose your college above to see what it is.")
    ]
    saved = worth(facts.year)
    if saved:
        lines.append(
            _("A college course of {number} credits costs {amount} when you take it at the college.").format(
                number=USUAL_COURSE, amount=saved
            )
        )
    return lines


def _when(facts: Facts) -> list[str]:
    lines = [
        _("{consortium}: {days}").format(consortium=name, days=window_in_words(opening))
        for name, opening in facts.registration.items()
    ] or [_("Each consortium has its own days. Choose your college above to see them.")]
    return [*lines, _("Your teacher tells you when to register and helps you in SERS.")]


def _posted(facts: Facts) -> list[str]:
    mode = facts.year.mode if facts.year is not None else None
    modes = CollegeYear.Mode
    if mode == modes.ON_REQUEST:
        until = facts.year.request_by if facts.year is not None else None
        return [
            _("When you ask for it. Ask in SERS until {day}.").format(day=day(until))
            if until
            else _("When you ask for it. Ask in SERS after your grade is in.")
        ]
    if mode == modes.ENROLLMENT:
        return [
            _("This college enrolls you in its own course. The credit comes with that, not through SERS.")
        ]
    if mode == modes.EXTERNAL:
        return [_("This college does it outside SERS. Ask the college how.")]
    if mode == modes.AUTOMATIC:
        return [
            _(
                "In the summer after your class, by itself. By September 1 you get a letter and an unofficial transcript."
            )
        ]
    return [
        _("At most colleges in the summer after your class, by September 1."),
        _("Some colleges do it only when you ask. Choose your college above to see how it works there."),
    ]


def _scale(facts: Facts) -> list[str]:
    if facts.year is None:
        return [_("Most colleges ask for a B, some for a C. Choose your college above to see its scale.")]
    least = percent(facts.year.minimum_percent)
    lines = [
        _("You need {percent} or better in every term of the class.").format(percent=least)
        if facts.year.every_term
        else _("You need {percent} or better at the end of the class.").format(percent=least)
    ]
    if facts.year.needs_exam:
        lines.append(_("You also pass the industry exam of the class."))
    if facts.year.needs_checklist:
        lines.append(_("Your teacher also confirms that you met the list of competencies."))
    top = next(iter(facts.scale), None)
    if top is not None:
        lines.append(
            _(
                "From {percent} on the college writes {grade}. The whole scale stands on the college’s page."
            ).format(percent=percent(top.percent_from), grade=top)
        )
    return lines


def _teach_grades(facts: Facts) -> list[str]:
    lines = [
        _("{consortium}: {days}").format(consortium=name, days=window_in_words(opening))
        for name, opening in facts.grading.items()
    ]
    return [
        *lines,
        _(
            "Open Assignments, choose the class and type each percent. SERS shows the college grade before you save. "
            "Save Changes gives you a receipt."
        ),
        _("Leave no grade blank: a student without a grade earns no credit."),
    ]


def _teach_below(facts: Facts) -> list[str]:
    if facts.year is None:
        return [
            _("Type the percent, or choose Not Attained. SERS sets Not Attained by itself below the minimum.")
        ]
    return [
        _(
            "Type the percent, or choose Not Attained. Below {percent} SERS sets Not Attained by itself."
        ).format(percent=percent(facts.year.minimum_percent))
    ]


#: Answers that need to know the college.
KNOWING: Final = {
    Question.COST: _cost,
    Question.WHEN: _when,
    Question.POSTED: _posted,
    Question.SCALE: _scale,
    Question.TEACH_GRADES: _teach_grades,
    Question.TEACH_BELOW: _teach_below,
}
#: Answers that are the same at every college; each is asked for anew, in the reader's language.
PLAIN: Final = {
    Question.WHO: lambda: [
        _("You, if you are in grade 9, 10, 11 or 12 and take a CTE class that a college has approved.")
    ],
    Question.CAMPUS: lambda: [
        _("No. You take the class at your high school or skills center, with your own teacher.")
    ],
    Question.CLASSES: lambda: [
        _("Look up your high school here in SERS. The course handbook of your school lists the classes too.")
    ],
    Question.SAME_YEAR: lambda: [
        _("No. Credit is only for the school year in which you take the class. Register while you take it.")
    ],
    Question.LIMIT: lambda: [
        _("No. But many college credits can change the financial aid you get later."),
        _("Talk with your counselor before you earn a lot of them."),
    ],
    Question.TRANSFER: lambda: [
        _("Yes, to every community and technical college in Washington."),
        _("A four-year college decides for itself. Ask there before you count on it."),
    ],
    Question.PERMANENT: lambda: [
        _(
            "Yes. Once the credit is awarded you have a real college transcript. Nobody can take a grade off it."
        ),
        _("You can take the class without college credit: do not register, or withdraw in time."),
    ],
    Question.PROGRESS: lambda: [
        _("In SERS, under My classes. Each class shows what is done and what comes next.")
    ],
    Question.MISMATCH: lambda: [
        _("The college has a scale of its own."),
        _("A 97 % may be an A and 4.0 at your school, and 3.9 at the college. Both are right."),
    ],
    Question.WRONG_GRADE: lambda: [
        _("Tell your teacher. Your teacher can change it until grading closes."),
        _("After that, ask for a Grade Change in SERS. The teacher and the college both look at it."),
    ],
    Question.SERS_ID: lambda: [
        _("It begins with TP and is on your first page in SERS and in the mail about your account."),
        _("Colleges ask for it when you want your transcript. By itself it opens nothing."),
    ],
    Question.SID: lambda: [
        _("The number a college knows you by. You get it with the letter about your first credit."),
        _("Write it on your application if you go to that college later. Then your credit is found."),
    ],
    Question.TEACH_START: lambda: [
        _("You and your district ask for it with a High School Request to Articulate."),
        _(
            "The district’s CTE director signs it, the consortium screens it, and college faculty compare what you "
            "teach with the outcomes of their course. Then all partners sign the agreement."
        ),
        _("An agreement runs one or three years. It is reviewed at the latest after three."),
    ],
    Question.TEACH_SYLLABUS: lambda: [
        _(
            "The syllabus with the notice about dual credit, the list of competencies, how you assess them, the Program "
            "of Study form and the OSPI framework."
        )
    ],
    Question.TEACH_ACCOUNT: lambda: [
        _("Your consortium or school opens it. You get a mail with a link that works for 24 hours."),
        _("Your students can register before you have used it."),
    ],
    Question.TEACH_ASSURANCE: lambda: [
        _(
            "The Annual Teacher Assurance: that you teach to the agreement, and know your duties and the deadlines."
        )
    ],
    Question.TEACH_STUDENTS: lambda: [
        _("They sign in and choose your class, or type the class code that you show them."),
        _("Your roster shows who has registered, and whose form or fee is open."),
    ],
    Question.TEACH_LEFT: lambda: [
        _("Leave the grade empty and set the status to Withdrawn or Not in Class."),
    ],
    Question.TEACH_CHANGE: lambda: [
        _("Yes, until grading closes. Every change is kept, with who made it and when."),
        _("After that, ask for a Grade Change. A second person at the college approves it."),
    ],
    Question.TEACH_COMMENTS: lambda: [
        _("The teachers of the class and the staff of the programme. A student may ask for them.")
    ],
}


@dataclass(frozen=True, slots=True)
class Dates:
    """One kind of window of a consortium: its days, and those of the colleges that have days of their own."""

    label: str
    opening: Opening
    colleges: list[tuple[str, Opening]]


def dates_of(consortium: Consortium, year: AcademicYear, on: date) -> list[Dates]:
    """When what may be done in a consortium this school year: one query."""
    windows = list(Window.objects.of_consortium(consortium, year))
    found = []
    for kind in Window.Kind:
        of_kind = [window for window in windows if window.kind == kind]
        own: dict[str, list[Window]] = {}
        for window in of_kind:
            if window.college is not None:
                own.setdefault(window.college.name, []).append(window)
        found.append(
            Dates(
                str(WINDOW_WORDS[kind]),
                opening_of([window for window in of_kind if window.college_id is None], on),
                [(name, opening_of(rows, on)) for name, rows in sorted(own.items())],
            )
        )
    return found


def scale_in_rows(asked: CollegeYear | None) -> list[tuple[str, str, str]]:
    """A college's grading scale as people read it, highest first: (`96 to 97 %`, `3.9`, `A`)."""
    if asked is None:
        return []
    rows = list(asked.scale.rows.order_by("-percent_from"))
    lines, above = [], None
    for row in rows:
        first = f"{row.percent_from.normalize():f}"
        if above is None:
            words = _("{first} % and above").format(first=first)
        elif above - row.percent_from == 1:
            words = f"{first} %"
        else:
            words = _("{first} to {last} %").format(first=first, last=f"{(above - 1).normalize():f}")
        lines.append((words, f"{row.points}" if row.points is not None else "", row.letter))
        above = row.percent_from
    return lines


def languages() -> list[tuple[str, str]]:
    """(code, its own name) of each language SERS speaks."""
    return list(settings.LANGUAGES)


def language_asked(code: str) -> str:
    """The language that is asked for, if SERS speaks it; else the first."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
