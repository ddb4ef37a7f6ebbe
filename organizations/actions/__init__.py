"""What is done with the tenants and their rules."""

from organizations.actions.scales import make_scale

__all__ = ["make_scale"]
