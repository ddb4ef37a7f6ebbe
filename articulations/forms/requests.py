"""Requests to articulate: beginning one, listing them, handing one in, writing on it, signing, entering, and their steps."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib.postgres.aggregates import StringAgg

from accounts.access import Origin, Role, seats
from accounts.models import User
from articulations import actions, rules
from articulations.forms.dockets import DocketForm
from articulations.forms.drafts import Draft, answers_like, answers_of_agreement
from articulations.forms.request_pages import words
from articulations.models import (
    Articulation,
    ArticulationRequest,
    RequestFile,
    RequestMessage,
    RequestStep,
    RequestVersion,
)
from organizations.models import Consortium, HighSchool
from sers.lib.acting import helper_of
from sers.lib.choices import LongSelect
from sers.lib.uploads import Checked, check

Kind = ArticulationRequest.Kind


class StartForm(forms.Form):
    """Which kind of request, from which school to which college; a renewal says of which agreement."""

    kind = forms.ChoiceField(
        label="What you ask for",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you ask for", "invalid_choice": "Choose one of the three"},
    )

    like = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: User, begins_with: Mapping[str, str] | None = None) -> None:
        chosen = begins_with or {}
        known = {name: chosen[name] for name in ("kind", "college", "renews", "like") if name in chosen}
        super().__init__(data, initial={"kind": Kind.NEW, **known} if "like" in known else known)
        typed = str((data or chosen).get("like", ""))
        #: The agreement elsewhere that the request is modelled on.
        self.model = Articulation.objects.named(typed) if typed else None
        schools = _schools_of(user)
        self.schools = {str(one.public_id): one for one in schools}
        consortia = list(
            Consortium.objects.filter(districts__in={one.district_id for one in schools})
            .distinct()
            .order_by("name")
            .prefetch_related("colleges")
        )
        self.places = {
            f"{one.public_id}.{college.public_id}": (one, college)
            for one in consortia
            for college in one.colleges.all()
        }
        groups = [
            (one.name, [(f"{one.public_id}.{college.public_id}", college.name) for college in one.colleges.all()])
            for one in consortia
        ]  # fmt: skip
        ours = Articulation.objects.filter(
            courses__high_school_course__school__in=schools, replaced_by=None, terminated_at=None
        ).select_related("college")
        # By its classes an agreement is known to a teacher, not by its number.
        named = ours.annotate(classes=StringAgg("courses__high_school_course__title", ", ", distinct=True))
        self.agreements = {
            str(one.public_id): one for one in named.order_by("classes", "-valid_until", "number")[:200]
        }
        only = list(self.schools) if len(self.schools) == 1 else []
        self.fields |= {
            "school": forms.ChoiceField(
                label="High school",
                choices=[("", "Choose a high school"), *((key, one.name) for key, one in self.schools.items())],
                initial=chosen.get("school", only[0] if only else ""),
                widget=LongSelect,
                error_messages={"required": "Choose a high school", "invalid_choice": "Choose a high school from the list"},
            ),
            "college": forms.ChoiceField(
                label="College",
                choices=[("", "Choose a college"), *(groups[0][1] if len(groups) == 1 else groups)],
                initial=next(iter(self.places)) if len(self.places) == 1 else "",
                error_messages={"required": "Choose a college", "invalid_choice": "Choose a college from the list"},
            ),
            "renews": forms.ChoiceField(
                label="Agreement that is renewed",
                required=False,
                help_text="Only with or without revision.",
                choices=[
                    ("", "None"),
                    *((key, f"{one.classes}: {one}, {one.college}") for key, one in self.agreements.items()),
                ],
                widget=LongSelect,
                error_messages={"invalid_choice": "Choose an agreement from the list"},
            ),
        }  # fmt: skip

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            "like", "kind", "school", "college", "renews", FormActions(Submit("start", "Begin the request"))
        )
        return helper

    @property
    def model_in_words(self) -> str:
        """What the request is modelled on."""
        return f"Modelled on agreement {self.model} of {self.model.college}" if self.model is not None else ""

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        renews = self.agreements.get(asked.get("renews", ""))
        if asked.get("kind") == Kind.NEW and renews is not None:
            self.add_error("renews", "A new articulation renews none: choose None, or another kind above")
        elif self.model is not None and asked.get("kind") not in (None, Kind.NEW):
            self.add_error(
                "kind", f"What is modelled on agreement {self.model} is a new articulation: choose that"
            )
        elif asked.get("kind") in (Kind.NO_REVISION, Kind.REVISION) and renews is None:
            self.add_error("renews", "Choose the agreement that is renewed")
        elif renews is not None and asked.get("college"):
            _, college = self.places[asked["college"]]
            if renews.college_id != college.pk:
                self.add_error("renews", f"Agreement {renews} is with {renews.college}: choose that college")
        return asked

    def save(self, *, by: User) -> ArticulationRequest:
        """Begin it; Refused where the rules say no."""
        consortium, college = self.places[self.cleaned_data["college"]]
        renews = self.agreements.get(self.cleaned_data["renews"])
        return actions.start_request(
            kind=self.cleaned_data["kind"],
            consortium=consortium,
            college=college,
            school=self.schools[self.cleaned_data["school"]],
            renews=renews,
            modelled_on=self.model,
            answers=answers_of_agreement(renews)
            if renews
            else answers_like(self.model, college)
            if self.model
            else None,
            by=by,
        )


def _schools_of(user: User) -> list[HighSchool]:
    """The schools a person may begin requests for."""
    teaches = [seat.school_id for seat in seats(user, Role.TEACHER) if seat.school_id]
    districts = [seat.anchor for seat in seats(user, Role.DISTRICT)]
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    found = HighSchool.objects.filter(pk__in=teaches) | HighSchool.objects.filter(district__in=districts)
    found |= HighSchool.objects.filter(
        pk__in=HighSchool.objects.of_consortia(consortia).order_by().values("pk")
    )
    return list(found.select_related("district").order_by("name", "pk"))


class RequestsForm(DocketForm):
    """Filters of the list of requests."""

    WORDS = "Class, school, college or reference"
    STATES = ArticulationRequest.State.choices


class FileForm(forms.Form):
    """Attach one paper."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=RequestFile.Kind.choices,
        error_messages={"required": "Choose what the paper is", "invalid_choice": "Choose what the paper is"},
    )
    paper = forms.FileField(
        label="Paper",
        help_text="PDF, PNG or JPEG, at most 5 MB.",
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Choose it again",
            "missing": "No file was chosen. Choose it again",
            "invalid": "The file did not arrive. Choose it again",
        },
    )

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("kind", "paper"), "attach", "Attach")

    def clean_paper(self) -> Checked:
        return check(self.cleaned_data["paper"])

    def save(self, *, asked: ArticulationRequest, by: User) -> RequestFile:
        return actions.add_file(
            asked=asked, kind=self.cleaned_data["kind"], paper=self.cleaned_data["paper"], by=by
        )


class HandInForm(forms.Form):
    """Hand the request in; again with what has changed."""

    def __init__(self, data: Any = None, *, draft: Draft) -> None:
        super().__init__(data)
        self.draft = draft
        if draft.asked.latest is not None:
            self.fields["note"] = words(
                "What has changed", "", most=1000, required=False, hint="Everybody who decides reads it."
            )

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(*self.fields), "hand_in", "Hand in the request")

    def save(self, *, by: User) -> RequestVersion:
        return actions.hand_in(
            asked=self.draft.asked,
            content=self.draft.content(),
            note=self.cleaned_data.get("note", ""),
            by=by,
        )


class MessageForm(forms.Form):
    """A message on the request; the college's side may ask for a meeting with it."""

    text = words("Message", "Enter a message", most=RequestMessage.MOST_LETTERS, rows=3)

    def __init__(self, data: Any = None, *, asked: ArticulationRequest, written_as: Role) -> None:
        super().__init__(data)
        self.asked = asked
        if rules.why_not_meet(written_as, asked) is None:
            self.fields["wants_meeting"] = forms.BooleanField(
                label="Ask for a meeting",
                required=False,
                help_text="Say when and where. The request waits where it is.",
            )

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(*self.fields), "write", "Send the message", quiet=True)

    def save(self, *, by: User) -> RequestMessage:
        return actions.write_message(
            asked=self.asked,
            text=self.cleaned_data["text"],
            wants_meeting=bool(self.cleaned_data.get("wants_meeting")),
            by=by,
        )


class WithdrawForm(forms.Form):
    """Take the request back; there is nothing to type."""

    def __init__(self, data: Any = None, *, asked: ArticulationRequest) -> None:
        super().__init__(data)
        self.asked = asked

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(), "withdraw", "Take it back", quiet=True)

    def save(self, *, by: User) -> ArticulationRequest:
        return actions.withdraw_request(asked=self.asked, by=by)


class SignForm(forms.Form):
    """The signature: the name as it stands in the account, for the text that is on the page."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, data: Any = None, *, asked: ArticulationRequest, step: RequestStep, user: User
    ) -> None:
        super().__init__(data, prefix="sign", initial={"sha256": step.version.sha256})
        self.asked, self.step = asked, step
        self.fields["name"] = forms.CharField(
            label="Your name",
            help_text=f"Type it as it stands in your account: {user.name}.",
            max_length=200,
            widget=forms.TextInput({"autocomplete": "name"}),
            error_messages={"required": "Type your name to sign", "max_length": "Enter at most 200 letters"},
        )

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("sha256", "name"), "sign", "Sign the request")

    def save(self, *, origin: Origin, by: User) -> ArticulationRequest:
        return actions.sign_step(
            asked=self.asked,
            step=self.step,
            typed_name=self.cleaned_data["name"],
            sha256=self.cleaned_data["sha256"],
            origin=origin,
            by=by,
        )


class ReturnForm(forms.Form):
    """Ask for more information: the request goes back to the school's side."""

    reason = words(
        "What is missing or unclear", "Say what is missing or unclear", hint="The school’s side reads it."
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest, step: RequestStep) -> None:
        super().__init__(data, prefix="return")
        self.asked, self.step = asked, step

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("reason"), "return", "Ask for more information", quiet=True)

    def save(self, *, by: User) -> ArticulationRequest:
        return actions.return_step(
            asked=self.asked, step=self.step, reason=self.cleaned_data["reason"], by=by
        )


class DenyForm(forms.Form):
    """Deny, with reasons."""

    reason = words("Why it is denied", "Say why the request is denied", hint="Everybody concerned reads it.")

    def __init__(self, data: Any = None, *, asked: ArticulationRequest, step: RequestStep) -> None:
        super().__init__(data, prefix="deny")
        self.asked, self.step = asked, step

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("reason"), "deny", "Deny the request", quiet=True)

    def save(self, *, by: User) -> ArticulationRequest:
        return actions.deny_step(asked=self.asked, step=self.step, reason=self.cleaned_data["reason"], by=by)
