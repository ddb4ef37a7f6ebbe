"""What is done with places and years."""

from organizations.actions.answers import answer

__all__ = ["answer"]
