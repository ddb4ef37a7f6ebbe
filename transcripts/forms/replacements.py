"""A wrong college ID that went out: what is typed to ask for its replacement, and to decide on it."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from sers.lib.acting import Happening, helper_of
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, SidReplacement

STATE_TAG = {
    SidReplacement.State.REQUESTED: "wait",
    SidReplacement.State.APPROVED: "done",
    SidReplacement.State.DECLINED: "stop",
    SidReplacement.State.WITHDRAWN: "quiet",
}


class Words(forms.CharField):
    """Some sentences of reason or note."""

    def __init__(self, *, missing: str, **facts: Any) -> None:
        super().__init__(
            max_length=SidReplacement.MOST_LETTERS,
            widget=forms.Textarea({"rows": 4, "class": "s-wide", "maxlength": None}),
            error_messages={"required": missing, "max_length": "Shorten the text to 1,000 letters"},
            **facts,
        )


class ReplaceSidForm(forms.Form):
    """The right college ID, where it is known, and how the registrar knows that the other is wrong."""

    sid = forms.CharField(
        label="Right college ID (SID)",
        required=False,
        max_length=40,
        help_text="Nine digits. Leave it empty when nobody knows it yet: the student then has no college ID until one is entered.",
        error_messages={"max_length": "Enter the ID alone"},
        widget=forms.TextInput(
            {"autocomplete": "off", "inputmode": "numeric", "class": "s-w20", "maxlength": None}
        ),
    )
    reason = Words(
        label="How you know that it is wrong",
        missing="Say how you know that this college ID is wrong",
        help_text="The second person decides by it.",
    )

    def __init__(self, data: Any = None, *, identity: CollegeIdentity) -> None:
        super().__init__(data)
        self.identity = identity

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        submit = Submit("ask", "Ask for the replacement", css_id="ask")
        submit.field_classes = "btn btn-primary"
        helper.layout = Layout("sid", "reason", FormActions(submit))
        return helper

    def clean_sid(self) -> str:
        typed = self.cleaned_data["sid"].strip()
        sid = rules.tidy_sid(typed)
        if typed and not sid:
            raise ValidationError("Enter the nine digits of the college ID")
        refusal = rules.why_not_ask_replacement_now(self.identity, sid)
        if refusal is not None and refusal.rule in ("same_sid", "sid_taken"):
            raise ValidationError(str(refusal).rstrip("."))
        return sid

    def save(self, *, by: User) -> SidReplacement:
        """Ask; Refused where the rules say no."""
        return actions.ask_replacement(
            identity=self.identity,
            sid=self.cleaned_data["sid"],
            reason=self.cleaned_data["reason"],
            by=by,
        )


class ApproveForm(forms.Form):
    """The second person agrees."""

    note = Words(label="Note", required=False, missing="")

    def __init__(self, data: Any = None, *, replacement: SidReplacement) -> None:
        super().__init__(data, prefix="approve")
        self.replacement = replacement

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("note"), "approve", "Approve")

    def save(self, *, by: User) -> SidReplacement:
        return actions.approve_replacement(
            replacement=self.replacement, note=self.cleaned_data["note"], by=by
        )


class DeclineForm(forms.Form):
    """Declined with a reason."""

    reason = Words(label="Why it is declined", missing="Say why you decline")

    def __init__(self, data: Any = None, *, replacement: SidReplacement) -> None:
        super().__init__(data, prefix="decline")
        self.replacement = replacement

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("reason"), "decline", "Decline", quiet=True)

    def save(self, *, by: User) -> SidReplacement:
        return actions.decline_replacement(
            replacement=self.replacement, reason=self.cleaned_data["reason"], by=by
        )


class WithdrawForm(forms.Form):
    """Taken back by the person who asked; there is nothing to type."""

    def __init__(self, data: Any = None, *, replacement: SidReplacement) -> None:
        super().__init__(data, prefix="withdraw")
        self.replacement = replacement

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(), "withdraw", "Take it back", quiet=True)

    def save(self, *, by: User) -> SidReplacement:
        return actions.withdraw_replacement(replacement=self.replacement, by=by)


class ReplacementPage:
    """One replacement as a person may read it and act on it."""

    #: In the order they are offered.
    ACTS = (
        ("approve", ApproveForm, rules.why_not_approve_replacement),
        ("decline", DeclineForm, rules.why_not_decline_replacement),
        ("withdraw", WithdrawForm, rules.why_not_withdraw_replacement),
    )

    def __init__(self, replacement: SidReplacement, user: User, *, act: str = "", data: Any = None) -> None:
        self.replacement, self.user = replacement, user
        self.identity = replacement.identity
        self.forms = {
            name: form(data if name == act else None, replacement=replacement)
            for name, form, why_not in self.ACTS
            if why_not(user, replacement) is None or name == act
        }
        self.sent = self.forms.get(act)
        self.went_out = rules.went_out_with(replacement.identity)
        self.tag = STATE_TAG[SidReplacement.State(replacement.state)]

    @property
    def two_people(self) -> str:
        """What is said to who asked: somebody else approves."""
        refusal = rules.why_not_approve_replacement(self.user, self.replacement)
        return str(refusal) if refusal is not None and refusal.rule == "same_person" else ""

    @property
    def trail(self) -> list[Happening]:
        """Who did what, the first step first."""
        one = self.replacement
        steps = [Happening(one.asked_at, one.asked_by.name, "Asked for it", one.reason)]
        if one.decided_at is not None and one.decided_by is not None:
            words = {
                SidReplacement.State.APPROVED: "Approved it",
                SidReplacement.State.DECLINED: "Declined it",
                SidReplacement.State.WITHDRAWN: "Took it back",
            }
            what = words[SidReplacement.State(one.state)]
            steps.append(Happening(one.decided_at, one.decided_by.name, what, one.decision))
        return steps
