"""What a congratulatory letter says: a college's own words with fields that SERS fills in, in English or Spanish.

The list of fields is closed, and filling one in is plain replacing: whatever a college types, nothing of it is
ever run. A value is never looked at again, so that a student named `{sid}` is called that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENGLISH, SPANISH = "en", "es"
LANGUAGES: Final = {ENGLISH: "English", SPANISH: "Español"}

#: Fields of a letter and what each stands for, in the words of the page where wording is edited.
FIELDS: Final = {
    "first_name": "first name",
    "name": "legal name",
    "school": "high school",
    "college": "the college",
    "classes": "the classes this letter is about",
    "year": "school year, 2025-26",
    "credits": "credits of this letter, 5 credits",
    "total": "all credits at the college so far, 10 credits",
    "worth": "a whole sentence on what the credits are worth; nothing when the rate is not known",
    "sid": "a whole sentence with the college student ID (SID), or how to get one",
    "correct_by": "the day until which mistakes are to be told, 40 days after the letter",
    "phone": "phone of the office",
}
_FIELD: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """The four parts of a letter. Steps are one a line; the first sentence of a step is printed bold."""

    heading: str
    opening: str
    steps: str
    closing: str


#: What a college that has written nothing of its own says.
USUAL: Final = {
    ENGLISH: Wording(
        heading="Congratulations: you have earned {credits}",
        opening="Dear {first_name},\n\nYou completed {classes} at {school}. {college} has awarded you college credit for that work.",
        steps=(
            "Keep this letter. {sid}\n"
            "Look at the transcript. If something is wrong, write to the registrar by {correct_by}.\n"
            "Tell your counselor or adviser. The credit counts at every Washington community and technical college. "
            "Four-year colleges decide for themselves."
        ),
        closing=(
            "{worth} You now have {total} at this college.\n\n"
            "The credit is part of your permanent college record. It counts in your college GPA and can matter for "
            "financial aid."
        ),
    ),
    SPANISH: Wording(
        heading="Felicidades: has ganado {credits}",
        opening="Estimado/a {first_name}:\n\nCompletaste {classes} en {school}. {college} te otorga crédito universitario por ese trabajo.",
        steps=(
            "Guarda esta carta. {sid}\n"
            "Revisa el expediente. Si algo está mal, escribe a la oficina de registro antes del {correct_by}.\n"
            "Cuéntaselo a tu consejero. El crédito vale en todos los colegios comunitarios y técnicos de Washington. "
            "Las universidades de cuatro años deciden por su cuenta."
        ),
        closing=(
            "{worth} Ahora tienes {total} en este colegio.\n\n"
            "El crédito es parte de tu expediente universitario permanente. Cuenta en tu promedio (GPA) y puede influir "
            "en la ayuda financiera."
        ),
    ),
}

#: What SERS itself says on a letter, beside the college's words. Here and not in the catalogs of the screens: a
#: letter is a document, and a new turn of phrase on a screen must not change it.
PHRASES: Final = {
    ENGLISH: {
        "worth": "At this year’s rate, {credits} are worth about {amount} of tuition.",
        "sid": "Your student ID (SID) is {sid}. You need it to apply, to enroll or to order an official transcript.",
        "no_sid": "When you apply to the college, say that you have earned CTE Dual Credit.",
        "credit": "{number} college credit",
        "credits": "{number} college credits",
        "day": "F j, Y",
        "awarded": "Credit awarded for {year}",
        "course": "Course",
        "title": "Title",
        "number": "Credits",
        "grade": "Grade",
        "to_do": "What you can do now",
        "check": "Check that this is real",
        "code": "Code",
        "issued_through": "Issued through SERS",
        "registrar": "Registrar, {college}",
        "qr": "QR code that leads to the page where this letter can be checked",
        "demo": "Demo state. The student is invented. No college awarded this credit.",
        "about": "CTE Dual Credit letter for {name}, {college}",
    },
    SPANISH: {
        "worth": "Según la tarifa de este año, {credits} valen alrededor de {amount} de matrícula.",
        "sid": "Tu número de estudiante (SID) es {sid}. Lo necesitas para solicitar admisión, inscribirte o pedir un expediente oficial.",
        "no_sid": "Cuando solicites admisión al colegio, di que ganaste CTE Doble Crédito.",
        "credit": "{number} crédito universitario",
        "credits": "{number} créditos universitarios",
        "day": r"j \d\e F \d\e Y",
        "awarded": "Crédito otorgado por {year}",
        "course": "Curso",
        "title": "Título",
        "number": "Créditos",
        "grade": "Nota",
        "to_do": "Lo que puedes hacer ahora",
        "check": "Comprueba que es auténtica",
        "code": "Código",
        "issued_through": "Emitida por SERS",
        "registrar": "Oficina de registro, {college}",
        "qr": "Código QR que lleva a la página donde se puede comprobar esta carta",
        "demo": "Estado de demostración. El estudiante es inventado. Ningún colegio otorgó este crédito.",
        "about": "Carta de CTE Doble Crédito para {name}, {college}",
    },
}


def phrase(language: str, which: str, /, **values: str) -> str:
    """One of SERS's own phrases, filled in."""
    return filled(PHRASES[language][which], values)


def unknown_fields(text: str) -> list[str]:
    """Words in braces that are no field of a letter, and braces that enclose nothing."""
    named = [name for name in _FIELD.findall(text) if name not in FIELDS]
    return named + ["{"] * bool(re.search(r"[{}]", _FIELD.sub("", text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, each once, from left to right."""
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), text).strip()


def paragraphs(text: str) -> list[str]:
    """Text as paragraphs: what stands between empty lines; single line ends are spaces."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.replace("\r", "")) if part.split()]


def steps(text: str) -> list[tuple[str, str]]:
    """One a line, as (first sentence, the rest)."""
    found = []
    for line in text.splitlines():
        if words := " ".join(line.split()):
            first, stop, rest = words.partition(". ")
            found.append((first + stop.strip(), rest))
    return found
