"""The screens of the tenants and of people's seats."""

from organizations.views.grade_scales import new_scale, scale, scales
from organizations.views.seats import choose_seat

__all__ = ["choose_seat", "new_scale", "scale", "scales"]
