"""The queue of late claims, and the page where one is decided."""

from typing import Any, Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms

from accounts.access import Role, has_role
from accounts.models import User
from grading import actions, rules
from grading.models import GradePart
from organizations.models import AcademicYear, CollegeYear
from sers.lib.refusal import Refused
from students.actions import ask_about_claim, refuse_claim
from students.forms.late_claims import STATE_TAG, words_field
from students.models import LateClaim, messages_of
from students.rules import why_not_decide_claim

#: The lists of the queue, in the order they are offered.
SHOWS: Final = {
    "asked": "Waiting for you",
    "question": "Waiting for the student",
    "decided": "Decided",
}


class AcceptForm(forms.Form):
    """The grade of the transcript: one box, or one for each part the college asks for."""

    def __init__(self, data: Any = None, *, claim: LateClaim, standard: rules.Standard) -> None:
        super().__init__(data, prefix="accept")
        self.claim, self.standard = claim, standard
        for part in standard.parts:
            label = "Grade" if part == GradePart.Part.WHOLE else str(GradePart.Part(part).label)
            if part in GradePart.CRITERIA:
                self.fields[part] = forms.ChoiceField(
                    label=label,
                    choices=[("", "Choose one"), ("met", "Met"), ("not met", "Not met")],
                    error_messages=dict.fromkeys(
                        ("required", "invalid_choice"), f"{label}: choose Met or Not met"
                    ),
                )
            else:
                self.fields[part] = forms.CharField(
                    label=label,
                    max_length=rules.LONGEST,
                    help_text=self._hint,
                    widget=forms.TextInput({"class": "s-w5", "autocomplete": "off"}),
                    error_messages={
                        "required": f"{label}: enter what the transcript shows",
                        "max_length": f"{label}: enter a percent from 0 to 100",
                    },
                )

    @property
    def _hint(self) -> str:
        grades = ", ".join(self.standard.choices)
        if self.standard.grades_as == CollegeYear.GradesAs.GRADE:
            return f"A grade of the college’s scale: {grades}"
        return f"A percent, or a grade of the college’s scale: {grades}"

    @property
    def helper(self) -> FormHelper:
        return _helper(Layout(*self.fields), "accept", "Accept")

    def save(self, *, by: User) -> str:
        registration = actions.accept_claim(claim=self.claim, grades=self.cleaned_data, by=by)
        return f"Accepted. Registration {registration.reference} is Completed; the student is told by mail."


class RefuseForm(forms.Form):
    """By which rule a claim is refused, and why."""

    ground = forms.ChoiceField(
        label="Rule",
        choices=LateClaim.Ground.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Choose the rule by which you refuse it"
        ),
    )
    reason = words_field(
        "Reason", missing="Enter the reason: the student reads it", help_text="The student reads it."
    )

    def __init__(self, data: Any = None, *, claim: LateClaim) -> None:
        super().__init__(data, prefix="refuse")
        self.claim = claim

    @property
    def helper(self) -> FormHelper:
        return _helper(Layout("ground", "reason"), "refuse", "Refuse")

    def save(self, *, by: User) -> str:
        asked = self.cleaned_data
        refuse_claim(claim=self.claim, ground=asked["ground"], reason=asked["reason"], by=by)
        return "Refused. The student is told by mail, with the rule and the reason."


class AskForm(forms.Form):
    """A question to the student."""

    text = words_field(
        "Question", missing="Enter the question", help_text="The student answers on the page of the claim, with another paper if they have one."
    )  # fmt: skip

    def __init__(self, data: Any = None, *, claim: LateClaim) -> None:
        super().__init__(data, prefix="ask")
        self.claim = claim

    @property
    def helper(self) -> FormHelper:
        return _helper(Layout("text"), "ask", "Ask")

    def save(self, *, by: User) -> str:
        ask_about_claim(claim=self.claim, text=self.cleaned_data["text"], by=by)
        return "Asked. The claim comes back here when the student has answered."


def _helper(layout: Layout, act: str, label: str) -> FormHelper:
    helper = FormHelper()
    helper.form_class = "s-form"
    filled = "btn-primary" if act == "accept" else ""
    helper.layout = Layout(
        layout, Hidden("chosen", act), FormActions(Submit(act, label, css_class=filled or None))
    )
    return helper


class DecidePage:
    """A claim with its papers, what was said about it, the college's rule, and the ways to decide it."""

    def __init__(self, claim: LateClaim, user: User, *, act: str = "", data: Any = None) -> None:
        self.claim, self.act = claim, act
        self.tag = STATE_TAG[LateClaim.State(claim.state)]
        self.messages = messages_of(claim)
        self.papers = list(claim.papers.all())
        self.opens_papers = has_role(user, Role.CONSORTIUM, Role.REGISTRAR)
        self.decides = has_role(user, Role.CONSORTIUM)
        self.refusal = why_not_decide_claim(claim, user) if claim.is_open and self.decides else None
        self.may_decide = claim.is_open and self.decides and self.refusal is None
        self.standard = rules.standard_of_claim(claim)
        self.forms: dict[str, Any] = {}
        if self.may_decide:
            if self.standard is not None:
                self.forms["accept"] = AcceptForm(
                    data if act == "accept" else None, claim=claim, standard=self.standard
                )
            self.forms["ask"] = AskForm(data if act == "ask" else None, claim=claim)
            self.forms["refuse"] = RefuseForm(data if act == "refuse" else None, claim=claim)
        this = CollegeYear.objects.of(claim.college, AcademicYear.objects.current())
        self.rule = this.late_rule if this is not None else "Not set"

    @property
    def sent(self) -> Any:
        """The form that was sent, if there is such a one now."""
        return self.forms.get(self.act)

    @property
    def minimum(self) -> str:
        """What the grade must reach: `85 %, 3.0 B`."""
        if self.standard is None:
            return "Not set for that school year"
        steps = self.standard.steps
        return f"{self.standard.minimum.normalize():f} %" + (f", {steps[-1][1]}" if steps else "")

    def decide(self, *, by: User) -> str:
        """Do what the sent form asks; Refused where it cannot be. What is wrong with a grade is said at its field."""
        form = self.sent
        try:
            return str(form.save(by=by))
        except Refused as refused:
            if self.act == "accept" and refused.refusal.rule in ("percent", "below", "incomplete"):
                form.add_error(next(iter(form.fields)), str(refused))
                return ""
            raise
