"""The State's list of industry credentials, one of them, and what a class prepares for."""

from typing import Any, cast

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict

from accounts.models import User
from articulations import actions
from articulations.forms.fields import choice, in_use
from articulations.forms.request_pages import line
from articulations.models import (
    CareerCluster,
    HighSchoolCourse,
    IndustryCredential,
    IndustryCredentialQuerySet,
)
from articulations.rules import credentials as rules
from articulations.rules import year_in_words
from organizations.models import AcademicYear
from sers.lib.choices import offer
from sers.lib.refusal import Refused

#: So many school years back and ahead a credential may be ended with.
YEARS_BACK, YEARS_AHEAD = 4, 2


class CredentialsForm(forms.Form):
    """Filters of the State's list; what is recorded now unless something else is chosen."""

    SHOWN = (("", "Recorded now"), ("ended", "Ended"), ("all", "All"))

    words = forms.CharField(
        label="Title or who gives it",
        required=False,
        max_length=100,
        error_messages={"max_length": "Search with at most 100 characters"},
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
    show = forms.ChoiceField(
        label="Credentials",
        choices=SHOWN,
        required=False,
        error_messages={"invalid_choice": "Credentials: choose one from the list"},
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["cluster"] = choice("Career cluster", CareerCluster.objects.options(), "All clusters")

    def narrow(self, rows: IndustryCredentialQuerySet, year: AcademicYear) -> IndustryCredentialQuerySet:
        """The credentials that pass every filter."""
        asked = self.cleaned_data
        found = rows.worded(asked["words"]).of_cluster(asked["cluster"])
        if asked["show"] == "all":
            return found
        first = year.first_year
        return found.ended_before(first) if asked["show"] else found.recorded_in(first)

    def in_use(self) -> list[tuple[str, str]]:
        """(field, what it keeps) of each filter that narrows the list."""
        return in_use(self, "words", "cluster", "show")


class CredentialForm(forms.Form):
    """One credential of the State's list: put on it, corrected, or ended."""

    title = line(
        "Title", "Enter the title of the credential", hint="As on the certificate, for example ServSafe Food Handler."
    )  # fmt: skip
    given_by = line(
        "Given by", "Enter who gives the credential", hint="For example National Restaurant Association."
    )
    clusters = forms.MultipleChoiceField(
        label="Career clusters",
        required=False,
        help_text="Classes of these are offered it first. None means any.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose career clusters from the list"},
    )
    last_year = forms.ChoiceField(
        label="Last school year it is recorded in",
        required=False,
        help_text="A day after it is refused. Who has earned it keeps it.",
        error_messages={"invalid_choice": "Choose a school year from the list"},
    )

    def __init__(self, data: Any = None, *, initial: Any = None, ends: AcademicYear | None = None) -> None:
        super().__init__(data, initial=initial)
        self.known = {str(one.pk): one for one in CareerCluster.objects.legacy()}
        offer(self, "clusters", [(key, one.name) for key, one in self.known.items()])
        first = AcademicYear.objects.current().first_year
        years = {*range(first - YEARS_BACK, first + YEARS_AHEAD), *([ends.first_year] if ends else [])}
        named = [(str(one), year_in_words(one)) for one in sorted(years)]
        offer(self, "last_year", [("", "No end is known"), *named])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("save", "Save Changes")))
        return helper

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_given_by(self) -> str:
        return " ".join(self.cleaned_data["given_by"].split())

    def facts(self) -> dict[str, Any]:
        """What was typed and chosen."""
        asked, year = self.cleaned_data, self.cleaned_data["last_year"]
        return {
            "title": asked["title"],
            "given_by": asked["given_by"],
            "clusters": [self.known[key] for key in asked["clusters"]],
            "last_year": AcademicYear(first_year=int(year)) if year else None,
        }


class NewCredentialForm(CredentialForm):
    """Put a credential on the list."""

    def save(self, *, by: User) -> IndustryCredential | None:
        """Put it there; None where its title is there already, which is told at the title."""
        try:
            return actions.list_credential(**self.facts(), by=by)
        except Refused as refused:
            self.add_error("title", str(refused).rstrip("."))
            return None


class EditCredentialForm(CredentialForm):
    """Correct a credential of the list, or end it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, credential: IndustryCredential) -> None:
        ends = credential.last_year
        initial = {
            "title": credential.title,
            "given_by": credential.given_by,
            "clusters": [str(one.pk) for one in credential.clusters.all()],
            "last_year": str(ends.first_year) if ends else "",
            "seen": rules.credential_mark(credential),
        }
        super().__init__(data, initial=initial, ends=ends)
        self.credential = credential

    def save(self, *, by: User) -> bool | None:
        """Save it; False where nothing differs, None where its title is taken, which is told at the title."""
        try:
            return actions.change_credential(
                credential=self.credential, seen=self.cleaned_data["seen"], **self.facts(), by=by
            )
        except Refused as refused:
            if refused.refusal.rule != "there_already":
                raise
            self.add_error("title", str(refused).rstrip("."))
            return None

    def once_more(self) -> "EditCredentialForm":
        """What was typed, beside the credential as it stands now."""
        now = IndustryCredential.objects.in_order().get(pk=self.credential.pk)
        data = cast(QueryDict, self.data).copy()
        data["seen"] = rules.credential_mark(now)
        return EditCredentialForm(data, credential=now)


class PreparationForm(forms.Form):
    """Which industry credentials a class prepares for: those of its career cluster first, then every other."""

    credentials = forms.MultipleChoiceField(
        label="Industry credentials",
        required=False,
        help_text="Those of the class’s own career cluster stand first.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose industry credentials from the list"},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, course: HighSchoolCourse, year: AcademicYear) -> None:
        now = list(course.prepares_for.in_order())
        super().__init__(
            data,
            initial={"credentials": [str(one.public_id) for one in now], "seen": rules.preparation_mark(now)},
        )
        self.course, self.year = course, year
        offered = rules.offered_to(course, year.first_year)
        self.known = {str(one.public_id): one for one in offered}
        offer(self, "credentials", [(key, f"{one.title}, {one.given_by}") for key, one in self.known.items()])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("credentials", "seen", FormActions(Submit("save", "Save Changes")))
        return helper

    def save(self, *, by: User) -> bool:
        asked = self.cleaned_data
        return actions.say_preparation(
            course=self.course,
            credentials=[self.known[key] for key in asked["credentials"]],
            seen=asked["seen"],
            by=by,
        )

    def once_more(self) -> "PreparationForm":
        """What was ticked, beside what the class is said to prepare for now."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = rules.preparation_mark(self.course.prepares_for.all())
        return PreparationForm(data, course=self.course, year=self.year)
