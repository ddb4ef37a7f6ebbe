"""Agreements are signed by their partners, or declined; the last signature puts the agreement in force."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.access import Origin
from accounts.actions import queue_job, record_event
from accounts.models import User
from articulations import rules
from articulations.actions.agreements import NewCourse, keep_what_was_asked, write_agreement
from articulations.actions.mailing import tell_link, tell_partners, tell_side
from articulations.actions.signing_links import look_at_signing_link
from articulations.actions.texts import end_agreement, end_text, held_text
from articulations.models import (
    AgreementSignature,
    AgreementSigner,
    AgreementText,
    Articulation,
    ArticulationRequest,
    CareerCluster,
    CollegeCourse,
    SigningLink,
)
from sers.lib.chain import link
from sers.lib.refusal import Refusal, Refused

State = AgreementText.State
DOCUMENT_TASK = "articulations.make_agreement_document"
LINK_IS_OVER = Refusal(
    "link_over",
    "This link does not work any more.",
    "A link signs once and only for a time. Ask the consortium for a new one.",
)


def sign_text(
    *, text: AgreementText, typed_name: str, sha256: str, origin: Origin, by: User
) -> AgreementText:
    """Sign a text as the partner one is: the typed name, the intent, the moment, from where, for exactly these words."""
    with transaction.atomic():
        text = held_text(text)
        signers = signers_of(text)
        signer = rules.my_part(by, text, signers)
        if signer is None:
            raise Refused(Refusal("not_yours", "This agreement is not yours to sign."))
        refusal = rules.why_not_sign(by, text, signer, others=signers)
        refusal = refusal or rules.why_not_as_typed(by.name, typed_name, sha256, text.sha256)
        seat = rules.signing_seat(by, text, signer)
        if refusal is not None or seat is None:
            raise Refused(refusal or Refusal("not_yours", "This agreement is not yours to sign."))
        title, place = str(seat.signs_as), str(seat.place)
        _sign(
            text,
            signer,
            AgreementSignature(
                by=by,
                name=" ".join(typed_name.split()),
                signed_as=f"{title}, {place}",
                intent=rules.signing_intent(text, title, place),
                network=origin.network,
                way=origin.way,
            ),
        )
        record_event(
            by=by, kind="articulations.agreement_signed", subject=text, data={"signer": signer.position}
        )
        _go_on(text, by=by)
    return text


def sign_by_link(*, token: str, typed_name: str, sha256: str, origin: Origin) -> AgreementText:
    """A partner outside of SERS signs by the link that was mailed; it is used up by it."""
    with transaction.atomic():
        found = look_at_signing_link(token)
        if found is None:
            raise Refused(LINK_IS_OVER)
        text = held_text(found.signer.text)
        signer = next(one for one in signers_of(text) if one.pk == found.signer_id)
        refusal = rules.why_not_sign_now(text, signer)
        refusal = refusal or rules.why_not_as_typed(signer.outside_name, typed_name, sha256, text.sha256)
        if refusal is not None:
            raise Refused(refusal)
        _use(found)
        _sign(
            text,
            signer,
            AgreementSignature(
                by=None,
                name=" ".join(typed_name.split()),
                signed_as=signer.outside_title,
                intent=rules.signing_intent(text, signer.outside_title, ""),
                network=origin.network,
                way=origin.way,
            ),
        )
        record_event(
            by=None, kind="articulations.agreement_signed", subject=text, data={"signer": signer.position}
        )
        _go_on(text, by=text.sent_by)
    return text


def decline_text(*, text: AgreementText, reason: str, by: User) -> AgreementText:
    """Decline to sign, with the reason: the text is not agreed. The consortium puts it right or lets it be."""
    with transaction.atomic():
        text = held_text(text)
        signers = signers_of(text)
        signer = rules.my_part(by, text, signers)
        if signer is None:
            raise Refused(Refusal("not_yours", "This agreement is not yours to decline."))
        refusal = rules.why_not_sign(by, text, signer, others=signers)
        if refusal is not None:
            raise Refused(refusal)
        end_text(text, State.DECLINED, reason, by=by)
        record_event(by=by, kind="articulations.agreement_declined", subject=text)
        tell_partners(text, "declined", words=reason, by=by)
    return text


def decline_by_link(*, token: str, reason: str) -> AgreementText:
    """A partner outside of SERS declines by the mailed link."""
    with transaction.atomic():
        found = look_at_signing_link(token)
        if found is None:
            raise Refused(LINK_IS_OVER)
        text = held_text(found.signer.text)
        signer = next(one for one in signers_of(text) if one.pk == found.signer_id)
        refusal = rules.why_not_sign_now(text, signer)
        if refusal is not None:
            raise Refused(refusal)
        _use(found)
        end_text(text, State.DECLINED, reason, by=None, name=signer.outside_name)
        record_event(by=None, kind="articulations.agreement_declined", subject=text)
        tell_partners(text, "declined", words=reason, by=None)
    return text


def send_link_again(*, text: AgreementText, signer: AgreementSigner, by: User) -> None:
    """Mail a partner outside of SERS a new link; the one before opens nothing more."""
    with transaction.atomic():
        text = held_text(text)
        refusal = rules.why_not_prepare(by, text.consortium) or rules.why_not_sign_now(text, signer)
        if refusal is None and not signer.is_outside:
            refusal = Refusal("not_outside", "This partner signs in SERS.", "Remind them there.")
        if refusal is not None:
            raise Refused(refusal)
        tell_link(text, signer)
        record_event(
            by=by, kind="articulations.signing_link_sent", subject=text, data={"signer": signer.position}
        )


def remind_of_signatures() -> int:
    """Remind each partner who has not signed, 7, 14 and 28 days after the text went out, once each. How many texts."""
    now = timezone.now()
    reminded = 0
    texts = AgreementText.objects.followed_up(now - timedelta(days=min(rules.REMINDED_AFTER))).with_names()
    for text in texts:
        passed = (now - text.sent_at).days
        days = max(one for one in rules.REMINDED_AFTER if one <= passed)
        reminded += bool(tell_partners(text, f"reminder-{days}", by=None))
    return reminded


def signers_of(text: AgreementText) -> list[AgreementSigner]:
    """The partners of a text with their signatures, the first first."""
    return list(AgreementSigner.objects.in_order().filter(text=text))


def _use(found: SigningLink) -> None:
    now = timezone.now()
    if not SigningLink.objects.open_at(now).filter(pk=found.pk).update(used_at=now):
        raise Refused(LINK_IS_OVER)


def _sign(text: AgreementText, signer: AgreementSigner, signature: AgreementSignature) -> None:
    """Write the signature as the next link of the chain."""
    last = text.signatures.order_by("number").last()
    signature.text, signature.signer, signature.sha256 = text, signer, text.sha256
    signature.number = last.number + 1 if last is not None else 1
    signature.previous = last.link if last is not None else text.after
    signature.signed_at = timezone.now()
    signature.link = link(signature.previous, signature.facts)
    signature.save()


def _go_on(text: AgreementText, *, by: User | None) -> None:
    """When everybody has signed, the agreement is in force as its text says; else the others are waited for."""
    if AgreementSigner.objects.filter(text=text, signature=None).exists():
        text.changed_at = timezone.now()
        text.save(update_fields=("changed_at",))
        return
    end_text(text, State.SIGNED, "", by=by, name="" if by is not None else "the last partner")
    agreement = _put_in_force(text)
    _enter(text, agreement)
    queue_job(key=f"agreement-document-{text.pk}", task=DOCUMENT_TASK, subject=text)
    tell_partners(text, "in-force", words=str(agreement), by=None)
    tell_side(agreement, "in-force", by=None)


def _put_in_force(text: AgreementText) -> Articulation:
    """Make the agreement of a text that everybody has signed. The one it takes over from ends the day before, if it
    has not ended; its students stay under it."""
    old = text.amends
    if old is not None:
        Articulation.objects.select_for_update().get(pk=old.pk)
        if old.valid_until >= text.valid_from:
            end_agreement(old, text.valid_from - timedelta(days=1))
    content = text.content
    clusters = CareerCluster.objects.in_bulk([one["cluster"] for one in content["classes"] if one["cluster"]])
    minimum = content["minimum_percent"]
    agreement = write_agreement(
        facts={
            "number": str(text),
            "consortium": text.consortium,
            "college": text.college,
            "valid_from": text.valid_from,
            "valid_until": text.valid_until,
            "minimum_percent": Decimal(minimum) if minimum else None,
            "basis": Articulation.Basis.SIGNED,
            "text": text,
            "replaces": old,
            "review_years": text.review_years,
            "review_due_on": rules.review_day(text.valid_from, text.valid_until, text.review_years),
        },
        school=text.school,
        classes=[(one["title"], one["cip"], clusters.get(one["cluster"])) for one in content["classes"]],
        courses=_courses(text, content["courses"]),
        by=text.sent_by or text.prepared_by,
    )
    record_event(
        by=text.sent_by,
        kind="articulations.agreement_in_force",
        subject=agreement,
        data={"text": str(text), "sha256": text.sha256},
    )
    return agreement


def _courses(
    text: AgreementText, told: Sequence[dict[str, str]]
) -> list[tuple[CollegeCourse | NewCourse, Decimal]]:
    known = {
        one.code: one
        for one in CollegeCourse.objects.filter(college=text.college, code__in=[one["code"] for one in told])
    }
    return [
        (known.get(one["code"]) or NewCourse(one["code"], one["title"]), Decimal(one["credits"]))
        for one in told
    ]


def _enter(text: AgreementText, agreement: Articulation) -> None:
    """The request it was made from is entered when the texts of all its schools are in force."""
    if text.asked is None:
        return
    asked = ArticulationRequest.objects.select_for_update(no_key=True).get(pk=text.asked_id)
    asked.agreements.add(agreement)
    if asked.latest is not None:
        keep_what_was_asked([agreement], asked.latest.content, by=text.sent_by)
    schools = set(asked.schools.values_list("pk", flat=True))
    entered = set(asked.texts.filter(state=State.SIGNED).values_list("school", flat=True))
    if schools <= entered and asked.state == ArticulationRequest.State.APPROVED:
        now = timezone.now()
        asked.pairs.all().delete()
        asked.state, asked.changed_at, asked.decided_at = ArticulationRequest.State.ENTERED, now, now
        asked.decided_by = text.sent_by
        asked.save(update_fields=("state", "changed_at", "decided_at", "decided_by"))
        record_event(
            by=text.sent_by,
            kind="articulations.request_entered",
            subject=asked,
            data={"agreements": [str(agreement)]},
        )
