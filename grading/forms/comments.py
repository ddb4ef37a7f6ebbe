"""Comments on a student in a class: what is typed, and the page of them."""

from dataclasses import dataclass, field
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms

from accounts.models import User
from grading import actions, rules
from grading.models import RosterComment
from students.models import Amendment, Registration


class CommentForm(forms.Form):
    """A new comment, or the right words in place of one."""

    text = forms.CharField(
        label="Comment",
        help_text="Programme staff and teachers of this class read it. The student may ask for a copy.",
        max_length=RosterComment.MOST_LETTERS,
        error_messages={
            "required": "Write the comment",
            "max_length": "Shorten the comment to 2,000 letters",
        },
        widget=forms.Textarea({"rows": 4, "class": "s-wide"}),
    )

    def __init__(self, data: Any = None, *, corrects: RosterComment | None = None) -> None:
        super().__init__(data, initial={"text": corrects.text if corrects else ""})
        self.corrects = corrects

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        key = str(self.corrects.public_id) if self.corrects else ""
        helper.layout = Layout(
            Hidden("corrects", key),
            "text",
            FormActions(Submit("save", "Save the correction" if self.corrects else "Add the comment")),
        )
        return helper

    def save(self, *, registration: Registration, by: User) -> RosterComment:
        text = self.cleaned_data["text"]
        if self.corrects is not None:
            return actions.correct_comment(comment=self.corrects, text=text, by=by)
        return actions.add_comment(registration=registration, text=text, by=by)


@dataclass(slots=True)
class Remark:
    """A comment that counts, with the words it replaced, the latest first."""

    comment: RosterComment
    may_correct: bool
    before: list[RosterComment] = field(default_factory=list)


class CommentsPage:
    """The comments on a student in a class, as a person may read and write them."""

    def __init__(
        self, registration: Registration, user: User, *, corrects: str = "", data: Any = None
    ) -> None:
        self.registration = registration
        self.may_comment = rules.can_comment(user, registration)
        self.statements = Amendment.objects.about_classes([registration.pk], comments=True)
        every = list(RosterComment.objects.visible_to(user).on(registration).with_writer())
        by_key = {one.pk: one for one in every}
        replaced = {one.supersedes_id for one in every}
        self.remarks = []
        for one in every:
            if one.pk in replaced:
                continue
            remark = Remark(
                one, self.may_comment and rules.why_not_correct_comment(user, one, superseded=False) is None
            )
            earlier = by_key.get(one.supersedes_id)
            while earlier is not None:
                remark.before.append(earlier)
                earlier = by_key.get(earlier.supersedes_id)
            self.remarks.append(remark)
        chosen = next((one for one in every if str(one.public_id) == corrects), None)
        #: The comment that is corrected; None for a new one. A key nobody has is not there.
        self.corrects = chosen
        self.is_lost = bool(corrects) and chosen is None
        self.form = CommentForm(data, corrects=chosen) if self.may_comment else None
