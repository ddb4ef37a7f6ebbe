"""Requests to amend a record: what is asked, and the page where one is decided."""

from typing import Any
from uuid import UUID

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from sers.lib.choices import offer
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.inspections import ActForm, ActsPage, LetterForm, long_field
from students.models import Amendment, Registration, Student
from students.rules import amendments as rights


class AmendmentForm(forms.Form):
    """Which item of the record is wrong, what is wrong with it, and what it should say."""

    item = forms.ChoiceField(
        label=gettext_lazy("What is wrong"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose what is wrong")),
    )
    wrong = long_field(
        gettext_lazy("What is wrong with it"),
        missing=gettext_lazy("Enter what is wrong with it"),
        help_text=gettext_lazy(
            "Why it is not right, misleading, or against your privacy. Say which papers show it."
        ),
    )
    should_say = long_field(
        gettext_lazy("What it should say"), missing=gettext_lazy("Enter what it should say")
    )

    def __init__(self, data: Any = None, *, student: Student, user: User) -> None:
        super().__init__(data)
        self.student = student
        offer(self, "item", [("", _("Choose one")), *rights.items_of(student, user)])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("ask", _("Send the request"))))
        return helper

    def save(self, *, by: User) -> Amendment | None:
        """The request; None, with words at the item, where it was refused."""
        asked = dict(self.cleaned_data)
        item, _space, which = asked.pop("item").partition(" ")
        if item == Amendment.Item.PROFILE:
            asked["field"] = which
        else:
            asked["registration"] = Registration.objects.of(self.student).get(public_id=UUID(which))
        try:
            return actions.ask_to_amend(student=self.student, item=item, by=by, **asked)
        except Refused as refused:
            who = (
                refused.refusal.rule in ("of_age", "not_in_reach", "students_alone")
                and "asker" in self.fields
            )
            self.add_error("asker" if who else "item", str(refused))
            return None


class EnterAmendmentForm(LetterForm, AmendmentForm):
    """A request that came by letter: who asks and how that was checked stand first."""

    field_order = ("asker", "asker_name", "identity", "item", "wrong", "should_say")


class ReviewForm(ActForm):
    """Somebody looks at it."""

    act, label = "review", "Note that you look at it"

    def save(self, *, by: User) -> str:
        actions.review_amendment(amendment=self.about, by=by)
        return "It is noted that you look at it. Who asked reads so."


class WordsForm(ActForm):
    """A decision, with its words."""

    words = long_field("", missing="", help_text="Who asked reads it.")

    names = ("", "")

    def __init__(self, data: Any = None, *, about: Amendment) -> None:
        super().__init__(data, about=about)
        self.fields["words"].label, self.fields["words"].error_messages["required"] = self.names


class AmendForm(WordsForm):
    """What was put right."""

    act, label, filled = "amend", "Amended", True
    names = ("What you put right", "Enter what you put right")

    def save(self, *, by: User) -> str:
        actions.decide_amendment(amendment=self.about, amended=True, words=self.cleaned_data["words"], by=by)
        return "Amended. Who asked is told."


class RefuseForm(WordsForm):
    """Why it is refused."""

    act, label = "refuse", "Refuse"
    names = ("Why you refuse", "Enter why you refuse")

    def save(self, *, by: User) -> str:
        actions.decide_amendment(amendment=self.about, amended=False, words=self.cleaned_data["words"], by=by)
        return "Refused. Who asked is told the reason, and the right to a hearing and to a statement."


class HeardAmendForm(WordsForm):
    """The hearing found that it is wrong."""

    act, label, filled = "heard_amend", "Amended after the hearing", True
    names = ("What the hearing found, and what you put right", "Enter what the hearing found")

    def save(self, *, by: User) -> str:
        actions.decide_after_hearing(
            amendment=self.about, amended=True, words=self.cleaned_data["words"], by=by
        )
        return "Amended after the hearing. Who asked is told."


class HeardRefuseForm(WordsForm):
    """The hearing found that it is right."""

    act, label = "heard_refuse", "Refuse after the hearing"
    names = ("What the hearing found, on which evidence", "Enter what the hearing found")

    def save(self, *, by: User) -> str:
        actions.decide_after_hearing(
            amendment=self.about, amended=False, words=self.cleaned_data["words"], by=by
        )
        return "Refused after the hearing. Who asked is told the right to a statement."


class AmendmentPage(ActsPage):
    """A request as who asked follows it, and who decides works on it."""

    def __init__(self, amendment: Amendment, user: User, *, act: str = "", data: Any = None) -> None:
        self.amendment, self.act = amendment, act
        self.own = rules.is_own(user, amendment.student)
        self.tag = rights.TAGS[Amendment.State(amendment.state)]
        self.next = rights.next_of_amendment(amendment, own=self.own)
        self.trail = rights.trail_of_amendment(amendment)
        today = timezone.localdate()
        self.may_ask_hearing = rights.why_not_ask_hearing(amendment, user, on=today) is None
        self.may_state = rights.why_not_state(amendment, user, on=today) is None
        self.may_take_back = rights.why_not_take_back_amendment(amendment, user) is None
        decides = rights.why_not_decide_amendment(amendment, user) is None
        waits = amendment.state == Amendment.State.HEARING
        self.interested = (
            rights.why_not_hear(amendment, user, rights.interested_in(amendment)) if waits else None
        )
        hears = waits and self.interested is None
        #: Who decides about a comment reads it, whether or not their seat reads comments elsewhere.
        self.comments = rights.comments_to_decide(amendment) if decides or hears else []
        may = {
            ReviewForm: rights.why_not_review_amendment(amendment, user) is None,
            AmendForm: decides,
            RefuseForm: decides,
            HeardAmendForm: hears,
            HeardRefuseForm: hears,
        }
        self.forms = {
            kind.act: kind(data if act == kind.act else None, about=amendment)
            for kind, allowed in may.items()
            if allowed
        }
