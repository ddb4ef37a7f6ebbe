"""A college's own answers."""

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations import rules
from organizations.models import College, CollegeAnswer, Question
from sers.lib.refusal import Refusal, Refused


def answer(*, college: College, question: Question, language: str, text: str, by: User) -> bool:
    """Put a college's own words in place of SERS's, or give the word back with an empty text. Does it answer now?

    Staff of its consortia, its registrars and the State may. What stood before is kept in the event.
    """
    if not rules.can_answer_for(by, college):
        raise Refused(Refusal("not_yours", "The answers of this college are written by its consortium."))
    tidy = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    with transaction.atomic():
        College.objects.select_for_update().get(pk=college.pk)  # two at once: the later words stand
        rows = CollegeAnswer.objects.filter(college=college, question=question, language=language)
        before = rows.first()
        if (before.text if before is not None else "") == tidy:
            return bool(tidy)
        if not tidy:
            rows.delete()
        else:
            CollegeAnswer.objects.update_or_create(
                college=college,
                question=question,
                language=language,
                defaults={"text": tidy, "changed_at": timezone.now(), "changed_by": by},
            )
        record_event(
            by=by,
            kind="organizations.answered",
            subject=college,
            data={
                "question": question.value,
                "language": language,
                "before": before.text if before is not None else "",
            },
        )
    return bool(tidy)
