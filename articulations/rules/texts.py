"""Texts of agreements: what they say, who prepares, sends, signs and ends them, and how a chain of signatures is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from accounts.access import Role, seats, stands_on
from accounts.models import User
from articulations.models import (
    AgreementSignature,
    AgreementSigner,
    AgreementText,
    AgreementTextQuerySet,
    AgreementWording,
    Articulation,
    PartnerPlan,
)
from articulations.rules.agreements import MOST_YEARS, years_later
from articulations.rules.requesting import Difference, Line
from articulations.rules.signers import signing_seat, signings
from articulations.rules.steps import name_in_words
from organizations.models import AcademicYear, College, Consortium, HighSchool, SignerTitle
from sers.lib.chain import link
from sers.lib.moments import day
from sers.lib.refusal import Refusal

State = AgreementText.State
Kind = AgreementText.Kind

#: Who reads texts of agreements at all.
READS_TEXTS: Final = (
    Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.FACULTY, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip
#: A partner outside of SERS signs within so many days of the mail; then the link is sent anew.
LINK_DAYS: Final = 14
#: So many days after a text went out, each partner who has not signed is reminded.
REMINDED_AFTER: Final = (7, 14, 28)

#: What an agreement says where its college or consortium wrote nothing of its own.
USUAL_WORDING: Final = (
    "The high school teaches the classes named above by their competencies, with a teacher certified for career and "
    "technical education, and the college accepts them as covering its courses.\n\n"
    "A student earns the credit who registers in SERS in the school year of the class, meets the minimum grade, and meets "
    "the fees and requirements of the consortium. The college transcribes the credit with the grade of its own scale. It "
    "becomes part of the student’s permanent college record.\n\n"
    "The partners review this agreement before it ends, and sooner if the content, structure or faculty of a college "
    "course changes. Each teacher signs the assurance of the year. A partner who wants to end the agreement tells the "
    "others in writing; students who are registered by then keep what they were promised."
)


@dataclass(frozen=True, slots=True)
class Partner:
    """One who must sign: the holder of a title, at a skills center of another one, or somebody outside of SERS."""

    signs_as: SignerTitle | None = None
    or_signs_as: SignerTitle | None = None
    name: str = ""
    title: str = ""
    email: str = ""

    def __str__(self) -> str:
        if self.signs_as is None:
            return f"{self.name}, {self.title}"
        other = f", at a skills center the {self.or_signs_as}" if self.or_signs_as else ""
        return f"{self.signs_as}{other}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed: all of these classes together earn each of these courses, in these days."""

    #: (title, CIP code, id of the career cluster or 0)
    classes: Sequence[tuple[str, str, int]]
    #: (course number, title, credits)
    courses: Sequence[tuple[str, str, Decimal]]
    valid_from: date
    valid_until: date
    minimum_percent: Decimal | None = None
    conditions: str = ""


# --- Partners ---------------------------------------------------------------------------------------------


def partners_of(plan: PartnerPlan | None) -> list[Partner]:
    """The partners of a plan, in their order; none where no plan names any."""
    if plan is None:
        return []
    rows = plan.partners.select_related("signs_as", "or_signs_as").order_by("position")
    return [
        Partner(one.signs_as, one.or_signs_as, one.outside_name, one.outside_title, one.outside_email)
        for one in rows
    ]


def plan_in_use(consortium: Consortium, college: College | None, year: AcademicYear) -> PartnerPlan | None:
    """The plan that counts: of a college its own or else its consortium's."""
    if college is None:
        return PartnerPlan.objects.of(consortium, None, year)
    return PartnerPlan.objects.for_college(consortium, college, year)


def partners_offered() -> dict[str, Partner]:
    """Every partner a plan may name by title: each title, and a district's with the skills center's beside it."""
    titles = list(SignerTitle.objects.all())
    found = {f"title-{one.pk}": Partner(one) for one in titles}
    centers = [one for one in titles if one.school_kind == HighSchool.Kind.SKILLS_CENTER]
    for one in titles:
        for center in centers:
            if one.role == Role.DISTRICT:
                found[f"title-{one.pk}-{center.pk}"] = Partner(one, center)
    return found


def wording_in_use(consortium: Consortium, college: College | None) -> str:
    """The words an agreement is written in now: the college's, else the consortium's, else the usual ones."""
    if college is None:
        found = AgreementWording.objects.newest(consortium, None)
    else:
        found = AgreementWording.objects.latest_for(consortium, college)
    return found.text if found is not None else USUAL_WORDING


def why_not_set_partners(user: User, consortium: Consortium) -> Refusal | None:
    """The partners and the words of a consortium's agreements are set by its staff."""
    if not stands_on(user, Role.CONSORTIUM, consortium.pk):
        return Refusal("not_consortium", f"Staff of {consortium} say who signs its agreements.")
    return None


def why_not_partners(partners: Sequence[Partner]) -> Refusal | None:
    """Both sides sign: somebody of the school's side, and somebody of the college (RCW 28B.50.531); nobody twice."""
    titles = [one.signs_as for one in partners if one.signs_as is not None]
    roles = {one.role for one in titles}
    if not roles & {Role.DISTRICT, Role.COUNSELOR}:
        return Refusal(
            "nobody_of_the_school",
            "Nobody signs for the school’s side.",
            "Add the CTE director or the skills center’s director.",
        )
    if not roles & {Role.FACULTY, Role.REGISTRAR}:
        return Refusal(
            "nobody_of_the_college", "Nobody signs for the college.", "Add its chief instructional officer."
        )
    if len(titles) != len({one.pk for one in titles}):
        return Refusal("title_twice", "A title is named twice.", "Each partner signs once.")
    mails = [one.email.casefold() for one in partners if one.email]
    if len(mails) != len(set(mails)):
        return Refusal(
            "mail_twice", "Two partners have one e-mail address.", "Each signs by a link of their own."
        )
    return None


# --- What a text says -------------------------------------------------------------------------------------


def lines_of_text(content: Mapping[str, Any]) -> list[Line]:
    """Everything a text says, in its order; what it leaves out is left out."""
    classes = [
        f"{one['title']}, CIP {one['cip']}" if one["cip"] else one["title"] for one in content["classes"]
    ]
    courses = [f"{one['code']} {one['title']}, {one['credits']} credits" for one in content["courses"]]
    minimum = content["minimum_percent"]
    found = [
        Line("parties", "College", content["college"]),
        Line("parties", "High school", f"{content['school']}, {content['district']}"),
        Line("parties", "Consortium", content["consortium"]),
        Line("parties", "Takes over from", content["replaces"]),
        Line("terms", "High-school classes" if len(classes) > 1 else "High-school class", "\n".join(classes)),
        Line("terms", "College courses" if len(courses) > 1 else "College course", "\n".join(courses)),
        Line(
            "terms", "How they count",
            "All the classes together earn each course." if len(classes) > 1 else "",
        ),
        Line("terms", "Minimum grade", f"{minimum} %" if minimum else "The college’s of the school year"),
        Line(
            "terms", "In force",
            f"{day(date.fromisoformat(content['valid_from']))} to {day(date.fromisoformat(content['valid_until']))}",
        ),
        Line("terms", "Conditions", content["conditions"]),
        Line("words", "What the partners agree", content["wording"]),
        Line("partners", "Signed by", "\n".join(content["partners"])),
    ]  # fmt: skip
    return [line for line in found if line.text]


def text_differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Two texts line by line; only what differs."""
    old = {line.page + line.name: line for line in lines_of_text(before)}
    new = {line.page + line.name: line for line in lines_of_text(now)}
    found = []
    for key in dict.fromkeys((*new, *old)):
        was, is_now = (side[key].text if key in side else "" for side in (old, new))
        if was != is_now:
            how = "added" if not was else "removed" if not is_now else "changed"
            found.append(Difference((new.get(key) or old[key]).name, was, is_now, how))
    return found


def why_not_terms(terms: Terms) -> Refusal | None:
    """An agreement names a class and a college course, none twice, and runs three school years at the most."""
    if not terms.classes or not terms.courses:
        return Refusal("says_nothing", "An agreement needs a class and a college course.", "Name both.")
    if len({title.casefold() for title, _, _ in terms.classes}) < len(terms.classes):
        return Refusal("class_twice", "A class is named twice.", "Name each class once.")
    if terms.valid_until <= terms.valid_from:
        return Refusal("ends_before", "The agreement ends before it begins.", "Choose a later end.")
    if terms.valid_until >= years_later(terms.valid_from, MOST_YEARS):
        return Refusal(
            "runs_too_long", "An agreement is reviewed at least every three years.", "Choose an earlier end."
        )
    return None


# --- Who may ----------------------------------------------------------------------------------------------


def prepares(user: User, consortium: Consortium) -> bool:
    """Staff of a consortium prepare, send out and call back the texts of its agreements."""
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def why_not_prepare(user: User, consortium: Consortium) -> Refusal | None:
    """Staff of the consortium write its agreements."""
    if not prepares(user, consortium):
        return Refusal("not_consortium", f"Staff of {consortium} prepare its agreements.")
    return None


def why_not_take_over(agreement: Articulation, kind: str, *, is_under_way: bool) -> Refusal | None:
    """An agreement is amended while it is in force, and renewed before or after its end; once, by one text at a time."""
    if agreement.successor is not None:
        return Refusal(
            "replaced", f"Agreement {agreement.successor} has replaced this one.", "Open that one."
        )
    if is_under_way:
        return Refusal(
            "under_way",
            "Another text that takes over from this agreement is under way.",
            "Open it under Agreements to sign.",
        )
    if agreement.terminated_at is not None:
        return Refusal("terminated", f"Agreement {agreement} was terminated.", "Prepare a new agreement.")
    if kind == Kind.AMENDMENT and agreement.valid_until < timezone.localdate():
        return Refusal("expired", f"Agreement {agreement} has ended.", "Renew it.")
    return None


def why_not_begin_then(agreement: Articulation, kind: str, valid_from: date) -> Refusal | None:
    """An amendment takes over on a day after the agreement began and before it ends; a renewal follows its last day."""
    earliest = agreement.valid_from + timedelta(days=2)
    if kind == Kind.AMENDMENT and not earliest <= valid_from <= agreement.valid_until:
        return Refusal(
            "outside_the_agreement",
            f"The amendment begins outside of the agreement, which runs to {day(agreement.valid_until)}.",
            f"Choose a day from {day(earliest)} on.",
        )
    if kind == Kind.RENEWAL and valid_from <= agreement.valid_until:
        return Refusal(
            "still_in_force",
            f"The agreement is in force until {day(agreement.valid_until)}.",
            "Let the renewal begin after that day, or amend the agreement.",
        )
    return None


def what_may_follow(agreement: Articulation, *, is_under_way: bool) -> dict[str, bool]:
    """Which acts an agreement is open to now: it is renewed from its last year on, amended while it is in force."""
    today = timezone.localdate()
    free = why_not_take_over(agreement, Kind.RENEWAL, is_under_way=is_under_way) is None
    in_force = agreement.valid_from <= today <= agreement.valid_until
    return {
        "can_renew": free and agreement.valid_until <= years_later(today, 1),
        "can_amend": free and in_force,
        "can_terminate": agreement.terminated_at is None and agreement.valid_until >= today,
    }


def why_not_send(user: User, text: AgreementText) -> Refusal | None:
    """A text that was prepared goes out for signature, once."""
    if (refusal := why_not_prepare(user, text.consortium)) is not None:
        return refusal
    if text.state != State.DRAFT:
        return Refusal(
            "not_draft", f"This text is {State(text.state).label.lower()}.", "What stands now is shown below."
        )
    return None


def why_not_call_back(user: User, text: AgreementText) -> Refusal | None:
    """A text is called back by the consortium as long as not everybody has signed it."""
    if (refusal := why_not_prepare(user, text.consortium)) is not None:
        return refusal
    if not text.is_open:
        return Refusal(
            "over", f"This text is {State(text.state).label.lower()}.", "There is nothing to call back."
        )
    return None


def why_not_revise(user: User, text: AgreementText, *, is_superseded: bool) -> Refusal | None:
    """The words are put right in a further text, as long as this one is not signed by all."""
    if (refusal := why_not_prepare(user, text.consortium)) is not None:
        return refusal
    if is_superseded:
        return Refusal("superseded", "A further text has taken the place of this one.", "Open that one.")
    if text.state == State.SIGNED:
        return Refusal("signed", "This text is signed by all.", "Amend the agreement.")
    return None


def my_part(user: User, text: AgreementText, signers: Sequence[AgreementSigner]) -> AgreementSigner | None:
    """The partner this person is, the one who has not signed first; None for whom it is none."""
    mine = [one for one in signers if signing_seat(user, text, one) is not None]
    return next((one for one in mine if one.given is None), mine[0] if mine else None)


def why_not_sign(
    user: User, text: AgreementText, signer: AgreementSigner, *, others: Sequence[AgreementSigner] = ()
) -> Refusal | None:
    """A text is signed by its own partners, while it is out, each once; one person signs for one partner."""
    if signing_seat(user, text, signer) is None:
        return Refusal("not_yours", f"The signature of the {signer} is not yours to give.")
    if (refusal := why_not_sign_now(text, signer)) is not None:
        return refusal
    if any(one.given is not None and one.given.by_id == user.pk for one in others):
        return Refusal(
            "signed_for_another",
            "You have signed this agreement for another partner.",
            "Somebody else who holds the title signs here.",
        )
    return None


def why_not_sign_now(text: AgreementText, signer: AgreementSigner) -> Refusal | None:
    """Whoever the partner is: the text must be out, and this signature not given yet."""
    if signer.given is not None:
        return Refusal(
            "signed_already",
            f"{signer.given.name} has signed on {day(signer.given.signed_at)}.",
            "Nothing of yours was saved. What stands now is shown below.",
        )
    if text.state != State.OUT:
        return Refusal(
            "not_out",
            f"This text is not out for signature: {State(text.state).label.lower()}.",
            "What stands now is shown below.",
        )
    return None


def why_not_as_typed(name: str, typed: str, signed: str, sha256: str) -> Refusal | None:
    """A signature is the partner's own name, typed, for the very text that was on the screen."""
    if name_in_words(typed) != name_in_words(name):
        return Refusal("other_name", f"Type your name as it stands here: {name}.")
    if signed != sha256:
        return Refusal(
            "other_text", "The text changed since you opened it.", "Read it again before you sign."
        )
    return None


def signing_intent(text: AgreementText, title: str, place: str) -> str:
    """What a partner declares."""
    whom = f" for {place}" if place else ""
    return (
        f"As {title}{whom} I have read agreement {text}, text {text.issue}, and sign it. I intend my typed name to be my "
        "signature."
    )


def registered_now(agreement: Articulation) -> int:
    """How many students are registered under an agreement this school year."""
    return Articulation.objects.registered(agreement.pk, AcademicYear.objects.current())


def why_not_terminate(user: User, agreement: Articulation, on: date | None = None) -> Refusal | None:
    """The consortium ends an agreement early on a day that has not passed, with the reason. Registrations stay."""
    if not stands_on(user, Role.CONSORTIUM, agreement.consortium_id):
        return Refusal("not_consortium", f"Staff of {agreement.consortium} terminate its agreements.")
    if agreement.terminated_at is not None:
        return Refusal("terminated", f"Agreement {agreement} was terminated already.", "It is shown below.")
    if agreement.valid_until < timezone.localdate():
        return Refusal("expired", f"Agreement {agreement} has ended.", "There is nothing to terminate.")
    if on is not None:
        first = max(timezone.localdate(), agreement.valid_from + timedelta(days=1))
        if not first <= on <= agreement.valid_until:
            return Refusal(
                "outside_the_agreement",
                "The last day lies outside of the agreement.",
                f"Choose a day from {day(first)} to {day(agreement.valid_until)}.",
            )
    return None


# --- The chain --------------------------------------------------------------------------------------------


def check_signatures(text: AgreementText, signatures: Sequence[AgreementSignature]) -> str:
    """Does the chain hold: the text is the one that was signed, and each link covers the one before? Empty, or where
    it breaks."""
    if not text.is_whole:
        return "The text has not the fingerprint it was sent out with."
    before = text.after
    for number, one in enumerate(sorted(signatures, key=lambda each: each.number), 1):
        if one.number != number or one.previous != before or one.link != link(before, one.facts):
            return f"Signature {number} does not follow the one before it."
        if one.sha256 != text.sha256:
            return f"Signature {number} is of another text."
        before = one.link
    return ""


# --- How they stand ---------------------------------------------------------------------------------------


TEXT_TAG: Final[Mapping[str, str]] = {
    State.DRAFT: "quiet",
    State.OUT: "progress",
    State.SIGNED: "done",
    State.DECLINED: "stop",
    State.CALLED_BACK: "quiet",
}


def text_in_words(state: str, signed: int, partners: int) -> str:
    """How a text stands: `Out for signature, 1 of 3 signed`."""
    if state == State.OUT:
        return f"Out for signature, {signed} of {partners} signed"
    return str(State(state).label)


def texts_for_me(user: User, rows: AgreementTextQuerySet) -> AgreementTextQuerySet:
    """Texts that wait for this person: to sign what is out, to send out what is prepared."""
    waits = rows.none()
    unsigned = AgreementSigner.objects.filter(signature=None)
    for one in signings(user):
        parts = unsigned.filter(Q(signs_as=one.title) | Q(or_signs_as=one.title))
        waits |= rows.filter(one.where, state=State.OUT, pk__in=parts.values("text"))
    ours = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    if ours:
        waits |= rows.filter(state=State.DRAFT, consortium__in=ours)
    return waits


def title_of(classes: Sequence[tuple[str, str, int]]) -> str:
    """`Marketing 1 and Marketing 2`: what a list calls an agreement."""
    titles = [title for title, _, _ in classes]
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)[:300]


def version_number(agreement: Articulation) -> tuple[str, int]:
    """Number and version of an agreement: `WA190-26-0007.2` is the second of `WA190-26-0007`."""
    stem, _, version = agreement.number.partition(".")
    return stem, int(version) if version.isdigit() else 1
