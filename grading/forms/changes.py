"""Grade Changes: what a person may type, and the page of one."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Role, stands_on
from accounts.models import User
from grading import actions, rules
from grading.models import GradeChange, percent_text
from sers.lib.acting import Happening, helper_of
from sers.lib.uploads import Checked, check
from students.models import Amendment, Registration
from students.rules import is_own

STATE_TAG = {
    GradeChange.State.REQUESTED: "progress",
    GradeChange.State.CONFIRMED: "wait",
    GradeChange.State.APPROVED: "done",
    GradeChange.State.DECLINED: "stop",
    GradeChange.State.WITHDRAWN: "quiet",
}


class GradeBox(forms.CharField):
    """A grade as it is typed on a roster; its value is what the box would show, `97` or `NA`."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(
            max_length=40,
            widget=forms.TextInput({"class": "s-w5", "autocomplete": "off", "inputmode": "text"}),
            error_messages={
                "required": gettext_lazy("Enter the right grade: a percent, or NA for Not Attained"),
                "max_length": gettext_lazy("Enter a percent from 0 to 100"),
            },
            **facts,
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        try:
            text = rules.box_text(typed)
        except ValueError as error:
            raise ValidationError(str(error).rstrip("."), code="percent") from None
        if not text and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class Words(forms.CharField):
    """Some sentences of reason or note."""

    def __init__(self, *, missing: Any, **facts: Any) -> None:
        super().__init__(
            max_length=GradeChange.MOST_LETTERS,
            widget=forms.Textarea({"rows": 4, "class": "s-wide"}),
            error_messages={
                "required": missing,
                "max_length": gettext_lazy("Shorten the text to 1,000 letters"),
            },
            **facts,
        )


class NewChangeForm(forms.Form):
    """Ask for a Grade Change: why, which grade is right, a paper that shows it."""

    reason = Words(
        label=gettext_lazy("What is wrong, and why"),
        missing=gettext_lazy("Say what is wrong with the grade, and why"),
        help_text=gettext_lazy("The student, the teacher, the consortium and the college read it."),
    )
    wanted = GradeBox(
        label=gettext_lazy("Right grade"),
        help_text=gettext_lazy("A percent from 0 to 100, or NA for Not Attained."),
    )
    paper = forms.FileField(
        label=gettext_lazy("Paper that shows it"),
        required=False,
        help_text=gettext_lazy("A graded test or a letter of the teacher: PDF, PNG or JPEG, at most 5 MB."),
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={
            "empty": gettext_lazy("The file is empty. Choose it again"),
            "missing": gettext_lazy("No file was chosen. Choose it again"),
            "invalid": gettext_lazy("The file did not arrive. Choose it again"),
        },
    )

    def __init__(self, data: Any = None, files: Any = None, *, asked_as: Role) -> None:
        super().__init__(data, files)
        self.asked_as = asked_as
        if asked_as != Role.TEACHER:  # they may not know; the teacher who confirms does
            self.fields["wanted"].required = False

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            "reason", "wanted", "paper", FormActions(Submit("ask", _("Ask for a Grade Change")))
        )
        return helper

    def clean_paper(self) -> Checked | None:
        upload = self.cleaned_data.get("paper")
        return check(upload) if upload is not None else None

    def save(self, *, registration: Registration, by: User) -> GradeChange:
        """Ask; Refused where the rules say no."""
        return actions.ask_change(
            registration=registration,
            reason=self.cleaned_data["reason"],
            wanted=self.cleaned_data["wanted"],
            paper=self.cleaned_data["paper"],
            by=by,
        )


class ConfirmForm(forms.Form):
    """The teacher says which grade is right."""

    grade = GradeBox(
        label=gettext_lazy("Right grade"),
        help_text=gettext_lazy("A percent from 0 to 100, or NA for Not Attained."),
    )
    note = Words(label=gettext_lazy("Note"), required=False, missing="")

    def __init__(self, data: Any = None, *, change: GradeChange) -> None:
        super().__init__(data, initial={"grade": change.wanted}, prefix="confirm")
        self.change = change

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("grade", "note"), "confirm", _("Confirm"))

    def save(self, *, by: User) -> GradeChange:
        return actions.confirm_change(
            change=self.change, grade=self.cleaned_data["grade"], note=self.cleaned_data["note"], by=by
        )


class ApproveForm(forms.Form):
    """The college's side approves what the teacher confirmed."""

    note = Words(label=gettext_lazy("Note"), required=False, missing="")

    def __init__(self, data: Any = None, *, change: GradeChange) -> None:
        super().__init__(data, prefix="approve")
        self.change = change

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("note"), "approve", _("Approve"))

    def save(self, *, by: User) -> GradeChange:
        return actions.approve_change(change=self.change, note=self.cleaned_data["note"], by=by)


class DeclineForm(forms.Form):
    """Declined with a reason everybody concerned reads."""

    reason = Words(
        label=gettext_lazy("Why it is declined"),
        missing=gettext_lazy("Say why the Grade Change is declined"),
        help_text=gettext_lazy("The student and the teacher read it."),
    )

    def __init__(self, data: Any = None, *, change: GradeChange) -> None:
        super().__init__(data, prefix="decline")
        self.change = change

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("reason"), "decline", _("Decline"), quiet=True)

    def save(self, *, by: User) -> GradeChange:
        return actions.decline_change(change=self.change, reason=self.cleaned_data["reason"], by=by)


class WithdrawForm(forms.Form):
    """Taken back by the person who asked; there is nothing to type."""

    def __init__(self, data: Any = None, *, change: GradeChange) -> None:
        super().__init__(data, prefix="withdraw")
        self.change = change

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(), "withdraw", _("Take it back"), quiet=True)

    def save(self, *, by: User) -> GradeChange:
        return actions.withdraw_change(change=self.change, by=by)


class ChangePage:
    """One Grade Change as a person may read it and act on it."""

    #: In the order they are offered.
    ACTS = (
        ("confirm", ConfirmForm, rules.why_not_confirm_change),
        ("approve", ApproveForm, rules.why_not_approve_change),
        ("decline", DeclineForm, rules.why_not_decline_change),
        ("withdraw", WithdrawForm, rules.why_not_withdraw_change),
    )

    def __init__(self, change: GradeChange, user: User, *, act: str = "", data: Any = None) -> None:
        self.change, self.user = change, user
        self.registration = change.registration
        self.forms = {
            name: form(data if name == act else None, change=change)
            for name, form, why_not in self.ACTS
            if why_not(user, change) is None or name == act
        }
        self.sent = self.forms.get(act)
        self.standing = rules.standing_of(change.registration)
        self.steps = rules.steps_of(change)
        self.tag = STATE_TAG[GradeChange.State(change.state)]
        self.statements = list(Amendment.objects.about_classes([change.registration_id], comments=False))

    @property
    def own(self) -> bool:
        return is_own(self.user, self.registration.student)

    @property
    def corrects_credit(self) -> bool:
        """Is it this person who lets the awarded credit follow?"""
        waits = self.change.needs_reposting_at is not None and self.change.reposted_at is None
        return waits and stands_on(self.user, Role.REGISTRAR, self.registration.college_id)

    @property
    def grade_was(self) -> str:
        """`84 %, Not Attained`."""
        was = self.change.was
        if was.percent is None:
            return str(was.college_grade or was.get_outcome_display())
        return f"{percent_text(was.percent)} %, {was.college_grade or was.get_outcome_display()}"

    @property
    def grade_wanted(self) -> str:
        """What is asked for or confirmed, with what it becomes at the college."""
        text = self.change.grade or self.change.wanted
        if not text:
            return ""
        grade = self.standing.college_grade(text)
        words = rules.grade_in_words(text)
        return f"{words}, {grade}" if grade is not None and str(grade) != words else words

    @property
    def two_people(self) -> str:
        """Why a person who could approve may not approve this one; empty otherwise."""
        refusal = rules.why_not_approve_change(self.user, self.change)
        return str(refusal) if refusal is not None and refusal.rule == "same_person" else ""

    @property
    def trail(self) -> list[Happening]:
        """Who did what, the first first."""
        change = self.change
        role = Role(change.asked_as).label
        told = [Happening(change.asked_at, f"{change.asked_by.name}, {role}", _("Requested"), change.reason)]
        if change.confirmed_by and change.confirmed_at:
            words = rules.grade_in_words(change.grade)
            note = f"{words}. {change.confirmation}".removesuffix(" ")
            told.append(
                Happening(change.confirmed_at, change.confirmed_by.name, _("Confirmed by the teacher"), note)
            )
        if change.decided_by and change.decided_at:
            told.append(
                Happening(
                    change.decided_at, change.decided_by.name, change.get_state_display(), change.decision
                )
            )
        if change.reposted_at:
            told.append(Happening(change.reposted_at, _("Registrar"), _("The credit is corrected"), ""))
        return told


class ChangesForm(forms.Form):
    """Which Grade Changes a list shows."""

    SHOWN = (
        ("waiting", gettext_lazy("Waiting for you")),
        ("open", gettext_lazy("Under way")),
        ("closed", gettext_lazy("Closed")),
    )
    show = forms.ChoiceField(choices=SHOWN, required=False, widget=forms.HiddenInput)

    @property
    def chosen(self) -> str:
        return self.cleaned_data.get("show", "") if self.is_valid() else ""
