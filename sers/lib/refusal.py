"""A refusal: which rule says no, in words a person can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`rule` names the rule for code and tests; `message` says what stands; `next_step` the way on."""

    rule: str
    message: str
    next_step: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class Refused(Exception):
    """Raised by an action whose rule says no. Nothing has been changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
