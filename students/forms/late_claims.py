"""Late claims: what is chosen and typed, and the page of one."""

from datetime import date
from typing import Any, Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from organizations.models import AcademicYear, HighSchool
from sers.lib.choices import LongSelect, offer
from sers.lib.refusal import Refused
from sers.lib.tags import credits_in_words
from sers.lib.uploads import Checked, check
from students import actions, rules
from students.models import ConsentText, LateClaim, Student, home_schools, messages_of

STATE_TAG: Final = {
    LateClaim.State.CONSENT: "wait",
    LateClaim.State.ASKED: "progress",
    LateClaim.State.QUESTION: "wait",
    LateClaim.State.ACCEPTED: "done",
    LateClaim.State.REFUSED: "stop",
    LateClaim.State.WITHDRAWN: "quiet",
}
PAPER: Final = gettext_lazy("PDF, PNG or JPEG, at most 5 MB.")


def paper_field(label: Any, *, help_text: Any, required: bool = True) -> forms.FileField:
    """A paper from the high school."""
    return forms.FileField(
        label=label,
        help_text=help_text,
        required=required,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={
            "required": gettext_lazy("Choose the transcript"),
            "missing": gettext_lazy("No file was chosen. Choose it again"),
            "invalid": gettext_lazy("The file did not arrive. Choose it again"),
        },
    )


def words_field(
    label: Any, *, missing: Any = "", help_text: Any = "", required: bool = True
) -> forms.CharField:
    """Some sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LateClaim.MOST_LETTERS,
        widget=forms.Textarea({"rows": 3, "class": "s-wide"}),
        error_messages={
            "required": missing,
            "max_length": gettext_lazy("Shorten the text to 500 letters"),
            "null_characters_not_allowed": gettext_lazy("Type the text again"),
        },
    )


class WhereForm(forms.Form):
    """In which year, and at which school, the class was taken."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("School year"),
        coerce=int,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose the school year of the class")
        ),
    )
    school = forms.ChoiceField(
        label=gettext_lazy("High school"),
        widget=LongSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose the high school of the class")
        ),
    )

    def __init__(self, data: Any, *, student: Student, on: date) -> None:
        self.years = {year.first_year: year for year in rules.years_to_claim(on)}
        given = {"year": data.get("year", ""), "school": data.get("school", str(student.school.public_id))}
        super().__init__(given if "year" in data else None, initial={"school": given["school"]})
        offer(
            self,
            "year",
            [("", _("Choose a school year")), *((first, str(year)) for first, year in self.years.items())],
        )
        self.schools = {str(school.public_id): school for school in home_schools()}
        offer(self, "school", [(key, school.name) for key, school in self.schools.items()])

    @property
    def chosen(self) -> tuple[AcademicYear, HighSchool] | None:
        """The year and the school; None while they are not chosen."""
        if not self.is_bound or not self.is_valid():
            return None
        return self.years[self.cleaned_data["year"]], self.schools[self.cleaned_data["school"]]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_class = "s-form"
        helper.disable_csrf = True
        helper.layout = Layout("year", "school", FormActions(Submit("show", _("Show classes"))))
        return helper


class ClaimForm(forms.Form):
    """Which class is claimed, with the transcript that shows it."""

    option = forms.ChoiceField(
        label=gettext_lazy("Class and college"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose the class and the college")
        ),
    )
    paper = paper_field(
        gettext_lazy("High school transcript"),
        help_text=gettext_lazy(
            "It must show your name, the class, the year and the grade. PDF, PNG or JPEG, at most 5 MB."
        ),
    )
    claimed_grade = forms.CharField(
        label=gettext_lazy("Grade on the transcript"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"class": "s-w5", "autocomplete": "off"}),
        error_messages={"max_length": gettext_lazy("Shorten the grade to 20 letters")},
    )
    note = words_field(gettext_lazy("Why it is late"), required=False)
    agree = forms.BooleanField(
        label=gettext_lazy("I agree to it"),
        error_messages={
            "required": gettext_lazy("Say that you agree, or take the class without college credit")
        },
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        student: Student,
        year: AcademicYear,
        options: list[rules.ClaimOption],
        own: bool,
    ) -> None:
        super().__init__(data, files)
        self.student, self.year, self.own = student, year, own
        self.options = {one.value: one for one in options if one.refusal is None}
        offer(self, "option", [(value, option_in_words(one)) for value, one in self.options.items()])
        if not own:
            del self.fields["agree"]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper

    def clean_paper(self) -> Checked:
        return check(self.cleaned_data["paper"])

    def save(self, *, by: User, consent: ConsentText, language: str) -> LateClaim | None:
        """The claim; None, with words at the field, where it was refused meanwhile."""
        asked = self.cleaned_data
        try:
            return actions.make_claim(
                student=self.student, option=self.options[asked["option"]], year=self.year, paper=asked["paper"],
                claimed_grade=asked["claimed_grade"], note=asked["note"], consent=consent, language=language, by=by,
            )  # fmt: skip
        except Refused as refused:
            self.add_error("option", str(refused))
            return None


def option_in_words(option: rules.ClaimOption) -> str:
    """`Accounting 1: Columbia Basin College, ACCT& 201, 5 credits`."""
    return _("{class_}: {college}, {courses}, {credits}").format(
        class_=option.course.title,
        college=option.college,
        courses=", ".join(option.earns),
        credits=credits_in_words(option.credits),
    )


class NewClaimPage:
    """Where a claim begins: year and school first, then the classes of then."""

    def __init__(self, student: Student, user: User, query: Any, data: Any, files: Any, *, on: date) -> None:
        self.student = student
        self.own = rules.can_register_for(user, student)
        self.where = WhereForm(query, student=student, on=on)
        self.form: ClaimForm | None = None
        self.refused: list[tuple[str, str]] = []
        chosen = self.where.chosen
        self.year: AcademicYear | None = None
        self.school: HighSchool | None = None
        if chosen is None:
            return
        self.year, self.school = chosen
        options = rules.claim_options(student, year=self.year, school=self.school, on=on)
        self.refused = [
            (option_in_words(one), str(one.refusal)) for one in options if one.refusal is not None
        ]
        if any(one.refusal is None for one in options):
            self.form = ClaimForm(data, files, student=student, year=self.year, options=options, own=self.own)

    @property
    def form_with_errors(self) -> forms.Form | None:
        """The form whose errors stand at the top of the page, if one has any."""
        if self.form is not None and self.form.errors:
            return self.form
        return self.where if self.where.is_bound and self.where.errors else None


class AnswerForm(forms.Form):
    """The answer to a question of the consortium."""

    text = words_field(gettext_lazy("Your answer"), missing=gettext_lazy("Type your answer"))
    paper = paper_field(gettext_lazy("Another paper"), help_text=PAPER, required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("text", "paper", FormActions(Submit("answer", _("Send the answer"))))
        return helper

    def clean_paper(self) -> Checked | None:
        upload = self.cleaned_data.get("paper")
        return check(upload) if upload is not None else None

    def save(self, *, claim: LateClaim, by: User) -> None:
        actions.answer_claim(
            claim=claim, text=self.cleaned_data["text"], paper=self.cleaned_data["paper"], by=by
        )


class ClaimPage:
    """A claim as the student and the counselor follow it."""

    def __init__(self, claim: LateClaim, user: User, data: Any = None, files: Any = None) -> None:
        self.claim = claim
        self.own = rules.can_register_for(user, claim.student)
        self.tag = STATE_TAG[LateClaim.State(claim.state)]
        self.messages = messages_of(claim)
        self.papers = list(claim.papers.all())
        self.may_agree = rules.why_not_agree_to_claim(claim, user) is None
        self.may_withdraw = rules.why_not_withdraw_claim(claim, user) is None
        self.form = AnswerForm(data, files) if rules.why_not_answer_claim(claim, user) is None else None

    @property
    def next(self) -> str:
        """The one thing that is next, and who does it."""
        states, consortium = LateClaim.State, self.claim.articulation.consortium
        return {
            states.CONSENT: _("Read what it means, and say whether you agree.")
            if self.own
            else _("The student reads it and agrees. We wrote to them."),
            states.ASKED: _("{consortium} looks at your transcript. You get a mail.").format(consortium=consortium),
            states.QUESTION: _("{consortium} asked something. Answer below.").format(consortium=consortium),
            states.ACCEPTED: _("The class counts. The college puts the credit on your transcript in its next run."),
            states.REFUSED: _("If something has changed, you can claim it again."),
            states.WITHDRAWN: _("You can claim it again."),
        }[states(self.claim.state)]  # fmt: skip
