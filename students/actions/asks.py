"""What consortia ask of a student who registers: read for several classes at once, in as many queries as for one."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils import timezone

from articulations.models import ArticulationCourse
from organizations.models import ConsortiumYear, FurtherAsk
from students import rules
from students.models import Registration, Requirement, Student


class Asks:
    """What is asked of one student in one act. A fee of the year is asked once, of the first class that bears it.

    `among` are the consortium and the year (ids) of each class; `besides` is a registration that counts for nothing
    here, because it is about to leave its agreement. Three queries, however many classes.
    """

    def __init__(self, student: Student, among: Iterable[tuple[int, int]], *, besides: int = 0) -> None:
        pairs = set(among)
        scope = {"year__in": {year for _, year in pairs}}
        self.student = student
        self.terms = {
            (one.consortium_id, one.year_id): one
            for one in ConsortiumYear.objects.filter(consortium__in={one for one, _ in pairs}, **scope)
        }
        self.further: dict[int, list[FurtherAsk]] = {}
        for ask in FurtherAsk.objects.standing_of(self.terms.values()):
            self.further.setdefault(ask.terms_id, []).append(ask)
        bearers = Registration.objects.bearing_fee().of(student).filter(**scope).exclude(pk=besides)
        self.borne = set(bearers.order_by().values_list("articulation__consortium", "year"))

    def of(self, lines: Sequence[ArticulationCourse], year_id: int) -> list[rules.Asked]:
        """What one more registration under these lines of an agreement is asked; its fee counts for the next ones."""
        key = (lines[0].articulation.consortium_id, year_id)
        terms = self.terms.get(key)
        if terms is None:
            return []
        credits = sum((line.credits for line in lines), Decimal(0))
        asked = rules.asks_of(
            terms,
            self.further.get(terms.pk, ()),
            birth_date=self.student.birth_date,
            fee=rules.fee_of(terms, credits, paid_this_year=key in self.borne),
            on=timezone.localdate(),
        )
        if any(one.kind == Requirement.Kind.FEE for one in asked):
            self.borne.add(key)
        return asked


def what_is_asked(
    *, student: Student, lines: Sequence[ArticulationCourse], year_id: int, besides: int = 0
) -> list[rules.Asked]:
    """What the consortium of an agreement asks of one more registration of this student, by its terms of the year."""
    consortium = lines[0].articulation.consortium_id
    return Asks(student, [(consortium, year_id)], besides=besides).of(lines, year_id)
