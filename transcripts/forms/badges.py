"""The wish for a badge, or to take one back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sers.lib.choices import offer_rows
from transcripts import actions
from transcripts.models import Badge, CreditAward


class BadgeForm(forms.Form):
    """Either an award to make a badge for, with the grade or without, or a badge to take back."""

    NOT_THERE = _("Choose a course from the list")

    award = forms.ModelChoiceField(
        CreditAward.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": NOT_THERE},
    )
    grade_shown = forms.BooleanField(required=False)
    badge = forms.ModelChoiceField(
        Badge.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": NOT_THERE},
    )

    def __init__(self, *args: Any, awards: Any, badges: Any) -> None:
        super().__init__(*args)
        offer_rows(self, "award", awards.select_related("student", "college", "year"))
        offer_rows(self, "badge", badges.select_related("award__student"))

    def clean(self) -> dict[str, Any]:
        """One of the two is chosen."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("award")) == bool(data.get("badge")):
            self.add_error("award", self.NOT_THERE)
        return data

    def save(self, *, by: User) -> bool:
        """Make the badge (True) or take it back (False)."""
        if award := self.cleaned_data["award"]:
            actions.make_badge(award=award, grade_shown=self.cleaned_data["grade_shown"], by=by)
            return True
        actions.revoke_badge(badge=self.cleaned_data["badge"], by=by)
        return False
