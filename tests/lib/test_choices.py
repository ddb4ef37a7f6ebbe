"""A select with hundreds of options."""

from django import forms
from django.test.html import parse_html

from sers.lib.choices import LongSelect


class Form(forms.Form):
    one = forms.ChoiceField(choices=[("", "All"), ("a", "A & B"), (7, "<Seven>")], widget=LongSelect)


def test_it_draws_what_djangos_select_draws() -> None:
    class Plain(Form):
        one = forms.ChoiceField(choices=[("", "All"), ("a", "A & B"), (7, "<Seven>")])

    for data in (None, {"one": "a"}, {"one": "7"}, {"one": "<x>"}, {}):
        ours, theirs = Form(data), Plain(data)
        ours.use_required_attribute = theirs.use_required_attribute = False
        assert parse_html(str(ours["one"])) == parse_html(str(theirs["one"]))
