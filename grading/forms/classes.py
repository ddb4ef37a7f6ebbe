"""What is asked for a whole class, and its verification sheet."""

from datetime import date
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms

from accounts.models import User
from articulations.models import Section
from grading import actions, rules
from grading.forms.words import EMPTY, STATUS_STATE, box_in_words, counted, nothing_earned
from grading.models import (
    ClassCompletion,
    RosterRow,
    WindowExtension,
    class_part,
    roster_of,
)
from sers.lib.days import DayField
from students.models import Amendment, Registration

STATE_TAG = {
    WindowExtension.State.REQUESTED: "wait",
    WindowExtension.State.GRANTED: "done",
    WindowExtension.State.DECLINED: "stop",
}


def _words(label: str, missing: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(missing),
        help_text=help_text,
        max_length=WindowExtension.MOST_LETTERS,
        widget=forms.Textarea({"rows": 4, "class": "s-wide"}),
        error_messages={"required": missing, "max_length": "Shorten the text to 1,000 letters"},
    )


class ReopenForm(forms.Form):
    """A teacher says why grading of a class should be opened again."""

    reason = _words("Why", "Say why grades could not be entered in time", "The consortium reads it.")

    def __init__(self, data: Any = None, *, windows: list[rules.ClosedWindow]) -> None:
        super().__init__(data)
        self.asked = [one for one in windows if one.refusal is None]
        if len(self.asked) > 1:
            self.fields["consortium"] = forms.ChoiceField(
                label="Which consortium",
                choices=[(str(one.consortium.public_id), one.consortium.name) for one in self.asked],
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choose a consortium",
                    "invalid_choice": "Choose a consortium of the list",
                },
            )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        names = ["consortium", "reason"] if "consortium" in self.fields else ["reason"]
        helper.layout = Layout(*names, FormActions(Submit("ask", "Ask to open grading again")))
        return helper

    def save(self, *, section: Section, by: User) -> WindowExtension:
        chosen = self.cleaned_data.get("consortium") or str(self.asked[0].consortium.public_id)
        consortium = next(one.consortium for one in self.asked if str(one.consortium.public_id) == chosen)
        return actions.ask_extension(
            section=section, consortium=consortium, reason=self.cleaned_data["reason"], by=by
        )


class GrantForm(forms.Form):
    """Until when grading is open again."""

    until = DayField(what="the last day", label="Open until", help_text="That day is included.")
    note = _words("Note to the teacher")

    def __init__(self, data: Any = None, *, extension: WindowExtension) -> None:
        super().__init__(data, prefix="grant")
        self.extension = extension

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            Hidden("chosen", "grant"), "until", "note", FormActions(Submit("act", "Open grading again"))
        )
        return helper

    def save(self, *, by: User) -> WindowExtension:
        return actions.grant_extension(
            extension=self.extension, until=self.cleaned_data["until"], note=self.cleaned_data["note"], by=by
        )


class DeclineExtensionForm(forms.Form):
    """Declined with a reason the teacher reads."""

    reason = _words("Why it stays closed", "Say why grading stays closed", "The teacher reads it.")

    def __init__(self, data: Any = None, *, extension: WindowExtension) -> None:
        super().__init__(data, prefix="decline")
        self.extension = extension

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        submit = Submit("act", "Decline", css_id="act-decline")
        submit.field_classes = "btn"
        helper.layout = Layout(Hidden("chosen", "decline"), "reason", FormActions(submit))
        return helper

    def save(self, *, by: User) -> WindowExtension:
        return actions.decline_extension(extension=self.extension, reason=self.cleaned_data["reason"], by=by)


class ReopenPage:
    """What a teacher may ask for a class, and what was asked and answered before."""

    def __init__(self, section: Section, user: User, *, on: date, data: Any = None) -> None:
        self.section = section
        self.part = class_part(section.label, section.term)
        self.windows = rules.closed_windows(section, on)
        self.before = [
            (one, STATE_TAG[WindowExtension.State(one.state)])
            for one in WindowExtension.objects.visible_to(user).of(section)
        ]
        self.form = ReopenForm(data, windows=self.windows)
        self.may_ask = bool(self.form.asked)


class ExtensionPage:
    """One request to open grading again, as a person may read and decide it."""

    def __init__(
        self, extension: WindowExtension, user: User, *, on: date, act: str = "", data: Any = None
    ) -> None:
        self.extension, self.section = extension, extension.section
        self.part = class_part(self.section.label, self.section.term)
        self.tag = STATE_TAG[WindowExtension.State(extension.state)]
        self.may_decide = rules.why_not_decide_extension(user, extension) is None
        self.grant = GrantForm(data if act == "grant" else None, extension=extension)
        self.decline = DeclineExtensionForm(data if act == "decline" else None, extension=extension)
        sent: dict[str, GrantForm | DeclineExtensionForm] = {"grant": self.grant, "decline": self.decline}
        self.sent = sent.get(act)
        self.blank = sum(
            one.blank
            for one in rules.closed_windows(self.section, on)
            if one.consortium.pk == extension.consortium_id
        )

    @property
    def waits_for(self) -> str:
        return f"{counted(self.blank, 'student')} without a grade"


class SheetPage:
    """The verification sheet of a class: who, which grade, which college grade; signed on paper, declared on screen."""

    def __init__(self, section: Section, user: User) -> None:
        self.section = section
        self.part = class_part(section.label, section.term)
        self.rows, self.standards = rules.measured(roster_of(section, user))
        self.sums = rules.sums_of(self.rows)
        last = ClassCompletion.objects.last_of([section.pk]).get(section.pk)
        #: Someone who sees a part of the class cannot say whether a declaration still stands.
        self.sees_all = (getattr(section, "registered", None) or 0) == len(self.rows)
        self.completion = last
        self.stands = last is not None and (not self.sees_all or rules.declaration_stands(last, self.sums))
        self.may_declare = rules.can_declare_complete(user, section)
        self.refusal = rules.why_not_declare(self.sums, last)
        self.colleges = sorted({row.college for row in self.rows})
        self.lines = [self._line(row) for row in self.rows]
        self.statements = list(Amendment.objects.about_classes([row.pk for row in self.rows], comments=False))

    def _line(self, row: RosterRow) -> dict[str, str]:
        status = Registration.Status(row.status)
        standard, college_grade = self.standards.get(row.pk), EMPTY
        if row.is_graded:
            college_grade = row.college_grade or nothing_earned(standard, row.percent)
        return {
            "name": row.list_name,
            "sers_id": row.sers_id,
            "grade": box_in_words(rules.shown_of(row, standard).grade),
            "college_grade": college_grade,
            "college": row.college if len(self.colleges) > 1 else "",
            "status": str(status.label),
            "tag": STATUS_STATE[status],
        }

    @property
    def caption(self) -> str:
        """`12 students: 7 Completed, 2 Not Attained, 1 left the class, 2 without a grade`."""
        sums = self.sums
        parts = [
            f"{sums.completed} Completed",
            f"{sums.not_attained} Not Attained",
            f"{sums.ended} left the class" if sums.ended else "",
            f"{sums.blank} without a grade" if sums.blank else "",
        ]
        return f"{counted(sums.students, 'student')}: {', '.join(part for part in parts if part)}"
