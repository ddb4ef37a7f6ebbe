"""What the form pack asks of a field before it draws it; it knows no noun of ours."""

from typing import NamedTuple

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import ChoiceWidget
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class Part(NamedTuple):
    """One box of a field that has several: month, day, year."""

    id: str
    label: str
    html: SafeString


@register.filter
def kind(field: BoundField) -> str:
    """Which piece of the pack draws the field: its widget decides."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.MultiWidget):
        return "parts"
    return "control"


@register.filter
def first_control(field: BoundField) -> str:
    """The id of what an error of the field leads to: its control, of several boxes or choices the first.

    A link to a control puts the focus into it without a script; a link to the group around it would not, but where
    there is nothing to choose from.
    """
    piece = kind(field)
    if piece == "control" or piece == "checkbox":
        return field.id_for_label
    widget = field.field.widget
    has_any = not isinstance(widget, ChoiceWidget) or bool(widget.choices)
    return f"{field.auto_id}_0" if has_any else field.auto_id


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget without `required`: the server answers for what is missing, in our words."""
    field.form.use_required_attribute = False
    return field.as_widget()


@register.filter
def choice(option: BoundWidget) -> SafeString:
    """One radio or checkbox of a choice, without the label Django wraps around it."""
    option.data["attrs"].pop("required", None)
    return option.tag()


@register.filter
def parts(field: BoundField) -> list[Part]:
    """The boxes of a field that has several. Each is named by the `data-label` among its widget's attributes."""
    field.form.use_required_attribute = False
    widget = field.field.widget
    boxes = []
    for part, drawn in zip(widget.widgets, field.subwidgets[0].data["subwidgets"], strict=True):
        label = drawn["attrs"].pop("data-label", "")
        if field.errors:
            drawn["attrs"]["aria-invalid"] = "true"
        html = field.form.renderer.render(part.template_name, {"widget": drawn})
        boxes.append(Part(drawn["attrs"].get("id", ""), label, mark_safe(html)))  # noqa: S308 - a rendered widget
    return boxes
