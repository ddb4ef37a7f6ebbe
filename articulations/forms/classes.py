"""A class of a high school: the codes it is known by, and what it counts and teaches; and a file of a district's classes."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from articulations import actions, rules
from articulations.forms.request_pages import line, words
from articulations.models import CareerCluster, ClassFile, HighSchoolCourse
from articulations.rules import class_files
from organizations.models import SchoolDistrict
from sers.lib.choices import offer
from sers.lib.handing_in import CheckFileForm, Sheet, SheetField
from sers.lib.uploads import MEGABYTE


def district_field(districts: Sequence[SchoolDistrict]) -> forms.ChoiceField:
    """Which school district; of one, that one."""
    only = str(districts[0].public_id) if len(districts) == 1 else ""
    choices = [(str(one.public_id), one.name) for one in districts]
    return forms.ChoiceField(
        label="School district",
        choices=choices if only else [("", "Choose a school district"), *choices],
        initial=only,
        error_messages={
            "required": "Choose a school district",
            "invalid_choice": "Choose a school district from the list",
        },
    )


class EditClassForm(forms.Form):
    """What of a class may change; its school and title stay."""

    local_code = line(
        "Course ID", "", most=rules.LONGEST_COURSE_ID, required=False, width="s-w10",
        hint="As in the district’s own system, for example BUS201. CEDARS calls it Course ID.",
    )  # fmt: skip
    state_code = line(
        "State course code", "", most=10, required=False, width="s-w10",
        hint="As CEDARS lists the course, for example 12104.",
    )  # fmt: skip
    cip = line("CIP code", "", most=9, required=False, hint="Six digits, for example 52.0301.", width="s-w10")
    cluster = forms.ChoiceField(
        label="Career cluster",
        required=False,
        error_messages={"invalid_choice": "Choose a career cluster from the list"},
    )
    high_school_credits = forms.CharField(
        label="High-school credits",
        required=False,
        max_length=6,
        help_text="What the whole class counts toward graduation: 0.5 for a semester, 1 for a year.",
        widget=forms.TextInput({"class": "s-w4", "inputmode": "decimal"}),
        error_messages={"max_length": "Enter high-school credits from 0.25 to 3, for example 0.5 or 1"},
    )
    competencies = words(
        "Competencies", "", most=8000, rows=8, required=False,
        hint="One a line. Alternatives in other consortia are found by them.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, *, taught: HighSchoolCourse) -> None:
        facts = {**rules.class_facts(taught), "cip": taught.cip_in_words}
        super().__init__(data, initial={**facts, "seen": rules.class_seen(taught)})
        self.taught = taught
        offer(self, "cluster", [("", "Not coded"), *CareerCluster.objects.options()])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def clean(self) -> dict[str, Any]:
        for field in rules.CLASS_FIELDS:
            if field != "cluster" and field in self.cleaned_data:
                try:
                    self.cleaned_data[field] = rules.read_class_fact(field, self.cleaned_data[field])
                except ValueError as error:
                    self.add_error(field, ValidationError(str(error).rstrip(".")))
        return self.cleaned_data

    def save(self, *, by: User) -> list[dict[str, str]]:
        """Change it; nothing where nothing is different."""
        return actions.change_class(
            taught=self.taught,
            facts={field: self.cleaned_data[field] for field in rules.CLASS_FIELDS},
            seen=self.cleaned_data["seen"],
            by=by,
        )

    def once_more(self) -> "EditClassForm":
        """What was typed, beside the class as it stands now."""
        stands = HighSchoolCourse.objects.get(pk=self.taught.pk)
        data = {**{name: self.data.get(name, "") for name in self.data}, "seen": rules.class_seen(stands)}
        return EditClassForm(data, taught=stands)


class TemplateForm(forms.Form):
    """Of which district the template is."""

    def __init__(self, data: Any = None, *, districts: Sequence[SchoolDistrict]) -> None:
        super().__init__(data, auto_id="template_%s")
        self.districts = {str(one.public_id): one for one in districts}
        self.fields["district"] = district_field(districts)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method, helper.form_class = "get", "s-form"
        helper.form_action = "articulations:classes_file"
        button = Submit("", "Download the template")
        button.field_classes = "btn"
        helper.layout = Layout("district", FormActions(button))
        return helper

    def chosen(self) -> SchoolDistrict:
        return self.districts[self.cleaned_data["district"]]


class ClassFileForm(CheckFileForm):
    """A file of a district's classes with their codes, and whose they are."""

    file = SheetField(
        columns=class_files.CLASS_COLUMNS,
        most_rows=class_files.MOST_CLASSES,
        most_bytes=5 * MEGABYTE,
        workbooks=True,
        help_text=f"At most {class_files.MOST_CLASSES:,} rows and 5 MB. Nothing is saved before you have seen what it changes",
    )

    def __init__(self, data: Any = None, files: Any = None, *, districts: Sequence[SchoolDistrict]) -> None:
        super().__init__(data, files)
        self.districts = {str(one.public_id): one for one in districts}
        self.fields = {"district": district_field(districts), **self.fields}

    def save(self, *, by: User) -> ClassFile:
        sheet: Sheet = self.cleaned_data["file"]
        return actions.hand_in_classes(
            district=self.districts[self.cleaned_data["district"]],
            name=sheet.name,
            rows=class_files.rows_of_classes(sheet.rows),
            by=by,
        )
