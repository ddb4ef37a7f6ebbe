"""Security Information: the password and three questions; and what the way back asks of them."""

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import actions, rules
from accounts.forms.passwords import NewPassword
from accounts.models import MailedLink, Question, SecurityAnswer, User

NUMBERS: Final = tuple(range(1, SecurityAnswer.HOW_MANY + 1))


class Questions(forms.Form):
    """Three different questions from the list, each with its answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in NUMBERS:
            self.fields[f"question_{number}"] = forms.ChoiceField(
                label=_("Question {number}").format(number=number),
                choices=[("", _("Choose a question")), *Question.choices],
                error_messages={
                    "required": _("Choose a question"),
                    "invalid_choice": _("Choose a question"),
                },
            )
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("Answer {number}").format(number=number),
                max_length=200,
                error_messages={
                    "required": _("Enter an answer of at least 2 letters or numbers"),
                    "max_length": _("Shorten the answer to 200 characters or fewer"),
                },
                widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
            )
            del self.fields[f"answer_{number}"].widget.attrs["maxlength"]

    @staticmethod
    def fieldset() -> Fieldset:
        """The questions as one part of a page."""
        return Fieldset(
            _("Security questions"),
            *(name for number in NUMBERS for name in (f"question_{number}", f"answer_{number}")),
        )

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Question and answer, in their order."""
        data = self.cleaned_data
        return [(data.get(f"question_{n}", ""), data.get(f"answer_{n}", "")) for n in NUMBERS]

    def check_answers(self, user: User) -> None:
        """Say at each place what is wrong there."""
        for place, refusal in rules.why_not_answers(self.answers, user).items():
            kind = "question" if "question" in refusal.rule else "answer"
            if not self.has_error(f"{kind}_{NUMBERS[place]}"):
                self.add_error(f"{kind}_{NUMBERS[place]}", str(refusal))


class SecurityForm(NewPassword, Questions):
    """Security Information, by the link that activates an account or resets it."""

    field_order = ("password", "compare_password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.person = user
        parts = [Fieldset(_("Password"), "password", "compare_password")]
        if settings.SECURITY_QUESTIONS:
            parts.append(self.fieldset())
        else:
            for name in [name for name in self.fields if "password" not in name]:
                del self.fields[name]
        self.helper.layout = Layout(*parts)

    def clean(self) -> dict[str, Any]:
        if settings.SECURITY_QUESTIONS:
            self.check_answers(self.person)
        return self.cleaned_data

    def save(self, *, token: str, purpose: MailedLink.Purpose) -> User:
        return actions.secure_account(
            token=token, purpose=purpose, password=self.cleaned_data["password"], answers=self.answers
        )


class ProofForm(forms.Form):
    """What is asked after the mailed link: one question, a recovery code or the code of an authenticator app."""

    typed = forms.CharField(
        max_length=200,
        error_messages={"max_length": _("Shorten it to 200 characters or fewer")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, link: MailedLink, proof: rules.Proof, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link, self.proof = link, proof
        field = self.fields["typed"]
        del field.widget.attrs["maxlength"]
        if proof is rules.Proof.ANSWER:
            question = rules.question_of(link)
            field.label = question.get_question_display() if question else ""
            field.help_text = _("Capital letters, accents and signs do not matter.")
            field.error_messages["required"] = _("Enter your answer")
        elif proof is rules.Proof.CODE:
            field.label = _("Recovery code")
            field.help_text = _(
                "One of the ten you saved. It works once. Hyphens and capital letters do not matter."
            )
            field.error_messages["required"] = _("Enter one of your recovery codes")
        else:
            field.label = _("Code")
            field.help_text = _("The six digits that your authenticator app shows now.")
            field.error_messages["required"] = _("Enter the code")
            field.widget.attrs |= {"autocomplete": "one-time-code", "class": "s-w10"}
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout("typed", Submit("go_on", _("Continue")))

    def save(self, *, address: str) -> bool:
        """Is it right? Told on the form when it is not; Refused after too many tries."""
        typed, user = self.cleaned_data["typed"], self.link.user
        if self.proof is rules.Proof.ANSWER:
            right = actions.check_answer(link=self.link, typed=typed)
            words = _("This is not the answer you gave. Try how else you may have written it.")
        elif self.proof is rules.Proof.CODE:
            right = actions.use_recovery_code(user=user, typed=typed)
            words = _("This is not one of your recovery codes, or it was used before. Type another one.")
        else:
            forgive = actions.count_factor_try(user=user, address=address)
            right = actions.use_app_code(user=user, code=typed)
            words = _("This is not the code. Wait for the next one and type it.")
            if right:
                forgive()
        if not right:
            self.add_error("typed", words)
        return right


class ChangeQuestionsForm(Questions):
    """Three new security questions, in My Account."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = user
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(self.fieldset(), Submit("save", _("Save Questions")))

    def clean(self) -> dict[str, Any]:
        self.check_answers(self.person)
        return self.cleaned_data

    def save(self) -> None:
        actions.change_answers(user=self.person, answers=self.answers)
