"""A page of one thing on which several people may act: the form of each act, and the trail of who did what."""

from dataclasses import dataclass
from datetime import datetime

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit


def helper_of(layout: Layout, act: str, button: str, *, quiet: bool = False) -> FormHelper:
    """A form of one act on a page that holds several: the button says which."""
    helper = FormHelper()
    helper.form_class = "s-form"
    submit = Submit("act", button, css_id=f"act-{act}")
    submit.field_classes = "btn" if quiet else "btn btn-primary"
    helper.layout = Layout(Hidden("chosen", act), *layout.fields, FormActions(submit))
    return helper


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the trail, as components/trail.html shows it."""

    when: datetime
    who: str
    what: str
    words: str
