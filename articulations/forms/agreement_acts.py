"""One text of an agreement as a person may read it and act on it."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.functional import cached_property

from accounts.access import Origin
from accounts.models import User
from articulations import actions, rules
from articulations.forms.request_pages import words
from articulations.models import AgreementSigner, AgreementText, Articulation
from sers.lib.acting import Happening, helper_of
from sers.lib.moments import day
from sers.lib.refusal import Refusal

State = AgreementText.State


class TextSignForm(forms.Form):
    """The signature: two ticks of intent and one's own name, for the text that is on the page."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    has_read = forms.BooleanField(
        label="I have read the agreement above",
        error_messages={"required": "Tick this when you have read the agreement"},
    )
    intends = forms.BooleanField(
        label="I intend my typed name to be my signature",
        error_messages={"required": "Tick this if you intend to sign"},
    )

    def __init__(self, data: Any = None, *, text: AgreementText, name: str) -> None:
        super().__init__(data, prefix="sign", initial={"sha256": text.sha256})
        self.text = text
        self.fields["name"] = forms.CharField(
            label="Your name",
            help_text=f"Type it as it stands here: {name}.",
            max_length=200,
            widget=forms.TextInput({"autocomplete": "name"}),
            error_messages={"required": "Type your name to sign", "max_length": "Enter at most 200 letters"},
        )

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("sha256", "has_read", "intends", "name"), "sign", "Sign the agreement")

    def save(self, *, origin: Origin, by: User) -> AgreementText:
        return actions.sign_text(
            text=self.text,
            typed_name=self.cleaned_data["name"],
            sha256=self.cleaned_data["sha256"],
            origin=origin,
            by=by,
        )

    def save_by_link(self, *, token: str, origin: Origin) -> AgreementText:
        return actions.sign_by_link(
            token=token,
            typed_name=self.cleaned_data["name"],
            sha256=self.cleaned_data["sha256"],
            origin=origin,
        )


class DeclineForm(forms.Form):
    """Decline to sign, with the reason."""

    reason = words(
        "Why you do not sign", "Say why you do not sign", hint="Every partner and the consortium read it."
    )

    def __init__(self, data: Any = None, *, text: AgreementText) -> None:
        super().__init__(data, prefix="decline")
        self.text = text

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("reason"), "decline", "Decline to sign", quiet=True)

    def save(self, *, origin: Origin, by: User) -> AgreementText:
        return actions.decline_text(text=self.text, reason=self.cleaned_data["reason"], by=by)

    def save_by_link(self, *, token: str, origin: Origin) -> AgreementText:
        return actions.decline_by_link(token=token, reason=self.cleaned_data["reason"])


class SendForm(forms.Form):
    """Send the text out; there is nothing to type."""

    def __init__(self, data: Any = None, *, text: AgreementText) -> None:
        super().__init__(data)
        self.text = text

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(), "send", "Send out for signature")

    def save(self, *, origin: Origin, by: User) -> AgreementText:
        return actions.send_out(text=self.text, by=by)


class CallBackForm(forms.Form):
    """Call the text back."""

    reason = words(
        "Why it is called back", "", required=False, hint="Partners who were asked read it.", rows=2
    )

    def __init__(self, data: Any = None, *, text: AgreementText) -> None:
        super().__init__(data, prefix="back")
        self.text = text

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("reason"), "call_back", "Call it back", quiet=True)

    def save(self, *, origin: Origin, by: User) -> AgreementText:
        return actions.call_back(text=self.text, reason=self.cleaned_data["reason"], by=by)


class LinkForm(forms.Form):
    """Mail a partner outside of SERS a new link."""

    signer = forms.IntegerField()

    def __init__(self, data: Any = None, *, text: AgreementText) -> None:
        super().__init__(data)
        self.text = text

    def save(self, *, origin: Origin, by: User) -> None:
        signer = (
            AgreementSigner.objects.in_order().filter(text=self.text, pk=self.cleaned_data["signer"]).first()
        )
        if signer is not None:
            actions.send_link_again(text=self.text, signer=signer, by=by)


class TerminateForm(forms.Form):
    """End an agreement early: the last day, and the reason."""

    on = forms.DateField(
        label="Last day in force",
        widget=forms.DateInput({"type": "date"}),
        error_messages={"required": "Enter the last day", "invalid": "Enter the last day as a date"},
    )
    reason = words(
        "Why it is terminated", "Say why it is terminated", most=1000,
        hint="Teachers, the district and the faculty read it.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, agreement: Articulation, user: User) -> None:
        super().__init__(data)
        self.agreement, self.user = agreement, user

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout("on", "reason"), "terminate", "Terminate the agreement")

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        refusal = rules.why_not_terminate(self.user, self.agreement, on)
        if refusal is not None and refusal.rule == "outside_the_agreement":
            raise forms.ValidationError(str(refusal).rstrip("."))
        return on

    def save(self, *, by: User) -> Articulation:
        return actions.terminate_agreement(
            agreement=self.agreement, on=self.cleaned_data["on"], reason=self.cleaned_data["reason"], by=by
        )


class AgreementPage:
    """One text: what it says, what differs from the text before, its partners, and the acts this person may do."""

    ACTS = ("send", "sign", "decline", "call_back", "link")

    def __init__(self, text: AgreementText, user: User, *, act: str = "", data: Any = None) -> None:
        self.text, self.user = text, user
        self.signers = actions.signers_of(text)
        self.signed = sum(one.given is not None for one in self.signers)
        self.prepares = rules.prepares(user, text.consortium)
        self.mine = rules.my_part(user, text, self.signers)
        self.superseded_by: AgreementText | None = getattr(text, "superseded_by", None)
        self.forms = self._forms(act, data)
        self.sent = self.forms.get(act)
        self.tag = rules.TEXT_TAG[text.state]
        self.label = rules.text_in_words(text.state, self.signed, len(self.signers))

    def why_not(self, act: str) -> Refusal | None:
        """Which rule keeps this person from this act now; None where none does."""
        text, user = self.text, self.user
        if act == "send":
            return rules.why_not_send(user, text)
        if act == "call_back":
            return rules.why_not_call_back(user, text)
        if act == "link":
            return rules.why_not_prepare(user, text.consortium)
        if act == "revise":
            return rules.why_not_revise(user, text, is_superseded=self.superseded_by is not None)
        if self.mine is None:
            return Refusal("not_yours", "This agreement is not yours to sign.")
        return rules.why_not_sign(user, text, self.mine, others=self.signers)

    def _forms(self, act: str, data: Any) -> dict[str, Any]:
        """The forms of the acts that are open to this person; the one that was sent is bound."""
        found: dict[str, Any] = {}
        sent = {name: data if name == act else None for name in self.ACTS}
        if self.why_not("send") is None:
            found["send"] = SendForm(sent["send"], text=self.text)
        if self.why_not("sign") is None:
            found["sign"] = TextSignForm(sent["sign"], text=self.text, name=self.user.name)
            found["decline"] = DeclineForm(sent["decline"], text=self.text)
        if self.why_not("call_back") is None:
            found["call_back"] = CallBackForm(sent["call_back"], text=self.text)
        if self.prepares and self.text.state == State.OUT:
            found["link"] = LinkForm(sent["link"], text=self.text)
        return found

    @property
    def may_revise(self) -> bool:
        return self.why_not("revise") is None

    @property
    def lines(self) -> list[rules.Line]:
        return rules.lines_of_text(self.text.content)

    @property
    def intent(self) -> str:
        """What is declared by signing."""
        seat = rules.signing_seat(self.user, self.text, self.mine) if self.mine is not None else None
        return (
            rules.signing_intent(self.text, str(seat.signs_as), str(seat.place)) if seat is not None else ""
        )

    @cached_property
    def before(self) -> AgreementText | None:
        """The text this one is compared with: the one it puts right, else that of the agreement it takes over from."""
        if self.text.supersedes is not None:
            return self.text.supersedes
        return self.text.amends.text if self.text.amends is not None else None

    @cached_property
    def differences(self) -> list[rules.Difference]:
        return (
            rules.text_differences(self.before.content, self.text.content) if self.before is not None else []
        )

    @cached_property
    def chain(self) -> str:
        """Where the chain of signatures breaks; empty where it holds."""
        given = [one.given for one in self.signers if one.given is not None]
        return rules.check_signatures(self.text, given)

    @property
    def rail(self) -> list[dict[str, str]]:
        """Prepared, each partner, in force; for components/rail.html."""
        text = self.text
        rail = [{"state": "past", "name": "Prepared", "note": day(text.prepared_at)}]
        for one in self.signers:
            if one.given is not None:
                state, note = "past", f"{one.given.name}, {day(one.given.signed_at)}"
            elif text.state == State.OUT:
                state, note = "here", f"Waits since {day(text.sent_at)}"
            else:
                state, note = "ahead", ""
            rail.append({"state": state, "name": one.name, "note": note})
        done = text.state == State.SIGNED
        rail.append(
            {
                "state": "past" if done else "ahead",
                "name": "In force",
                "note": day(text.ended_at) if done else "",
            }
        )
        return rail

    @property
    def trail(self) -> list[Happening]:
        """Who did what, the first first. From which network and how somebody had signed in is told to its partners."""
        text = self.text
        told = [Happening(text.prepared_at, text.prepared_by.name, f"Prepared, text {text.issue}", "")]
        if text.sent_at is not None and text.sent_by is not None:
            told.append(Happening(text.sent_at, text.sent_by.name, "Sent out for signature", ""))
        for one in self.signers:
            given = one.given
            if given is not None:
                origin = f" From {given.network}, by {given.way}."
                said = (
                    f"{given.intent} Signed: {given.name}, {given.signed_as}.{origin} Link {given.link[:16]}."
                )
                told.append(Happening(given.signed_at, given.name, "Signed", said))
        if text.ended_at is not None and text.state != State.SIGNED:
            told.append(Happening(text.ended_at, text.ended_name, str(State(text.state).label), text.reason))
        return sorted(told, key=lambda one: one.when)
