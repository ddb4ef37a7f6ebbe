"""What a person types about an account."""

from accounts.forms.factors import NewAppForm, NewPasskeyForm, ProveForm, RemoveFactorForm, SecondStepForm
from accounts.forms.my_account import AccountForm, ChangeEmailForm, ChangePasswordForm
from accounts.forms.passwords import NewPassword, RecoverPasswordForm
from accounts.forms.requests import ForgotPasswordForm, ForgotUserNameForm
from accounts.forms.security import ChangeQuestionsForm, ProofForm, SecurityForm
from accounts.forms.signing_in import SignInForm

__all__ = [
    "AccountForm",
    "ChangeEmailForm",
    "ChangePasswordForm",
    "ChangeQuestionsForm",
    "ForgotPasswordForm",
    "ForgotUserNameForm",
    "NewAppForm",
    "NewPasskeyForm",
    "NewPassword",
    "ProofForm",
    "ProveForm",
    "RecoverPasswordForm",
    "RemoveFactorForm",
    "SecondStepForm",
    "SecurityForm",
    "SignInForm",
]
