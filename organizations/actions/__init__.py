"""What is done with places, years and their rules."""

from organizations.actions.answers import answer
from organizations.actions.scales import make_scale

__all__ = ["answer", "make_scale"]
