"""Bank and shop files: handed in, looked at, and saved, all of it or nothing; what matches nobody is work."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import Consortium
from sers.lib.folding import fold
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.payments import enter_payment
from students.actions.requirements import covered_of
from students.models import (
    Payment,
    Registration,
    Requirement,
    Statement,
    StatementColumns,
    StatementLine,
    Student,
    person_key,
)

NOT_YOURS = Refusal("not_consortium", "Staff of the consortium hand in its bank files.")
DECIDED = Refusal("decided", "Somebody else has decided about this line meanwhile.", "Look at it again.")


def hand_in_statement(
    *, consortium: Consortium, name: str, rows: Sequence[Sequence[str]], by: User
) -> Statement:
    """Keep the rows of a file so that they can be looked at. No payment is entered yet."""
    if not rules.can_reconcile(by, consortium.pk):
        raise Refused(NOT_YOURS)
    kept = StatementColumns.objects.filter(consortium=consortium).first()
    return Statement.objects.create(
        consortium=consortium,
        name=name[:100] or "payments.csv",
        rows=[list(row) for row in rows],
        columns=rules.guessed_columns(rows[0], kept.columns if kept is not None else {}),
        handed_in_by=by,
    )


def name_columns(*, statement: Statement, columns: Mapping[str, Any], by: User) -> None:
    """Say which columns hold what; it is remembered for the next file of the consortium."""
    if not rules.can_reconcile(by, statement.consortium_id):
        raise Refused(NOT_YOURS)
    refusal = rules.why_not_columns(statement.rows[0] if statement.rows else [], columns)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        looked_at = Statement.objects.filter(pk=statement.pk, state=Statement.State.PREVIEW)
        if looked_at.update(columns=dict(columns)):
            StatementColumns.objects.update_or_create(
                consortium=statement.consortium, defaults={"columns": dict(columns)}
            )
    statement.columns = dict(columns)


def matches_of(statement: Statement) -> list[rules.Matched]:
    """What each line of a file would come to today; seven queries, however many lines."""
    consortium = statement.consortium
    lines = rules.lines_of(statement.rows, statement.columns)
    here = set(
        StatementLine.objects.filter(
            consortium=consortium, fingerprint__in=[one.fingerprint for one in lines if one.fingerprint]
        ).values_list("fingerprint", flat=True)
    )
    numbers = {word for one in lines for word in (*one.payments, *one.words.split())}
    known = _payments_known(consortium, numbers)
    students = dict(
        Student.objects.identified_by({one for line in lines for one in line.ids})
        .filter(registrations__articulation__consortium=consortium)
        .distinct()
        .values_list("sers_id", Coalesce("merged_into", "pk"))
    )
    by_reference = dict(
        Registration.objects.filter(
            reference__in={one for line in lines for one in line.references},
            articulation__consortium=consortium,
        ).values_list("reference", person_key())
    )
    debts = debts_of(consortium)
    meant = {*students.values(), *by_reference.values()}
    names = {one.pk: one.name for one in Student.objects.filter(pk__in=meant)}
    found = []
    spent: dict[int, rules.Debt] = dict(debts)
    for line in lines:
        if line.fingerprint in here:
            found.append(rules.Matched(line, rules.Match.KNOWN, "This line was saved from another file"))
            continue
        one = rules.match_line(
            line, known=known, students=students, by_reference=by_reference, debts=spent, names=names
        )
        if one.student is not None and one.student in spent:
            spent[one.student] = rules.less(spent[one.student], line.amount)
        found.append(one)
    return found


def _payments_known(consortium: Consortium, numbers: set[str]) -> dict[str, int]:
    """Payments of a consortium by their number and by the provider's, among the words of a file."""
    found: dict[str, int] = {}
    rows = Payment.objects.filter(consortium=consortium, kind=Payment.Kind.PAID)
    for field in ("number", "reference"):
        some = rows.filter(**{f"{field}__in": numbers - {""}})
        found |= {value: pk for value, pk in some.values_list(field, "pk") if value}
    return found


def debts_of(consortium: Consortium) -> dict[int, rules.Debt]:
    """What each student owes a consortium in fees, less what was paid of it; two queries."""
    fees = list(
        Requirement.objects.owed()
        .of_student()
        .filter(kind=Requirement.Kind.FEE, registration__articulation__consortium=consortium)
        .select_related("registration__student")
        .order_by("registration__student", "pk")
    )
    covered = covered_of(fees)
    debts: dict[int, rules.Debt] = {}
    for one in fees:
        student = one.registration.student
        before = debts.get(student.pk)
        debts[student.pk] = rules.Debt(
            student.pk,
            student.name,
            student.sers_id,
            fold(f"{student.first_name} {student.last_name}"),
            (before.owed if before else 0) + one.amount - covered.get(one.pk, 0),
            (*(before.fees if before else ()), one.pk),
        )
    return debts


def save_statement(*, statement: Statement, by: User) -> Statement:
    """Enter what a file holds, all of it or nothing: payments that match, lines that match nobody as work. A line that
    was saved before, from whatever file, changes nothing; saved twice, the second time changes nothing."""
    if not rules.can_reconcile(by, statement.consortium_id):
        raise Refused(NOT_YOURS)
    with transaction.atomic():
        one_at_a_time(f"statements of {statement.consortium_id}")
        held: Statement = (
            Statement.objects.select_for_update(of=("self",))
            .select_related("consortium")
            .get(pk=statement.pk)
        )
        if held.state == Statement.State.SAVED:
            return held
        refusal = rules.why_not_columns(held.rows[0] if held.rows else [], held.columns)
        found = matches_of(held) if refusal is None else []
        refusal = refusal or rules.why_not_save_statement(found)
        if refusal is not None:
            raise Refused(refusal)
        for one in found:
            _save_line(held, one, by)
        unmatched = (rules.Match.UNMATCHED, rules.Match.AMBIGUOUS)
        held.matched = sum(one.student is not None for one in found)
        held.known = sum(one.match == rules.Match.KNOWN for one in found)
        held.unmatched = sum(one.match in unmatched for one in found)
        held.state, held.saved_at, held.rows = Statement.State.SAVED, timezone.now(), []
        held.save()
        record_event(
            by=by,
            kind="students.statement_saved",
            subject=held,
            data={"matched": held.matched, "known": held.known, "unmatched": held.unmatched},
        )
    return held


def _save_line(statement: Statement, one: rules.Matched, by: User) -> None:
    line = one.line
    if one.match == rules.Match.PASSED or line.paid_on is None:
        return
    if one.match == rules.Match.KNOWN and one.payment is None:
        return  # the very line is here
    payment_id = one.payment
    if one.student is not None:
        payment_id = enter_payment(
            consortium=statement.consortium,
            student=Student.objects.get(pk=one.student),
            amount=line.amount,
            source=Payment.Source.FILE,
            paid_on=line.paid_on,
            towards=one.fees,
            reference=f"{statement.name}, line {line.number}",
            by=by,
        ).pk
    state = StatementLine.State.UNMATCHED
    if one.match == rules.Match.KNOWN:
        state = StatementLine.State.KNOWN
    elif payment_id is not None:
        state = StatementLine.State.MATCHED
    StatementLine.objects.create(
        statement=statement,
        consortium=statement.consortium,
        number=line.number,
        fingerprint=line.fingerprint,
        paid_on=line.paid_on,
        amount=line.amount,
        words=line.words,
        state=state,
        payment_id=payment_id,
    )


def _held(line: StatementLine, by: User) -> StatementLine:
    if not rules.can_reconcile(by, line.consortium_id):
        raise Refused(NOT_YOURS)
    held: StatementLine = (
        StatementLine.objects.select_for_update(of=("self",))
        .select_related("consortium", "statement")
        .get(pk=line.pk)
    )
    if held.state != StatementLine.State.UNMATCHED:
        raise Refused(DECIDED)
    return held


def match_by_hand(*, line: StatementLine, student: Student, by: User) -> Payment:
    """Somebody knows whose money it is: it is entered as that student's payment."""
    with transaction.atomic():
        held = _held(line, by)
        payment = enter_payment(
            consortium=held.consortium,
            student=student,
            amount=held.amount,
            source=Payment.Source.FILE,
            paid_on=held.paid_on,
            reference=f"{held.statement.name}, line {held.number}",
            by=by,
        )
        held.state, held.payment = StatementLine.State.MATCHED, payment
        held.decided_at, held.decided_by = timezone.now(), by
        held.save(update_fields=("state", "payment", "decided_at", "decided_by"))
        record_event(by=by, kind="students.line_matched", subject=held, data={"payment": payment.pk})
    return payment


def set_aside(*, line: StatementLine, reason: str, by: User) -> None:
    """The money is nobody's fee: it leaves the work list, with the reason."""
    refusal = rules.why_not_set_aside(reason)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        held = _held(line, by)
        held.state, held.reason = StatementLine.State.SET_ASIDE, reason
        held.decided_at, held.decided_by = timezone.now(), by
        held.save(update_fields=("state", "reason", "decided_at", "decided_by"))
        record_event(by=by, kind="students.line_set_aside", subject=held)


def put_line_back(*, line: StatementLine, by: User) -> None:
    """A line that was set aside is work again."""
    if not rules.can_reconcile(by, line.consortium_id):
        raise Refused(NOT_YOURS)
    with transaction.atomic():
        rows = StatementLine.objects.filter(pk=line.pk, state=StatementLine.State.SET_ASIDE)
        if rows.update(state=StatementLine.State.UNMATCHED, reason="", decided_at=None, decided_by=None):
            record_event(by=by, kind="students.line_put_back", subject=line)
