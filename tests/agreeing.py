"""Texts of agreements as they are prepared, sent out and signed; for the cast and its tests."""

import datetime
from decimal import Decimal
from typing import Any

from accounts.access import Role
from accounts.models import User
from articulations import actions
from articulations.models import AgreementText, Articulation
from articulations.rules import Partner, Terms
from organizations.models import College, Consortium, HighSchool, SignerTitle
from tests.requesting import HERE


def terms(
    first_year: int,
    *,
    years: int = 3,
    classes: tuple[str, ...] = ("Marketing 1",),
    courses: tuple[tuple[str, str, str], ...] = (("MKTG 110", "Marketing", "5"),),
    **facts: Any,
) -> Terms:
    facts.setdefault("valid_from", datetime.date(first_year, 7, 1))
    facts.setdefault("valid_until", datetime.date(first_year + years, 6, 30))
    return Terms(
        classes=[(title, "520301", 0) for title in classes],
        courses=[(code, title, Decimal(credits)) for code, title, credits in courses],
        **facts,
    )


def name_partners(
    consortium: Consortium, *titles: SignerTitle, year: Any, by: User, outside: str = "", **facts: Any
) -> None:
    partners = [Partner(one) for one in titles]
    if outside:
        partners.append(Partner(name=outside, title="Superintendent", email="outside@example.org"))
    actions.set_partners(
        consortium=consortium, college=None, year=year, partners=partners, review_years=3, by=by, **facts
    )


def prepared(
    consortium: Consortium, college: College, school: HighSchool, agreed: Terms, *, by: User, **facts: Any
) -> AgreementText:
    return actions.prepare_text(
        consortium=consortium, college=college, school=school, terms=agreed, by=by, **facts
    )


def out(text: AgreementText, *, by: User) -> AgreementText:
    return actions.send_out(text=text, by=by)


def signed(text: AgreementText, *, by: User) -> AgreementText:
    return actions.sign_text(text=text, typed_name=by.name, sha256=text.sha256, origin=HERE, by=by)


def fresh(text: AgreementText) -> AgreementText:
    found: AgreementText = AgreementText.objects.with_names().get(pk=text.pk)
    return found


def in_force(text: AgreementText) -> Articulation:
    return Articulation.objects.with_names().get(text=text)


def make_dean(college: College, title: SignerTitle, first_name: str = "Delia") -> User:
    """Faculty of a college who sign as its dean."""
    from tests.people import make_person

    dean = make_person(Role.FACULTY, college, first_name)
    dean.seats.update(signs_as=title)
    return dean
