"""A college's own answer to one question."""

from django import forms

from accounts.models import User
from organizations import actions
from organizations.models import College, CollegeAnswer, Question


class AnswerForm(forms.Form):
    """The question and the answer; an empty answer gives the word back to SERS."""

    question = forms.ChoiceField(
        choices=Question,
        error_messages={"required": "Choose a question", "invalid_choice": "Choose a question"},
    )
    text = forms.CharField(
        label="Answer",
        required=False,
        max_length=CollegeAnswer.MOST_LETTERS,
        error_messages={
            "max_length": f"Shorten the answer to {CollegeAnswer.MOST_LETTERS:,} letters or fewer"
        },
        widget=forms.Textarea({"rows": 5}),
    )

    def save(self, *, college: College, language: str, by: User) -> bool:
        """Does the college answer this question in words of its own from now on?"""
        return actions.answer(
            college=college,
            question=Question(self.cleaned_data["question"]),
            language=language,
            text=self.cleaned_data["text"],
            by=by,
        )
