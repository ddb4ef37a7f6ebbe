"""The codes of a district and its schools."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from organizations import actions, rules
from organizations.models import HighSchool, SchoolDistrict
from sers.lib.choices import LongSelect
from sers.lib.refusal import Refusal, Refused


class DistrictForm(forms.Form):
    """Whose codes are looked at."""

    district = forms.ChoiceField(
        label="School district",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a school district"),
        widget=LongSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.districts = {str(one.public_id): one for one in SchoolDistrict.objects.order_by("name")}
        field: Any = self.fields["district"]
        field.choices = [
            ("", "Choose a school district"),
            *(
                (key, one.name if one.ospi_code else f"{one.name} (no code)")
                for key, one in self.districts.items()
            ),
        ]

    def chosen(self) -> SchoolDistrict:
        return self.districts[self.cleaned_data["district"]]


def code_field(label: str, digits: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=12,
        widget=forms.TextInput({"class": "s-w10", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"max_length": f"Enter at most {digits} digits"},
    )


class CodesForm(forms.Form):
    """The code of a district, and one of each of its schools."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, *, district: SchoolDistrict) -> None:
        schools = list(HighSchool.objects.of_district(district))
        self.district, self.schools = district, {f"school_{one.public_id}": one for one in schools}
        stand = {name: one.ospi_code for name, one in self.schools.items()}
        seen = rules.codes_seen(district, schools)
        super().__init__(data, initial={"code": district.ospi_code, **stand, "seen": seen})
        own = {"code": code_field("District code", rules.DIGITS[SchoolDistrict])}
        own["code"].help_text = "The county-district code, five digits. OSPI gives it out."
        for name, one in self.schools.items():
            own[name] = code_field(one.name, rules.DIGITS[HighSchool])
            own[name].help_text = "Its school code, four digits."
        self.fields = {**own, **self.fields}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def clean(self) -> dict[str, Any]:
        for name in ("code", *self.schools):
            if name in self.cleaned_data:
                digits = rules.DIGITS[SchoolDistrict if name == "code" else HighSchool]
                try:
                    self.cleaned_data[name] = rules.read_code(self.cleaned_data[name], digits)
                except ValueError as error:
                    self.add_error(name, ValidationError(str(error).rstrip(".")))
        return self.cleaned_data

    def save(self, *, by: User) -> int | None:
        """Set them; how many changed. None where a code is somebody else's, which is told at its field."""
        schools = {one: self.cleaned_data[name] for name, one in self.schools.items()}
        try:
            return actions.set_codes(
                district=self.district,
                code=self.cleaned_data["code"],
                schools=schools,
                seen=self.cleaned_data["seen"],
                by=by,
            )
        except Refused as refused:
            field = self._field_of(refused.refusal, schools)
            if not field:
                raise
            self.add_error(field, str(refused).rstrip("."))
            return None

    def _field_of(self, refusal: Refusal, schools: Mapping[HighSchool, str]) -> str:
        """Where the code stands that a refusal is about; empty where it is about none."""
        if refusal.rule == "district_code_taken":
            return "code"
        twice = rules.given_twice(schools)
        if refusal.rule != "school_code_twice" or twice is None:
            return ""
        return next(name for name, one in self.schools.items() if one == twice[1])

    def once_more(self) -> "CodesForm":
        """What was typed, beside the codes as they stand now."""
        stands = CodesForm(district=SchoolDistrict.objects.get(pk=self.district.pk))
        data = {**{name: self.data.get(name, "") for name in self.data}, "seen": stands.initial["seen"]}
        return CodesForm(data, district=stands.district)
