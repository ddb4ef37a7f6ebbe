"""What came in for fees: payments at the desk, online and by a bank file, money to give back, lines that name nobody;
guardians who were asked, signed and declined."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from organizations.models import AcademicYear, Consortium
from sers.seed.students import Campus
from students.actions.requirements import NUMBER_LETTERS
from students.models import (
    FIRST_GUARDIAN_TEXT,
    ConsentText,
    ConsentWording,
    GuardianAnswer,
    GuardianLink,
    Payment,
    PaymentShare,
    Receipt,
    Registration,
    Requirement,
    RequirementDecision,
    Statement,
    StatementLine,
)

#: What payers wrote who cannot be found by it.
NAMELESS = (
    ("Transfer, tech prep fee", "20.00"),
    ("MOBILE DEPOSIT 0093", "40.00"),
    ("For my son, dual credit", "20.00"),
    ("Kamiakin boosters", "75.00"),
)
#: What guardians of Columbia Basin read since yesterday.
OWN_TEXT = {
    "en": (
        "What your signature means",
        "Your student takes this class at school. With a good grade it also counts at a college in Washington. The grade "
        "stays on a college record for good. It can matter later, for example for financial aid.\n\n"
        "Our consortium asks for your signature because your student is under 18. You may say no: the class at school "
        "goes on.",
    ),
    "es": (
        "Qué significa tu firma",
        "El estudiante toma esta clase en su escuela. Con una buena calificación también cuenta en un colegio "
        "universitario de Washington. La calificación se queda para siempre en un historial universitario. Más adelante "
        "puede importar, por ejemplo para la ayuda financiera.\n\n"
        "Nuestro consorcio pide tu firma porque el estudiante tiene menos de 18 años. Puedes decir que no: la clase en "
        "la escuela sigue.",
    ),
}


def build_money(campus: Campus, consortium: Consortium, *, by: User) -> None:
    """The ledger and the guardians of one consortium, this school year."""
    rows = [
        one
        for one in campus.book.rows(Requirement)
        if one.registration.articulation.consortium_id == consortium.pk
        and one.registration.year.first_year == campus.clock.year
    ]
    statement = campus.book.add(
        Statement, consortium=consortium, name="bank-november.csv", state=Statement.State.SAVED,
        rows=[],
        columns={"paid_on": "Date", "amount": "Amount", "words": ["Description"]}, handed_in_by=by,
        handed_in_at=campus.clock.at(campus.clock.day - timedelta(days=2), 10),
        saved_at=campus.clock.at(campus.clock.day - timedelta(days=2), 10, 4), unmatched=len(NAMELESS),
    )  # fmt: skip
    _pay(campus, [one for one in rows if one.kind == Requirement.Kind.FEE], statement, by)
    for number, (words, amount) in enumerate(NAMELESS, 40):
        _line(campus, statement, number, words, Decimal(amount), None, campus.clock.day - timedelta(days=9))
    _guardians(campus, [one for one in rows if one.kind == Requirement.Kind.GUARDIAN], by)
    if rows:
        _own_text(campus, consortium, rows[0].registration.year, by)


def _pay(campus: Campus, fees: list[Requirement], statement: Statement, by: User) -> None:
    """Every fee that is Processed was paid: at the desk, or by the bank file; every twelfth paid too much."""
    book = campus.book
    paid = [
        (one, one.decided_at)
        for one in fees
        if one.state == Requirement.State.PROCESSED and one.decided_at is not None
    ]
    for number, (fee, decided_at) in enumerate(paid):
        by_bank = number % 3 == 0
        amount = fee.amount + (5 if number % 12 == 5 else 0)
        payment = book.add(
            Payment,
            number="P-" + book.letters(NUMBER_LETTERS, 8),
            consortium=statement.consortium,
            student=fee.registration.student,
            source=Payment.Source.FILE if by_bank else Payment.Source.DESK,
            amount=amount,
            reference=f"{statement.name}, line {number + 2}" if by_bank else "",
            paid_on=decided_at.date(),
            at=decided_at,
            by=by,
        )
        book.add(PaymentShare, payment=payment, requirement=fee, amount=fee.amount)
        receipt = book.add(
            Receipt,
            number="F-" + book.letters(NUMBER_LETTERS, 8),
            consortium=statement.consortium,
            how=Receipt.How.PAYMENT if by_bank else Receipt.How.DESK,
            at=decided_at,
            by=by,
        )
        book.add(
            RequirementDecision, receipt=receipt, requirement=fee,
            was=Requirement.State.PENDING, now=Requirement.State.PROCESSED,
        )  # fmt: skip
        if by_bank and number + 2 < 40:
            words = f"Dual credit {fee.registration.student.sers_id}"
            _line(campus, statement, number + 2, words, amount, payment, decided_at.date())
            statement.matched += 1


def _line(
    campus: Campus, statement: Statement, number: int, words: str, amount: Decimal, payment: Payment | None, day: date
) -> None:  # fmt: skip
    campus.book.add(
        StatementLine, statement=statement, consortium=statement.consortium, number=number,
        fingerprint=hashlib.sha256(f"{day}|{amount}|{words}".encode()).hexdigest(), paid_on=day, amount=amount,
        words=words, payment=payment,
        state=StatementLine.State.MATCHED if payment is not None else StatementLine.State.UNMATCHED,
    )  # fmt: skip


def _own_text(campus: Campus, consortium: Consortium, year: AcademicYear, by: User) -> None:
    """The consortium's own words for guardians, published the day before; what was signed before is the State's text."""
    book, day = campus.book, campus.clock.day - timedelta(days=1)
    counted = f"G-{day.year}-"
    text = book.add(
        ConsentText, version=f"{counted}{ConsentText.objects.filter(version__startswith=counted).count() + 1}",
        audience=ConsentText.Audience.GUARDIAN, consortium=consortium, year=year, published_by=by,
        published_at=campus.clock.at(day, 11),
    )  # fmt: skip
    for language, (heading, body) in OWN_TEXT.items():
        book.add(ConsentWording, text=text, language=language, heading=heading, body=body)


def _guardians(campus: Campus, signatures: list[Requirement], by: User) -> None:
    """Links to guardians: those of Processed signatures were answered; of the others some wait, some said no."""
    book, clock = campus.book, campus.clock
    for number, one in enumerate(signatures[:60]):
        signed = one.state == Requirement.State.PROCESSED
        declined = not signed and number % 7 == 3
        if not (signed or declined or number % 2):
            continue
        sent = clock.at(max(clock.day - timedelta(days=3 + number % 9), date(clock.year, 7, 2)), 16)
        registration: Registration = one.registration
        link = book.add(
            GuardianLink,
            student=registration.student,
            consortium=registration.articulation.consortium,
            language="en",
            address=registration.student.guardian_email or f"family.{registration.student_id}@home.example",
            token_hash=hashlib.sha256(book.letters(NUMBER_LETTERS, 40).encode()).hexdigest(),
            created_at=sent,
            expires_at=sent + GuardianLink.LIFETIME,
            asked_by=registration.student.user or by,
        )
        campus.asked_guardians.append((link.pk, one.pk))
        if signed or declined:
            book.add(
                GuardianAnswer,
                link=link,
                answer=GuardianAnswer.Answer.SIGNED if signed else GuardianAnswer.Answer.DECLINED,
                name=registration.student.guardian_name or f"Family {registration.student.last_name}",
                text_id=FIRST_GUARDIAN_TEXT,
                language="en",
                words="I am a parent or guardian of this student. I have read the text above, and I agree."
                if signed
                else "I do not agree. No college credit is given for these classes without me.",
                shown=[],
                at=min(sent + timedelta(hours=5), clock.at(clock.day)),
            )
