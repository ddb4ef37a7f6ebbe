"""What the consortium of the demo person wrote to groups, and a list it took away."""

import hashlib
import io
from datetime import datetime, timedelta
from typing import Final

from accounts.access import Role
from accounts.models import Event, Mail, OutboxState
from organizations.models import Consortium
from reports import rules
from reports.models import ListExport, ListPart, Mailing, MailingRecipient
from sers.lib.letters import write_letter
from sers.lib.long_sheets import LongCsv
from sers.seed.students import Campus
from sers.seed.visits import add_visit
from students.models import Disclosure, Student

#: How many days ago the letter was sent, and the list was taken.
SENT, TAKEN = 9, 2
SPANISH: Final = (
    "Tu formulario o cuota sigue pendiente",
    "Hola {first_name}:\n\nFalta un formulario o una cuota de tu clase de {year}. Sin eso no se puede otorgar el crédito. "
    "Inicia sesión y abre Mis clases para ver cuál falta y hasta cuándo.\n\n{consortium}",
)
PURPOSE: Final = "Grades so far, for the meeting of the consortium"


def write_letters(campus: Campus, consortium: Consortium) -> None:
    """A letter to the teachers who had not signed, one of which came back; the draft of another, in two languages; the
    grades of this year as a file. Written when everything else stands: groups and lists are asked for as they are."""
    book, clock = campus.book, campus.clock
    by, year = campus.folk.demo[Role.CONSORTIUM], campus.years.by_first[clock.year]
    at = clock.at(clock.day - timedelta(days=SENT), 10)
    subject, text = rules.STARTERS[Mailing.Group.ASSURANCE]
    letter = book.add(
        Mailing, consortium=consortium, year=year, group=Mailing.Group.ASSURANCE, subject=subject, text=text,
        written_by=by, written_at=at, sent_at=at + timedelta(minutes=6), done_at=at + timedelta(minutes=7),
    )  # fmt: skip
    people = list(rules.people_of(letter))
    letter.people = len(people)
    for number, person in enumerate(people):
        book.add(MailingRecipient, mailing=letter, user=person)
        written = rules.written_for(letter, person)
        drawn = write_letter(
            "reports/mailing",
            {"subject": written.subject, "text": written.text, "stop_url": "", "reply_to": consortium.contact_email,
             "home_url": ""},
            language=written.language,
        )  # fmt: skip
        sent = at + timedelta(minutes=7, seconds=number // 5)
        back = number == len(people) // 2
        book.add(
            Mail, key=rules.mail_key(letter, person.pk), kind="reports/mailing", person=person, to=person.email,
            reply_to=consortium.contact_email, language=written.language, subject=drawn.subject, text=drawn.text,
            html=drawn.html, state=OutboxState.DONE, attempts=1, not_before=sent, created_at=sent, done_at=sent,
            bounced_at=sent + timedelta(hours=1) if back else None,
            bounce_reason="550 5.1.1 No such mailbox" if back else "",
        )  # fmt: skip
    book.add(
        Event, at=at + timedelta(minutes=6), actor=by, kind="reports.mailing_sent", subject_type="reports.mailing",
        subject_id=letter.pk, data={"people": len(people)},
    )  # fmt: skip
    subject, text = rules.STARTERS[Mailing.Group.FORM_PENDING]
    book.add(
        Mailing, consortium=consortium, year=year, group=Mailing.Group.FORM_PENDING, subject=subject, text=text,
        subject_es=SPANISH[0], text_es=SPANISH[1], written_by=by,
        written_at=clock.at(clock.day - timedelta(days=1), 16),
    )  # fmt: skip
    _take_list(campus, clock.at(clock.day - timedelta(days=TAKEN), 14))
    book.write()


def _take_list(campus: Campus, at: datetime) -> None:
    """The grades of this year that the demo person of the consortium saw on that day, and whose they are."""
    book = campus.book
    seat, year = campus.folk.seats[Role.CONSORTIUM], campus.years.by_first[campus.clock.year]
    (sheet,) = rules.SHEETS[ListExport.Kind.GRADES]
    lines = list(sheet.lines(sheet.rows(seat.user, year).filter(entered_at__lt=at)))
    students = sorted({whose[0] for whose, _ in lines})
    export = book.add(
        ListExport, kind=ListExport.Kind.GRADES, form=ListExport.Form.CSV, year=year, asked_by=seat.user, asked_at=at,
        purpose=PURPOSE, total=len(lines), done=len(lines), students=len(students), made_at=at + timedelta(seconds=3),
    )  # fmt: skip
    out = io.BytesIO()
    into = LongCsv(out, sheet.heads)
    into.add(cells for _, cells in lines)
    into.end(rules.notice_of_list(export))
    content = out.getvalue()
    export.size, export.sha256 = len(content), hashlib.sha256(content).hexdigest()
    book.add(ListPart, export=export, number=0, content=content)
    for kind, later, data in (("asked", 0, {}), ("made", 3, {"rows": len(lines)}), ("taken", 50, {})):
        book.add(
            Event, at=at + timedelta(seconds=later), actor=seat.user, kind=f"reports.list_{kind}",
            subject_type="reports.listexport", subject_id=export.pk, data=data,
        )  # fmt: skip
    for student in Student.objects.filter(pk__in=students).order_by("pk"):
        add_visit(
            campus, student, seat, Disclosure.What.LIST, Disclosure.Ground.PROGRAM, days=TAKEN, hour=14,
            crosses=True, reason=PURPOSE,
        )  # fmt: skip
