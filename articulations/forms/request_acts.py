"""One request as a person may read it and act on it."""

from typing import Any

from django.utils.functional import cached_property

from accounts.access import Role, stands_on
from accounts.models import User
from articulations import rules
from articulations.forms.requests import (
    MessageForm,
    ReturnForm,
    SignForm,
    WithdrawForm,
)
from articulations.forms.reviews import ScreenForm
from articulations.models import (
    AgreementText,
    ArticulationRequest,
    RequestFile,
    RequestMessage,
    RequestStep,
    StepKind,
    files_by_id,
)
from sers.lib.acting import Happening
from sers.lib.refusal import Refusal

Outcome = RequestStep.Outcome


class RequestPage:
    """One request: its steps, its latest version, its messages, and the acts this person may do on it."""

    def __init__(self, asked: ArticulationRequest, user: User, *, act: str = "", data: Any = None) -> None:
        self.asked, self.user = asked, user
        self.latest = asked.latest
        self.all_steps = list(RequestStep.objects.in_order().filter(version__asked=asked))
        self.steps = [one for one in self.all_steps if self.latest and one.version_id == self.latest.pk]
        self.step = asked.step
        self.writes_as = rules.writes_as(user, asked)
        self.own = rules.changes_as(user, asked) is not None
        self.messages = list(RequestMessage.objects.filter(asked=asked).told())
        self.forms = self._forms(act, data)
        self.sent = self.forms.get(act)
        self.tag = rules.STATE_TAG[asked.state]
        signs_as = self.step.signs_as.name if self.step and self.step.signs_as else None
        self.label = rules.state_in_words(asked.state, self.step.kind if self.step else None, signs_as)

    def why_not(self, act: str) -> Refusal | None:
        """Which rule keeps this person from this act now; None where none does."""
        asked, user = self.asked, self.user
        if act == "withdraw":
            return rules.why_not_withdraw(user, asked)
        if act == "write":
            if self.writes_as is None:
                return Refusal(
                    "not_concerned", "The school’s side, the consortium and the faculty write here."
                )
            return None
        kinds = {"sign": (StepKind.SIGN,), "screen": (StepKind.SCREEN,), "deny": (StepKind.REVIEW,)}
        of_kind = kinds.get(act, (StepKind.SIGN, StepKind.SCREEN))
        # The step at hand; else the last of its kind that was decided, to say by whom.
        step = self.step if self.step and self.step.kind in of_kind else None
        step = step or next((one for one in reversed(self.steps) if one.kind in of_kind), None)
        if step is None:
            return Refusal("not_at_hand", f"Request {asked} does not wait for this step.", "See below.")
        outcome = {"return": Outcome.RETURNED, "deny": Outcome.DENIED}.get(act, Outcome.PASSED)
        return rules.why_not_decide(user, asked, step, outcome)

    def _forms(self, act: str, data: Any) -> dict[str, Any]:
        """The forms of the acts that are open to this person; the one that was sent is bound."""
        found: dict[str, Any] = {}
        step = self.step
        sent = {
            name: data if name == act else None for name in ("sign", "screen", "return", "withdraw", "write")
        }
        if step is not None and step.kind != StepKind.REVIEW and self.why_not("return") is None:
            if step.kind == StepKind.SIGN:
                found["sign"] = SignForm(sent["sign"], asked=self.asked, step=step, user=self.user)
            else:
                found["screen"] = ScreenForm(sent["screen"], asked=self.asked, step=step)
            found["return"] = ReturnForm(sent["return"], asked=self.asked, step=step)
        if self.why_not("withdraw") is None:
            found["withdraw"] = WithdrawForm(sent["withdraw"], asked=self.asked)
        if self.writes_as is not None:
            found["write"] = MessageForm(sent["write"], asked=self.asked, written_as=self.writes_as)
        return found

    @property
    def intent(self) -> str:
        """What is declared by signing."""
        step = self.step
        if step is None:
            return ""
        seat = rules.signing_seat(self.user, self.asked, step)
        return rules.intent_of(self.asked, step, str(seat.signs_as), str(seat.place)) if seat else ""

    @property
    def reviews(self) -> bool:
        """Is it this person who fills the matrix and decides now?"""
        step = self.step
        return (
            step is not None
            and step.kind == StepKind.REVIEW
            and rules.why_not_decide(self.user, self.asked, step) is None
        )

    @property
    def has_matrix(self) -> bool:
        return any(one.kind == StepKind.REVIEW and one.is_decided for one in self.steps)

    @property
    def enters(self) -> bool:
        """Is it this person who enters the agreement now?"""
        return rules.why_not_enter(self.user, self.asked) is None

    @property
    def changes(self) -> bool:
        """May this person go on with the answers now?"""
        return rules.why_not_change(self.user, self.asked) is None

    @property
    def may_plan(self) -> bool:
        return stands_on(self.user, Role.CONSORTIUM, self.asked.consortium_id)

    @property
    def rail(self) -> list[dict[str, str]]:
        return rules.rail_of(self.asked, self.steps)

    @property
    def lines(self) -> list[rules.Line]:
        """What the latest version says, without its papers."""
        if self.latest is None:
            return []
        return [line for line in rules.lines_of(self.latest.content) if line.page != "files"]

    @property
    def files(self) -> list[RequestFile]:
        """The papers of the latest version, kind by kind."""
        if self.latest is None:
            return []
        told = self.latest.content.get("files", ())
        known = files_by_id(one["id"] for one in told)
        return [known[one["id"]] for one in told if one["id"] in known]

    @cached_property
    def asked_back(self) -> RequestStep | None:
        """The step at which more information was asked for or the request was denied, as long as that stands."""
        if self.asked.state in (ArticulationRequest.State.RETURNED, ArticulationRequest.State.DENIED):
            return next((one for one in reversed(self.steps) if one.is_decided), None)
        return None

    @cached_property
    def meeting(self) -> RequestMessage | None:
        """The last meeting asked for since the version was handed in, while nothing is decided."""
        if self.asked.state != ArticulationRequest.State.UNDER_WAY or self.latest is None:
            return None
        since = self.latest.handed_in_at
        return next(
            (one for one in reversed(self.messages) if one.wants_meeting and one.written_at > since), None
        )

    @cached_property
    def agreements(self) -> list[Any]:
        return list(self.asked.agreements.order_by("number"))

    @cached_property
    def texts(self) -> list[AgreementText]:
        """The texts of agreements that were written from it, the latest first."""
        return list(self.asked.texts.order_by("-prepared_at", "-id"))

    @property
    def trail(self) -> list[Happening]:
        """Who did what, the first first."""
        asked = self.asked
        told = [Happening(asked.started_at, asked.started_by.name, "Begun", asked.get_kind_display())]
        versions = {one.version_id: one.version for one in self.all_steps}
        for version in versions.values():
            told.append(
                Happening(
                    version.handed_in_at,
                    version.handed_in_by.name,
                    f"Version {version.number} handed in",
                    version.note,
                )
            )
        for step in self.all_steps:
            if step.decided_by is None or step.decided_at is None:
                continue
            told.append(Happening(step.decided_at, step.decided_by.name, _done(step), _said(step)))
        last = asked.state in (ArticulationRequest.State.WITHDRAWN, ArticulationRequest.State.ENTERED)
        if last and asked.decided_by is not None and asked.decided_at is not None:
            told.append(
                Happening(asked.decided_at, asked.decided_by.name, str(asked.get_state_display()), "")
            )
        return sorted(told, key=lambda one: one.when)


def _done(step: RequestStep) -> str:
    if step.outcome != Outcome.PASSED:
        return str(step.get_outcome_display())
    return {StepKind.SIGN: "Signed", StepKind.SCREEN: "Screened", StepKind.REVIEW: "Approved"}[
        StepKind(step.kind)
    ]


def _said(step: RequestStep) -> str:
    if step.kind == StepKind.SIGN and step.outcome == Outcome.PASSED:
        origin = f" From {step.signed_network}, by {step.signed_way}." if step.signed_network else ""
        return f"{step.intent} Signed: {step.signed_name}, {step.signed_as}. Fingerprint {(step.signed_sha256 or '')[:16]}.{origin}"
    if step.kind == StepKind.SCREEN and step.outcome == Outcome.PASSED:
        return f"What Perkins asks is there. V-codes checked: {step.teachers_checked}."
    if step.kind == StepKind.REVIEW and step.outcome == Outcome.PASSED:
        return f"{step.aligned} % aligned, at least {step.least_alignment} % is asked. {step.reason}".strip()
    return step.reason
