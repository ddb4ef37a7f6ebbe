"""What is typed to change a seat and to end it."""

from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils import timezone

from accounts.access import Role
from organizations import actions, rules
from organizations.forms.fields import reason_field, title_field
from organizations.forms.people import FIELD_OF
from organizations.models import Seat, SignerTitle
from sers.lib.days import DayField
from sers.lib.refusal import Refusal


class SeatForm(forms.Form):
    """A seat's days and as what its holder signs. What is locked is not in the form at all."""

    ends_on = DayField(
        label="Last day", what="the last day", required=False, help_text="Empty: until somebody ends it"
    )

    def __init__(self, data: Any = None, *, seat: Seat, reach: rules.Reach) -> None:
        super().__init__(
            data,
            initial={
                "starts_on": seat.starts_on,
                "ends_on": seat.ends_on,
                "signs_as": str(seat.signs_as_id or ""),
            },
        )
        self.seat, self.reach = seat, reach
        self.titles = {}
        if seat.starts_on > timezone.localdate():
            self.fields["starts_on"] = DayField(label="First day", what="the first day")
        if reach.may_sign(Role(seat.role), seat.place):
            self.titles = {
                str(title.pk): title
                for title in SignerTitle.objects.all()
                if rules.why_not_sign(reach, title, Role(seat.role), seat.place) is None
            }
        if self.titles:
            self.fields["signs_as"] = title_field(list(self.titles.values()))
        self.fields["reason"] = reason_field("Why it changes. It stays in the history")
        self.order_fields(("starts_on", "ends_on", "signs_as", "reason"))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def refuse(self, refusal: Refusal) -> None:
        """Say a rule's words at the field it speaks of."""
        field = FIELD_OF.get(refusal.rule)
        self.add_error(field if field in self.fields else None, str(refusal))

    def save(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return actions.change_seat(
            seat=self.seat,
            starts_on=data.get("starts_on") or self.seat.starts_on,
            ends_on=data["ends_on"],
            signs_as=self.titles.get(data["signs_as"]) if self.titles else self.seat.signs_as,
            reason=data["reason"],
            by=self.reach.user,
        )


class EndSeatForm(forms.Form):
    """Why a seat ends."""

    reason = reason_field("For example: left the school. It stays in the history")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("reason", FormActions(Submit("end", "End Seat")))
        return helper

    def save(self, *, seat: Seat, reach: rules.Reach) -> Seat:
        return actions.end_seat(seat=seat, reason=self.cleaned_data["reason"], by=reach.user)
