"""What a person types about an account."""

from accounts.forms.signing_in import SignInForm

__all__ = ["SignInForm"]
