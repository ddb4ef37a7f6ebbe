"""Money: what a student owes, paying it online, receipts, and the ledger of a consortium."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Role, SignedIn, for_anyone, for_roles, stands_on
from sers.lib.refusal import Refusal, Refused
from students import actions, rules
from students.forms.fees import FeesPage, LedgerPage, PayForm, RefundForm
from students.models import Checkout, Disclosure, Payment, ProviderNews, Student
from students.views.disclosing import disclose

#: What the provider is answered when its message is refused: not signed, or about nothing of ours.
STATUS = {"wrong_signature": 422, "no_checkout": 404, "no_provider": 404}


@for_roles(Role.STUDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: SignedIn) -> HttpResponse:
    """What a student owes, class by class, what was paid, and the way to pay."""
    student = get_object_or_404(Student.objects.own(request.user))
    page = FeesPage(student)
    refusal = None
    if request.method == "POST":
        consortium = page.consortium(request.POST.get("consortium", ""))
        if consortium is None:
            return redirect("students:fees")
        form = PayForm(request.POST)
        try:
            if form.is_valid():
                checkout = form.save(student=student, consortium=consortium, by=request.user)
                return redirect("students:checkout", public_id=checkout.public_id)
        except Refused as refused:
            refusal = refused.refusal
    return render(
        request, "students/fees.html", {"page": page, "refusal": refusal}, status=409 if refusal else 200
    )


@for_roles(Role.STUDENT)
@never_cache
@require_http_methods(["GET", "HEAD"])
def checkout(request: SignedIn, public_id: UUID) -> HttpResponse:
    """One payment on its way: what it is for, the way to the provider, and what became of it."""
    one = get_object_or_404(Checkout.objects.visible_to(request.user).in_full(), public_id=public_id)
    provider = actions.payment_provider()
    is_open = one.state == Checkout.State.OPEN and provider is not None and provider.name == one.provider
    return render(
        request,
        "students/checkout.html",
        {
            "checkout": one,
            "fees": list(one.requirements.all()),
            "url": provider.begin(one) if is_open and provider is not None else "",
            "payment": Payment.objects.of_checkout(one),
            "pays_online": provider is not None,
        },
    )


@for_anyone("it stands for the page of a payment provider, who knows no account of ours")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def local_provider(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The payment page of the demo state: pay, or do not. It asks for no card, and shows the amount alone."""
    if not isinstance(actions.payment_provider(), actions.LocalProvider):
        raise Http404
    one = get_object_or_404(Checkout.objects.in_full(), public_id=public_id)
    act = request.POST.get("act", "")
    if act in ProviderNews.Kind.values and one.state == Checkout.State.OPEN:
        actions.click_through(checkout=one, kind=act)
    if request.method == "POST":
        return redirect("students:checkout", public_id=public_id)
    return render(request, "students/local_provider.html", {"checkout": one})


@csrf_exempt
@for_anyone("the payment provider has no account: its signature is asked")
@require_POST
def provider_news(request: HttpRequest) -> HttpResponse:
    """What the payment provider tells: taken once, by its signature."""
    try:
        news = actions.take_news(headers=request.headers, body=_sent(request))
    except Refused as refused:
        return JsonResponse({"refused": refused.refusal.rule}, status=STATUS.get(refused.refusal.rule, 400))
    return JsonResponse({"outcome": news.outcome})


def _sent(request: HttpRequest) -> bytes:
    """What was sent, to the letter; nothing of a form with files, which no provider sends and which is read already."""
    try:
        return request.body
    except RawPostDataException:
        return b""


@for_roles(Role.STUDENT, Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: SignedIn, public_id: UUID) -> HttpResponse:
    """The receipt of a payment, to print: what it covers, what went back. Staff write down here what they give back."""
    payments = Payment.objects.visible_to(request.user).with_standing().with_shares().told()
    one = get_object_or_404(payments, public_id=public_id)
    may_refund = stands_on(request.user, Role.CONSORTIUM, one.consortium_id)
    gives_back = request.method == "POST" and may_refund
    form = RefundForm(request.POST if gives_back and one.left > 0 else None, payment=one)
    refusal, status = None, 422 if form.errors else 200
    if gives_back and not one.left > 0:
        refusal, status = (
            Refusal("nothing_left", "Nothing is left to give back.", "What went back stands below."),
            409,
        )
    if form.is_bound and form.is_valid():
        try:
            form.save(by=request.user)
        except Refused as refused:
            refusal, status = refused.refusal, 409
        else:
            messages.success(request, "The refund is written down. Have the bank send it.")
            return redirect("students:payment", public_id=public_id)
    if one.student is not None:
        disclose(request, Disclosure.What.FEES, [one.student])
    return render(
        request,
        "students/payment.html",
        {
            "payment": one,
            "why_left": rules.left_in_words(one),
            "form": form,
            "may_refund": may_refund,
            "refusal": refusal,
            "own": not may_refund,
        },
        status=status,
    )


@for_roles(Role.CONSORTIUM)
@require_http_methods(["GET", "HEAD"])
def payments(request: SignedIn) -> HttpResponse:
    """The ledger of one's own consortium: what came in and how, what it covers, and what is to be given back."""
    ledger = LedgerPage(request.GET, request.user)
    disclose(request, Disclosure.What.FEES, ledger.students)
    return render(request, "students/payments.html", {"ledger": ledger, "page": ledger.page})
