"""Paying online: a checkout is begun, and the provider's news say what became of it."""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from organizations.models import Consortium
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.payments import enter_payment
from students.actions.providers import LocalProvider, News, payment_provider
from students.actions.requirements import covered_of
from students.models import Checkout, Payment, ProviderNews, Requirement, Student, records_of


def begin_checkout(*, student: Student, consortium: Consortium, by: User) -> Checkout:
    """A student goes to pay what they owe one consortium, all of it. One that is open already is gone on with, as long
    as it asks for the same."""
    provider = payment_provider()
    if not rules.can_pay(by, student):
        raise Refused(Refusal("not_yours", "Students pay their own fees online.", ""))
    with transaction.atomic():
        one_at_a_time(f"checkout {student.pk}")
        fees = list(
            Requirement.objects.fees_owed(student).filter(registration__articulation__consortium=consortium)
        )
        covered = covered_of(fees)
        amount = sum((one.amount - covered.get(one.pk, Decimal(0)) for one in fees), Decimal(0))
        refusal = rules.why_not_checkout(amount, provider=provider.name if provider is not None else "")
        if refusal is not None or provider is None:
            raise Refused(refusal or Refusal("no_provider", "", ""))
        open_ones: list[Checkout] = list(
            Checkout.objects.filter(
                student__in=records_of(student),
                consortium=consortium,
                state=Checkout.State.OPEN,
                amount=amount,
                provider=provider.name,
            ).prefetch_related("requirements")
        )
        for open_one in open_ones:
            if {one.pk for one in open_one.requirements.all()} == {one.pk for one in fees}:
                return open_one
        checkout = Checkout.objects.create(
            student=student, consortium=consortium, amount=amount, provider=provider.name
        )
        checkout.requirements.set(fees)
        record_event(by=by, kind="students.checkout_begun", subject=checkout)
    return checkout


def take_news(*, headers: Mapping[str, str], body: bytes) -> ProviderNews:
    """Take a message of the provider: the signature first, then once, however often and in whatever order it comes.

    Paid is final: Declined that comes after it changes nothing, and Paid that comes after Declined counts.
    """
    provider = payment_provider()
    if provider is None:
        raise Refused(Refusal("no_provider", "Nobody pays online here."))
    news = provider.read(headers, body)
    with transaction.atomic():
        checkout = (
            Checkout.objects.select_for_update(of=("self",))
            .select_related("student__user", "consortium")
            .filter(public_id=news.checkout, provider=provider.name)
            .first()
        )
        if checkout is None:
            raise Refused(Refusal("no_checkout", "There is no such checkout."))
        known = ProviderNews.objects.filter(provider=provider.name, event_id=news.event_id).first()
        if known is not None:
            return known
        outcome = _paid(checkout, news) if news.kind == ProviderNews.Kind.PAID else _declined(checkout)
        return ProviderNews.objects.create(
            provider=provider.name,
            event_id=news.event_id,
            kind=news.kind,
            checkout=checkout,
            amount=news.amount,
            outcome=outcome,
        )


def _paid(checkout: Checkout, news: News) -> str:
    if checkout.state == Checkout.State.PAID:
        return "It was paid already"
    payment = enter_payment(
        consortium=checkout.consortium,
        student=checkout.student,
        amount=news.amount,
        source=Payment.Source.ONLINE,
        paid_on=timezone.localdate(),
        towards=list(checkout.requirements.values_list("pk", flat=True)),
        reference=news.event_id,
        checkout=checkout,
    )
    _close(checkout, Checkout.State.PAID)
    queue_mail(
        key=f"paid-{payment.public_id}",
        to=checkout.student.email,
        person=checkout.student.user,
        template="students/paid",
        context={
            "first_name": checkout.student.first_name,
            "amount": payment.amount,
            "consortium": checkout.consortium.name,
            "number": payment.number,
            "url": f"{settings.PUBLIC_URL}{reverse('students:payment', args=[payment.public_id])}",
        },
    )
    return f"Payment {payment.number}"


def _declined(checkout: Checkout) -> str:
    if checkout.state == Checkout.State.PAID:
        return "Out of order: it is paid"
    _close(checkout, Checkout.State.DECLINED)
    return "Not paid"


def _close(checkout: Checkout, state: str) -> None:
    checkout.state, checkout.done_at = state, timezone.now()
    checkout.save(update_fields=("state", "done_at"))


def click_through(*, checkout: Checkout, kind: str) -> ProviderNews:
    """What somebody pressed on the local provider's page, delivered as its news are: signed, by the same door."""
    headers, body = LocalProvider().write(checkout, kind)
    return take_news(headers=headers, body=body)
