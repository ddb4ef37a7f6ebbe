"""Texts of agreements are prepared, put right, sent out and called back; and agreements are terminated."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.actions.agreements import COVERED_ALREADY, new_agreement_number
from articulations.actions.mailing import tell_partners, tell_side
from articulations.models import (
    AgreementSigner,
    AgreementText,
    AgreementWording,
    Articulation,
    ArticulationCourse,
    ArticulationRequest,
    PartnerPlan,
    fingerprint,
    folded_title,
)
from organizations.models import AcademicYear, College, Consortium, HighSchool
from sers.lib.chain import GENESIS
from sers.lib.folding import fold_parts
from sers.lib.refusal import Refusal, Refused

State = AgreementText.State
Kind = AgreementText.Kind
UNDER_WAY = Refusal(
    "under_way",
    "Another text of this agreement is under way.",
    "Open it under Agreements to sign.",
)


def prepare_text(
    *,
    consortium: Consortium,
    college: College,
    school: HighSchool,
    terms: rules.Terms,
    kind: str = Kind.NEW,
    amends: Articulation | None = None,
    asked: ArticulationRequest | None = None,
    by: User,
) -> AgreementText:
    """Write the text of an agreement, of its amendment or its renewal, with the partners who must sign it.

    Refused where the college's partners are not named, where the terms are none, or while another text is under way.
    """
    refusal = (
        rules.why_not_prepare(by, consortium)
        or rules.why_not_articulate(consortium, college, school)
        or rules.why_not_terms(terms)
    )
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            number, version, after = "", 1, GENESIS
            if amends is not None:
                amends = Articulation.objects.select_for_update(of=("self",)).with_names().get(pk=amends.pk)
                under_way = AgreementText.objects.open().filter(amends=amends).exists()
                refusal = rules.why_not_take_over(amends, kind, is_under_way=under_way)
                refusal = refusal or rules.why_not_begin_then(amends, kind, terms.valid_from)
                if refusal is not None:
                    raise Refused(refusal)
                number, last = rules.version_number(amends)
                version, after = last + 1, last_link(amends)
            text = _write(
                facts={
                    "number": number or new_agreement_number(college, terms.valid_from),
                    "version": version,
                    "issue": _next_issue(number, version),
                    "kind": kind,
                    "consortium": consortium,
                    "college": college,
                    "school": school,
                    "amends": amends,
                    "asked": asked,
                    "after": after,
                },
                terms=terms,
                by=by,
            )
    except IntegrityError as error:
        if "one_open_text_for" not in str(error):
            raise
        raise Refused(UNDER_WAY) from None
    return text


def revise_text(*, text: AgreementText, terms: rules.Terms, by: User) -> AgreementText:
    """Put the words right: a further text takes the place of this one, and every partner signs it anew."""
    with transaction.atomic():
        text = held_text(text)
        is_superseded = AgreementText.objects.filter(supersedes=text).exists()
        refusal = rules.why_not_revise(by, text, is_superseded=is_superseded) or rules.why_not_terms(terms)
        if refusal is None and text.amends is not None:
            refusal = rules.why_not_begin_then(text.amends, text.kind, terms.valid_from)
        if refusal is not None:
            raise Refused(refusal)
        was_out = text.state == State.OUT
        if text.is_open:
            end_text(text, State.CALLED_BACK, "Its words were put right in a further text.", by=by)
        further = _write(
            facts={
                "number": text.number,
                "version": text.version,
                "issue": _next_issue(text.number, text.version),
                "kind": text.kind,
                "consortium": text.consortium,
                "college": text.college,
                "school": text.school,
                "amends": text.amends,
                "asked": text.asked,
                "after": text.after,
                "supersedes": text,
            },
            terms=terms,
            by=by,
        )
        if was_out:
            tell_partners(text, "revised", by=by)
    return further


def send_out(*, text: AgreementText, by: User) -> AgreementText:
    """Send a text out for signature: each partner is mailed, an outside one with a link of their own."""
    with transaction.atomic():
        text = held_text(text)
        refusal = rules.why_not_send(by, text) or _why_not_free(text)
        if refusal is not None:
            raise Refused(refusal)
        now = timezone.now()
        text.state, text.sent_by, text.sent_at, text.changed_at = State.OUT, by, now, now
        text.save(update_fields=("state", "sent_by", "sent_at", "changed_at"))
        record_event(by=by, kind="articulations.agreement_sent_out", subject=text, data={"issue": text.issue})
        tell_partners(text, "to-sign", by=by)
    return text


def call_back(*, text: AgreementText, reason: str = "", by: User) -> AgreementText:
    """Call a text back: nobody signs it any more. Who has signed is told."""
    with transaction.atomic():
        text = held_text(text)
        refusal = rules.why_not_call_back(by, text)
        if refusal is not None:
            raise Refused(refusal)
        was_out = text.state == State.OUT
        end_text(text, State.CALLED_BACK, reason, by=by)
        record_event(by=by, kind="articulations.agreement_called_back", subject=text)
        if was_out:
            tell_partners(text, "called-back", words=reason, by=by)
    return text


def terminate_agreement(*, agreement: Articulation, on: date, reason: str, by: User) -> Articulation:
    """End an agreement early, after this day. Students who are registered by then stay, with what they were promised."""
    with transaction.atomic():
        agreement = Articulation.objects.select_for_update(of=("self",)).with_names().get(pk=agreement.pk)
        refusal = rules.why_not_terminate(by, agreement, on)
        if refusal is not None:
            raise Refused(refusal)
        was = agreement.valid_until
        agreement.terminated_at, agreement.terminated_by = timezone.now(), by
        agreement.terminated_reason = reason
        agreement.save(update_fields=("terminated_at", "terminated_by", "terminated_reason"))
        end_agreement(agreement, on)
        record_event(
            by=by,
            kind="articulations.agreement_terminated",
            subject=agreement,
            data={"on": str(on), "was": str(was)},
        )
        tell_side(agreement, "terminated", words=reason, until=on, by=by)
    return agreement


# --- What the acts share ----------------------------------------------------------------------------------


def held_text(text: AgreementText) -> AgreementText:
    """The text, kept from everyone else until the transaction ends, and read afterwards."""
    AgreementText.objects.select_for_update(no_key=True).get(pk=text.pk)
    fresh: AgreementText = AgreementText.objects.with_names().get(pk=text.pk)
    return fresh


def end_agreement(agreement: Articulation, last: date) -> None:
    """The agreement and each of its lines are in force until that day and no longer."""
    agreement.valid_until = last
    agreement.review_due_on = min(agreement.review_due_on or last, last)
    agreement.save(update_fields=("valid_until", "review_due_on"))
    agreement.courses.filter(valid_until__gt=last).update(valid_until=last)


def last_link(agreement: Articulation) -> str:
    """The last link of an agreement's signatures; of one that was signed on paper there is none."""
    if agreement.text is None:
        return GENESIS
    last = agreement.text.signatures.order_by("number").last()
    return last.link if last is not None else GENESIS


def _write(*, facts: Mapping[str, Any], terms: rules.Terms, by: User) -> AgreementText:
    consortium, college, school = facts["consortium"], facts["college"], facts["school"]
    year = AcademicYear.objects.current()
    plan = PartnerPlan.objects.for_college(consortium, college, year)
    partners = rules.partners_of(plan)
    if plan is None or not partners:
        raise Refused(
            Refusal(
                "no_partners",
                f"{consortium} has not said who signs the agreements of {college}.",
                "Name the partners first.",
            )
        )
    wording = AgreementWording.objects.latest_for(consortium, college)
    content = {
        "number": facts["number"],
        "version": facts["version"],
        "kind": str(facts["kind"]),
        "consortium": consortium.name,
        "college": college.name,
        "school": school.name,
        "district": school.district.name,
        "replaces": str(facts["amends"] or ""),
        "classes": [
            {"title": title, "cip": cip, "cluster": cluster} for title, cip, cluster in terms.classes
        ],
        "courses": [
            {"code": code, "title": title, "credits": f"{credits.normalize():f}"}
            for code, title, credits in terms.courses
        ],
        "minimum_percent": "" if terms.minimum_percent is None else f"{terms.minimum_percent.normalize():f}",
        "valid_from": terms.valid_from.isoformat(),
        "valid_until": terms.valid_until.isoformat(),
        "conditions": terms.conditions,
        "wording": wording.text if wording is not None else rules.USUAL_WORDING,
        "partners": [str(one) for one in partners],
    }
    title = rules.title_of(terms.classes)
    text: AgreementText = AgreementText.objects.create(
        **facts,
        title=title,
        folded=fold_parts(facts["number"], title, school.name, college.name)[:400],
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        review_years=plan.review_years,
        content=content,
        sha256=fingerprint(content),
        prepared_by=by,
    )
    AgreementSigner.objects.bulk_create(
        AgreementSigner(
            text=text, position=position, signs_as=one.signs_as, or_signs_as=one.or_signs_as, outside_name=one.name,
            outside_title=one.title, outside_email=one.email,
        )
        for position, one in enumerate(partners, 1)
    )  # fmt: skip
    record_event(by=by, kind="articulations.agreement_prepared", subject=text, data={"issue": text.issue})
    return text


def _next_issue(number: str, version: int) -> int:
    last = AgreementText.objects.filter(number=number, version=version).order_by("-issue").first()
    return last.issue + 1 if last is not None and number else 1


def end_text(text: AgreementText, state: str, reason: str, *, by: User | None, name: str = "") -> None:
    """The text is over: signed by all, declined or called back; by whom, when and why."""
    now = timezone.now()
    text.state, text.reason, text.ended_by, text.ended_at, text.changed_at = state, reason, by, now, now
    text.ended_name = name or (by.name if by is not None else "")
    text.save(update_fields=("state", "reason", "ended_by", "ended_name", "ended_at", "changed_at"))


def _why_not_free(text: AgreementText) -> Refusal | None:
    """Nothing is sent out that could not come into force: another agreement covers its class and course in its days."""
    folded = [folded_title(one["title"]) for one in text.content["classes"]]
    codes = [one["code"] for one in text.content["courses"]]
    lines = ArticulationCourse.objects.between(text.valid_from, text.valid_until).filter(
        high_school_course__school=text.school,
        high_school_course__folded__in=folded,
        college_course__college=text.college,
        college_course__code__in=codes,
    )
    if text.amends is not None:
        lines = lines.exclude(articulation=text.amends)
    return COVERED_ALREADY if lines.exists() else None
