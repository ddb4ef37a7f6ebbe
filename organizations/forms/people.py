"""What is typed to find people, and to give somebody a seat."""

from typing import Any, Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import Role
from accounts.models import User
from organizations import actions, rules
from organizations.forms.fields import (
    EmailLine,
    Places,
    line,
    place_field,
    places_seen,
    places_to_give,
    reason_field,
    title_field,
)
from organizations.models import Seat, SignerTitle
from sers.lib.days import DayField
from sers.lib.folding import fold
from sers.lib.refusal import Refusal

#: At which field a rule's words stand.
FIELD_OF: Final = {
    "above_reach": "role",
    "students_come_themselves": "role",
    "wrong_place": "place",
    "beyond_reach": "place",
    "title_of_another_role": "signs_as",
    "title_of_another_school": "signs_as",
    "signing_above": "signs_as",
    "starts_too_early": "starts_on",
    "starts_too_late": "starts_on",
    "begun_already": "starts_on",
    "ends_before": "ends_on",
    "ended_already": "ends_on",
}
NEW: Final = "new"


def email_line(**kwargs: Any) -> forms.EmailField:
    return forms.EmailField(
        label="E-mail",
        max_length=254,
        error_messages={
            "required": "Enter the e-mail",
            "invalid": "Enter an e-mail like name@example.org",
            "max_length": "Shorten the e-mail to 254 characters or fewer",
        },
        widget=EmailLine({"spellcheck": "false", "autocomplete": "off"}),
        **kwargs,
    )


class PeopleForm(forms.Form):
    """What people are searched by; nothing needs to be said. The terms travel in the session, never in an address."""

    STATES = (
        ("", "With a seat now or later"),
        ("active", "Active"),
        ("invited", "Invited, no password yet"),
        ("ended", "Every seat has ended"),
    )

    name = line(
        "Name",
        most=200,
        what="the name",
        required=False,
        help_text="The first letters of any part are enough",
    )
    email = line(
        "E-mail", most=254, what="the e-mail", required=False, help_text="The first letters are enough"
    )
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "Any role"), *((role.value, role.label) for role in Role if role != Role.STUDENT)],
        error_messages={"invalid_choice": "Choose a role from the list"},
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=STATES,
        error_messages={"invalid_choice": "Choose a state from the list"},
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.places = places_seen(user)
        if len(self.places.by_key) > 1:
            self.fields["place"] = place_field(self.places, empty="Any place", label="Place", required=False)
            self.order_fields(("name", "email", "role", "place", "state"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name and not fold(name):
            raise ValidationError("Enter letters of the name")
        return name

    @property
    def terms(self) -> dict[str, str]:
        """The terms as a session keeps them."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self) -> dict[str, Any]:
        """The terms as `people_found` takes them."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "email": data["email"],
            "role": data["role"],
            "state": data["state"],
            "place": self.places.by_key.get(data.get("place", "")),
        }


class SeatFields(forms.Form):
    """A seat that is given: as what, where, from when until when, and why."""

    starts_on = DayField(label="First day", what="the first day")
    ends_on = DayField(
        label="Last day",
        what="the last day",
        required=False,
        help_text="Leave it empty as long as nobody knows it",
    )

    def __init__(self, data: Any = None, *, reach: rules.Reach) -> None:
        super().__init__(data, initial={"starts_on": timezone.localdate()})
        self.reach = reach
        self.places: Places = places_to_give(reach)
        self.titles = {str(title.pk): title for title in SignerTitle.objects.all()} if reach.signs else {}
        self.fields["role"] = forms.ChoiceField(
            label="Role",
            choices=[("", "Choose a role"), *((role.value, role.label) for role in reach.roles)],
            error_messages={
                "required": "Choose a role",
                "invalid_choice": "Choose a role from the list: others are given above you",
            },
        )
        self.fields["place"] = place_field(
            self.places,
            empty="Choose a place",
            label="Place",
            required=not reach.everywhere,
            help_text="The high school of a Teacher or Counselor, the district, college or consortium of others"
            + ("; none for state staff" if reach.everywhere else ""),
        )
        if self.titles:
            self.fields["signs_as"] = title_field(list(self.titles.values()))
        self.fields["reason"] = reason_field(
            "For example: teaches Accounting from September. It stays in the history"
        )

    def wanted(self, *, first_name: str, last_name: str, email: str) -> rules.Wanted:
        """The seat as the rules know it."""
        data = self.cleaned_data
        return rules.Wanted(
            first_name=first_name,
            last_name=last_name,
            email=email,
            role=Role(data["role"]),
            place=self.places.by_key.get(data["place"]),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            signs_as=self.titles.get(data.get("signs_as", "")),
        )

    def refuse(self, refusal: Refusal) -> None:
        """Say a rule's words at the field it speaks of."""
        field = FIELD_OF.get(refusal.rule)
        self.add_error(field if field in self.fields else None, str(refusal))

    @property
    def seat_rows(self) -> list[Any]:
        rows: list[Any] = ["role", "place", Row("starts_on", "ends_on")]
        if self.titles:
            rows.append("signs_as")
        return [*rows, "reason"]


class NewPersonForm(SeatFields):
    """New account: a person and the first seat. Somebody who is here already gets a further seat instead."""

    first_name = line(
        "First name", most=150, what="the first name", help_text="Who has one name only: enter it here"
    )
    last_name = line("Last name", most=150, what="the last name", required=False)
    email = email_line(
        help_text="The address at work: the link to choose a password is mailed there and works for 24 hours"
    )

    def __init__(self, data: Any = None, *, reach: rules.Reach) -> None:
        super().__init__(data, reach=reach)
        self.known: dict[str, User] = {}
        self.person: User | None = None

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        who = [Fieldset("Who is it?", "who")] if "who" in self.fields else []
        helper.layout = Layout(
            *who,
            Fieldset("Person", "first_name", "last_name", "email"),
            Fieldset("Seat", *self.seat_rows),
            FormActions(Submit("save", "Create Account")),
        )
        return helper

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        names = {name: data[name] for name in ("first_name", "last_name", "email")}
        refusal = rules.why_not_give(self.reach, self.wanted(**names), on=timezone.localdate())
        if refusal is not None:
            self.refuse(refusal)
            return data
        same, others = rules.known_people(self.reach, **names)
        self._ask_who(same, others)
        return data

    def _ask_who(self, same: User | None, others: list[User]) -> None:
        """One question more, where somebody of one's own reach has this address or this name."""
        offered = [same] if same else others
        if not offered:
            return
        self.known = {str(one.public_id): one for one in offered}
        seats = Seat.objects.visible_to(self.reach.user).staff().of_people([one.pk for one in offered])
        sits: dict[int, list[str]] = {}
        for seat in seats.in_order():
            sits.setdefault(seat.user_id, []).append(seat.title)
        choices = [
            (key, f"{one.name}, {one.email}: {' and '.join(sits.get(one.pk, []))}. Give a further seat.")
            for key, one in self.known.items()
        ]
        if not same:
            choices.append((NEW, "Nobody of these: it is another person. Create an account."))
        self.fields["who"] = forms.ChoiceField(label="Who is it?", choices=choices, widget=forms.RadioSelect)
        chosen = self.data.get("who", "")
        if chosen in self.known:
            self.person = self.known[chosen]
        elif same:
            self.add_error(
                "who", f"{same.name} has this address already. Say so, or enter the person’s own address"
            )
        elif chosen != NEW:
            self.add_error("who", "Somebody of this name is in SERS already. Say who it is")

    def save(self) -> actions.Given:
        data = self.cleaned_data
        wanted = self.wanted(first_name=data["first_name"], last_name=data["last_name"], email=data["email"])
        return actions.give_access(
            wanted=wanted, known=self.person, reason=data["reason"], by=self.reach.user, reach=self.reach
        )


class NewSeatForm(SeatFields):
    """A further seat of somebody who is in SERS."""

    def __init__(self, data: Any = None, *, reach: rules.Reach, person: User) -> None:
        super().__init__(data, reach=reach)
        self.person = person

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.seat_rows, FormActions(Submit("save", "Give Seat")))
        return helper

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            refusal = rules.why_not_give(self.reach, self._wanted(), on=timezone.localdate(), to=self.person)
            if refusal is not None:
                self.refuse(refusal)
        return data

    def _wanted(self) -> rules.Wanted:
        person = self.person
        return self.wanted(first_name=person.first_name, last_name=person.last_name, email=person.email)

    def save(self) -> actions.Given:
        return actions.give_access(
            wanted=self._wanted(), known=self.person, reason=self.cleaned_data["reason"],
            by=self.reach.user, reach=self.reach,
        )  # fmt: skip
