"""Public pages of consortia and colleges, and the pages that tell students and teachers how it works."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Role, SignedIn, for_anyone, for_roles
from organizations import rules
from organizations.forms import AnswerForm
from organizations.models import AcademicYear, College, CollegeAnswer, CollegeYear, Consortium, ConsortiumYear


@for_anyone("which colleges and schools work together is public")
@require_safe
def consortia(request: HttpRequest) -> HttpResponse:
    """Find your consortium: by school, district, college or city."""
    words = request.GET.get("words", "").strip()[:100]
    found = Consortium.objects.found_by(words).prefetch_related("colleges", "districts")
    return render(request, "organizations/consortia.html", {"words": words, "consortia": found})


@for_anyone("what a consortium asks, when, and whom to call is public")
@require_safe
def consortium(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One consortium: dates, fee and form, colleges with what they ask, districts and schools, whom to call."""
    found = get_object_or_404(
        Consortium.objects.prefetch_related("colleges", "districts__schools"), public_id=public_id
    )
    year, today = AcademicYear.objects.current(), timezone.localdate()
    asked = CollegeYear.objects.of_colleges(found.colleges.all(), year)
    asks = ConsortiumYear.objects.in_year([found], year).get(found.pk)
    context = {
        "consortium": found,
        "year": year,
        "asks": asks,
        "fee": rules.fee_in_words(asks) if asks is not None else "",
        "dates": rules.dates_of(found, year, today),
        "colleges": [(college, asked.get(college.pk)) for college in found.colleges.all()],
    }
    return render(request, "organizations/consortium.html", context)


@for_anyone("what a college asks and its grading scale are public")
@require_safe
def college(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One college: what it asks this school year, its grading scale, where credit and transcripts come from."""
    found = get_object_or_404(College, public_id=public_id)
    year = AcademicYear.objects.current()
    asks = CollegeYear.objects.of(found, year)
    context = {
        "college": found,
        "year": year,
        "asks": asks,
        "scale": rules.scale_in_rows(asks),
        "worth": rules.worth(asks),
        "consortia": Consortium.objects.of_college(found.pk),
        "can_answer": rules.can_answer_for(request.user, found),
    }
    return render(request, "organizations/college.html", context)


@for_anyone("how the programme works is public")
@require_safe
def for_students(request: HttpRequest) -> HttpResponse:
    """Is CTE Dual Credit for me? What it is, what it costs, how to begin, and the questions students ask."""
    return _told(request, "organizations/for_students.html", teachers=False)


@for_anyone("how the programme works is public")
@require_safe
def for_teachers(request: HttpRequest) -> HttpResponse:
    """How a class comes to earn credit, what a teacher signs and enters, and the questions teachers ask."""
    return _told(request, "organizations/for_teachers.html", teachers=True)


def _told(request: HttpRequest, template: str, *, teachers: bool) -> HttpResponse:
    """The answers of the college that is asked for, in the reader's language; general ones without a college."""
    chosen = College.objects.named(request.GET.get("college", ""))
    year = AcademicYear.objects.current()
    facts = rules.facts_of(chosen, year, timezone.localdate())
    own = CollegeAnswer.objects.of(chosen, translation.get_language()) if chosen is not None else {}
    context: dict[str, Any] = {
        "college": chosen,
        "colleges": College.objects.options(),
        "year": year,
        "fees": rules.fees_in_words(facts),
        "worth": rules.worth(facts.year),
        "answers": rules.answers(facts, own=own, teachers=teachers),
        "transcripts": College.objects.with_transcripts(),
        "can_answer": chosen is not None and rules.can_answer_for(request.user, chosen),
    }
    return render(request, template, context)


@for_roles(Role.CONSORTIUM, Role.REGISTRAR, Role.STATE)
@require_http_methods(["GET", "POST"])
def answers(request: SignedIn, public_id: uuid.UUID) -> HttpResponse:
    """What the college says in words of its own: each question, what SERS says by itself, and what stands instead."""
    found = get_object_or_404(College, public_id=public_id)
    if not rules.can_answer_for(request.user, found):
        raise Http404
    language = rules.language_asked(request.GET.get("language", ""))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = form.save(college=found, language=language, by=request.user)
        messages.success(
            request, _("The answer of the college stands.") if told else _("SERS answers by itself again.")
        )
        return redirect(f"{request.path}?language={language}#{form.cleaned_data['question']}")
    with translation.override(language):
        facts = rules.facts_of(found, AcademicYear.objects.current(), timezone.localdate())
        own = CollegeAnswer.objects.of(found, language)
        listed = [
            (str(one.question.label), one, rules.usual_answer(one.question, facts), own.get(one.question, ""))
            for teachers in (False, True)
            for one in rules.answers(facts, own=own, teachers=teachers)
        ]
    asked = request.POST.get("question", "") or request.GET.get("open", "")
    context = {
        "college": found,
        "form": form,
        "listed": listed,
        "language": language,
        "languages": rules.languages(),
        "open": asked,
        "errors": [{"target": f"text-{asked}", "message": error} for error in form["text"].errors],
    }
    return render(request, "organizations/answers.html", context, status=422 if form.is_bound else 200)
