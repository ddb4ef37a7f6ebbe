"""The screens of the tenants and of people's seats."""

from organizations.views.seats import choose_seat

__all__ = ["choose_seat"]
