"""What an agreement says, as it is typed: of a new one, an amendment, a renewal, or a text that is put right."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from articulations import actions, rules
from articulations.forms.courses import COURSE_PARTS, COURSES, CoursesForm
from articulations.forms.dockets import DocketForm
from articulations.forms.fields import PercentField, reading
from articulations.forms.request_pages import words
from articulations.models import AgreementText, Articulation, CareerCluster, cip_in_words
from organizations.models import AcademicYear, College, Consortium, HighSchool

Kind = AgreementText.Kind
CLASSES = (1, 2, 3)
CLASS_LEGENDS = {1: "High-school class", 2: "Second class", 3: "Third class"}


class TextForm(CoursesForm):
    """Classes, courses, days, the minimum and conditions of one text."""

    def __init__(
        self,
        data: Any = None,
        *,
        consortium: Consortium,
        college: College,
        school: HighSchool,
        kind: str = Kind.NEW,
        amends: Articulation | None = None,
        revises: AgreementText | None = None,
        begins_with: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, college=college, initial=dict(begins_with or {}))
        self.consortium, self.school, self.kind, self.amends = consortium, school, kind, amends
        self.revises = revises
        clusters = [("", "Not coded"), *CareerCluster.objects.options()]
        first = AcademicYear.objects.current().first_year
        for number in CLASSES:
            self.fields |= {
                f"class_{number}": forms.CharField(
                    label="Class",
                    required=number == 1,
                    max_length=120,
                    help_text="As it stands in the school’s course handbook." if number == 1 else "",
                    error_messages={
                        "required": "Enter the name of the class",
                        "max_length": "Enter a class name of at most 120 characters",
                    },
                ),
                f"cip_{number}": forms.CharField(
                    label="CIP code",
                    required=False,
                    max_length=10,
                    help_text="Six digits, for example 52.0301." if number == 1 else "",
                    error_messages={"max_length": "Enter the six digits of the CIP code"},
                    widget=forms.TextInput({"class": "s-w10", "inputmode": "numeric"}),
                ),
                f"cluster_{number}": forms.ChoiceField(
                    label="Career cluster",
                    required=False,
                    choices=clusters,
                    error_messages={"invalid_choice": "Choose a career cluster from the list"},
                ),
            }
        if kind == Kind.AMENDMENT:
            self.fields["valid_from"] = forms.DateField(
                label="In force from",
                help_text="Students who register before that day stay under the agreement as it is. "
                "July 1 is the cleanest: a class then counts under one agreement all year.",
                widget=forms.DateInput({"type": "date"}),
                error_messages={
                    "required": "Enter the first day",
                    "invalid": "Enter the first day as a date",
                },
            )
        else:
            self.fields["first_year"] = forms.TypedChoiceField(
                label="In force from school year",
                coerce=int,
                choices=[(one, rules.year_in_words(one)) for one in range(first, first + 4)],
                error_messages={
                    "required": "Choose the first school year",
                    "invalid_choice": "Choose the first school year from the list",
                },
            )
        self.fields["last_year"] = forms.TypedChoiceField(
            label="Until the end of school year",
            coerce=int,
            choices=[(one, rules.year_in_words(one)) for one in range(first, first + 7)],
            error_messages={
                "required": "Choose the last school year",
                "invalid_choice": "Choose the last school year from the list",
            },
        )
        self.fields["minimum_percent"] = PercentField(
            label="Own minimum grade", help_text="Only if it differs from the college’s."
        )
        self.fields["conditions"] = words(
            "Conditions",
            "",
            most=3000,
            required=False,
            hint="What this agreement asks beside its terms, if anything.",
        )

    @property
    def class_groups(self) -> list[dict[str, Any]]:
        """The classes as the page draws them: the first one open, the others when something is in them."""
        groups = []
        for number in CLASSES:
            fields = [self[f"{part}_{number}"] for part in ("class", "cip", "cluster")]
            filled = any(one.value() or one.errors for one in fields)
            groups.append(
                {"legend": CLASS_LEGENDS[number], "first": number == 1, "open": filled, "fields": fields}
            )
        return groups

    @property
    def days(self) -> list[forms.BoundField]:
        return [self["valid_from" if self.kind == Kind.AMENDMENT else "first_year"], self["last_year"]]

    def clean(self) -> dict[str, Any]:
        self.clean_courses()
        for number in CLASSES:
            name = f"cip_{number}"
            try:
                self.cleaned_data[name] = reading(rules.read_cip, self.cleaned_data.get(name, ""))
            except ValidationError as error:
                self.add_error(name, error)
        if not self.errors:
            terms = self.terms()
            refusal = None
            if self.amends is not None:
                refusal = rules.why_not_begin_then(self.amends, self.kind, terms.valid_from)
            refusal = refusal or rules.why_not_terms(terms)
            if refusal is not None:
                field = {"class_twice": "class_2", "outside_the_agreement": "valid_from"}.get(
                    refusal.rule, "last_year"
                )
                self.add_error(field if field in self.fields else "first_year", str(refusal).rstrip("."))
        return self.cleaned_data

    def terms(self) -> rules.Terms:
        """What was typed, as what is agreed."""
        asked = self.cleaned_data
        classes = [
            (
                " ".join(asked[f"class_{number}"].split()),
                asked[f"cip_{number}"],
                int(asked[f"cluster_{number}"] or 0),
            )
            for number in CLASSES
            if asked[f"class_{number}"].strip()
        ]
        last = rules.days_of(asked["last_year"], asked["last_year"])[1]
        first = (
            asked["valid_from"]
            if "valid_from" in asked
            else rules.days_of(asked["first_year"], asked["first_year"])[0]
        )
        return rules.Terms(
            classes=classes,
            courses=[(one.code, one.title, credits) for one, credits in self.courses],
            valid_from=first,
            valid_until=last,
            minimum_percent=asked["minimum_percent"],
            conditions=asked["conditions"],
        )

    def save(self, *, by: User) -> AgreementText:
        if self.revises is not None:
            return actions.revise_text(text=self.revises, terms=self.terms(), by=by)
        return actions.prepare_text(
            consortium=self.consortium,
            college=self.college,
            school=self.school,
            terms=self.terms(),
            kind=self.kind,
            amends=self.amends,
            by=by,
        )


def typed_of_text(text: AgreementText) -> dict[str, Any]:
    """What a text says, as its form shows it, to be put right."""
    typed = _typed(
        text.college,
        [(one["title"], one["cip"], one["cluster"]) for one in text.content["classes"]],
        [(one["code"], one["title"], Decimal(one["credits"])) for one in text.content["courses"]],
    )
    return typed | {
        "valid_from": text.valid_from,
        "first_year": text.valid_from.year,
        "last_year": text.valid_until.year - 1,
        "minimum_percent": text.content["minimum_percent"],
        "conditions": text.content["conditions"],
    }


def typed_of_agreement(agreement: Articulation, kind: str) -> dict[str, Any]:
    """What an agreement says, as the form of its amendment or renewal begins."""
    lines = list(agreement.courses.select_related("high_school_course", "college_course").order_by("id"))
    classes = {line.high_school_course_id: line.high_school_course for line in lines}
    courses = {line.college_course_id: line for line in lines}
    typed = _typed(
        agreement.college,
        [(one.title, one.cip, one.cluster_id or 0) for one in classes.values()],
        [(one.college_course.code, one.college_course.title, one.credits) for one in courses.values()],
    )
    following = agreement.valid_until + timedelta(days=1)
    year = max(following.year, AcademicYear.objects.current().first_year)
    today = timezone.localdate()
    next_july = date(today.year if today.month < 7 else today.year + 1, 7, 1)
    begins = (
        next_july
        if next_july <= agreement.valid_until
        else max(today, agreement.valid_from) + timedelta(days=2)
    )
    minimum = agreement.minimum_percent
    return typed | {
        "valid_from": begins,
        "first_year": year,
        "last_year": agreement.valid_until.year - 1
        if kind == Kind.AMENDMENT
        else year + agreement.review_years - 1,
        "minimum_percent": "" if minimum is None else f"{minimum.normalize():f}",
        "conditions": agreement.text.content["conditions"] if agreement.text else "",
    }


def _typed(
    college: College, classes: list[tuple[str, str, int]], courses: list[tuple[str, str, Decimal]]
) -> dict[str, Any]:
    known = {one.code: str(one.public_id) for one in college.courses.all()}
    typed: dict[str, Any] = {f"{part}_{number}": "" for part in COURSE_PARTS for number in COURSES}
    for number, (code, title, credits) in zip(COURSES, courses, strict=False):
        typed[f"credits_{number}"] = f"{credits.normalize():f}"
        if code in known:
            typed[f"course_{number}"] = known[code]
        else:
            typed |= {f"code_{number}": code, f"title_{number}": title}
    for number, (title, cip, cluster) in zip(CLASSES, classes, strict=False):
        typed |= {
            f"class_{number}": title,
            f"cip_{number}": cip_in_words(cip),
            f"cluster_{number}": str(cluster or ""),
        }
    return typed


class TextsForm(DocketForm):
    """Filters of the list of texts."""

    WORDS = "Class, school, college or number"
    STATES = AgreementText.State.choices


class PartnersForm(forms.Form):
    """Who signs the agreements of a consortium or one of its colleges, and how long they run before they are reviewed."""

    MOST_TITLES = 5
    MOST_OUTSIDE = 2

    def __init__(
        self, data: Any = None, *, consortium: Consortium, college: College | None, year: AcademicYear
    ) -> None:
        self.consortium, self.college, self.year = consortium, college, year
        plan = rules.plan_in_use(consortium, college, year)
        partners = rules.partners_of(plan)
        self.known = rules.partners_offered()
        keys = [next((key for key, known in self.known.items() if known == one), "") for one in partners]
        outside = [one for one in partners if one.signs_as is None]
        initial: dict[str, Any] = {"review_years": plan.review_years if plan else 3}
        initial |= {f"partner_{number}": key for number, key in enumerate(filter(None, keys), 1)}
        for number, one in enumerate(outside, 1):
            initial |= {
                f"name_{number}": one.name,
                f"title_{number}": one.title,
                f"email_{number}": one.email,
            }
        super().__init__(data, initial=initial)
        for number in range(1, self.MOST_TITLES + 1):
            self.fields[f"partner_{number}"] = forms.ChoiceField(
                label=f"Partner {number}",
                required=False,
                choices=[("", "No more partners"), *((key, str(one)) for key, one in self.known.items())],
                error_messages={"invalid_choice": "Choose a partner from the list"},
            )
        for number in range(1, self.MOST_OUTSIDE + 1):
            self.fields |= {
                f"name_{number}": _short("Name", 200, "Somebody who has no account; signs by a mailed link."),
                f"title_{number}": _short("Title", 200, "For example Superintendent."),
                f"email_{number}": forms.EmailField(
                    label="E-mail",
                    required=False,
                    max_length=254,
                    error_messages={"invalid": "Enter the e-mail address, like name@example.org"},
                ),
            }
        self.fields["review_years"] = forms.TypedChoiceField(
            label="Reviewed at least every",
            coerce=int,
            choices=[(1, "1 year"), (2, "2 years"), (3, "3 years")],
            error_messages={
                "required": "Choose the years",
                "invalid_choice": "Choose one, two or three years",
            },
        )

    @property
    def titles(self) -> list[forms.BoundField]:
        return [self[f"partner_{number}"] for number in range(1, self.MOST_TITLES + 1)]

    @property
    def outside(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{part}_{number}"] for part in ("name", "title", "email")]
            for number in range(1, self.MOST_OUTSIDE + 1)
        ]

    def partners(self) -> list[rules.Partner]:
        asked = self.cleaned_data
        keys = [asked.get(f"partner_{number}", "") for number in range(1, self.MOST_TITLES + 1)]
        return [self.known[key] for key in keys if key] + [
            rules.Partner(
                name=asked[f"name_{number}"], title=asked[f"title_{number}"], email=asked[f"email_{number}"]
            )
            for number in range(1, self.MOST_OUTSIDE + 1)
            if asked.get(f"name_{number}")
        ]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        for number in range(1, self.MOST_OUTSIDE + 1):
            parts = {part: asked.get(f"{part}_{number}", "") for part in ("name", "title", "email")}
            if any(parts.values()):
                for part, value in parts.items():
                    if not value and f"{part}_{number}" not in self.errors:
                        what = {"name": "name", "title": "title", "email": "e-mail address"}[part]
                        self.add_error(f"{part}_{number}", f"Enter the {what} too")
        if not self.errors and (refusal := rules.why_not_partners(self.partners())) is not None:
            self.add_error("partner_1", str(refusal).rstrip("."))
        return asked

    def save(self, *, by: User) -> None:
        actions.set_partners(
            consortium=self.consortium,
            college=self.college,
            year=self.year,
            partners=self.partners(),
            review_years=self.cleaned_data["review_years"],
            by=by,
        )


def _short(label: str, most: int, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=hint,
        error_messages={"max_length": f"Enter at most {most} letters"},
    )


class AgreementWordingForm(forms.Form):
    """The words every agreement of a consortium or college contains."""

    text = words(
        "Words of the agreement", "Enter the words of the agreement", most=6000, rows=14,
        hint="Paragraphs are kept. Class, courses, credits, days and partners stand above them.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, consortium: Consortium, college: College | None) -> None:
        self.consortium, self.college = consortium, college
        super().__init__(data, initial={"text": rules.wording_in_use(consortium, college)})

    def save(self, *, by: User) -> bool:
        """True where a further version was written."""
        text = "\n".join(line.rstrip() for line in self.cleaned_data["text"].strip().splitlines())
        return (
            actions.write_wording(consortium=self.consortium, college=self.college, text=text, by=by)
            is not None
        )
