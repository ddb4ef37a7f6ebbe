"""What a person types about an account."""

from accounts.forms.factors import NewAppForm, NewPasskeyForm, ProveForm, SecondStepForm
from accounts.forms.signing_in import SignInForm

__all__ = ["NewAppForm", "NewPasskeyForm", "ProveForm", "SecondStepForm", "SignInForm"]
