"""The text that every registration until now was made under, as rows: in English and in Spanish."""

import datetime
from typing import Any

from django.db import migrations

FIRST = "2026-1"
WORDINGS = {
    "en": (
        "This becomes part of your permanent college record",
        "When your teacher has entered the grade, the college puts it on a college transcript. The grade and the "
        "credit stay there for good. They count in your college GPA, and they can matter for financial aid later."
        "\n\n"
        "You can take the class without college credit: then do not register. Nothing about it goes to a college. "
        "Questions about financial aid? Ask your counselor first.",
    ),
    "es": (
        "Esto pasa a ser parte de tu historial universitario permanente",
        "Cuando tu maestro anote la calificación, el colegio universitario la pone en un historial académico. La "
        "calificación y el crédito se quedan allí para siempre. Cuentan en tu promedio (GPA) universitario y más "
        "adelante pueden importar para la ayuda financiera."
        "\n\n"
        "Puedes tomar la clase sin crédito universitario: entonces no te registres. Nada de ella llega a un colegio "
        "universitario. ¿Preguntas sobre la ayuda financiera? Habla primero con tu consejero.",
    ),
}


def write_down(apps: Any, schema_editor: Any) -> None:
    """The first version; and a row for any other version that registrations name, with the same words."""
    Registration = apps.get_model("students", "Registration")
    ConsentText = apps.get_model("students", "ConsentText")
    ConsentWording = apps.get_model("students", "ConsentWording")
    named = Registration.objects.order_by().values_list("consent_version", flat=True).distinct()
    for version in {FIRST, *named}:
        text = ConsentText.objects.create(
            version=version,
            published_at=datetime.datetime(2026 if version == FIRST else 2000, 7, 1, 7, tzinfo=datetime.UTC),
        )
        for language, (heading, body) in WORDINGS.items():
            ConsentWording.objects.create(text=text, language=language, heading=heading, body=body)


class Migration(migrations.Migration):
    dependencies = [("students", "0016_consent_texts")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
