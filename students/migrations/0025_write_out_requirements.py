"""What registrations until now owe or brought, as rows; and the first text for parents and guardians."""

import datetime
from typing import Any

from django.db import migrations

FIRST = "G-2026-1"
WORDINGS = {
    "en": (
        "What your signature means",
        "The student takes this class at school. If the student earns the grade, a college in Washington gives college "
        "credit for it. The grade and the credit go on a college record and stay there for good. They count in the "
        "college grade average, and they can matter for financial aid later."
        "\n\n"
        "You may say no. The class at school goes on, and it counts there as before. Without your signature it earns no "
        "college credit.",
    ),
    "es": (
        "Qué significa tu firma",
        "El estudiante toma esta clase en su escuela. Si saca la calificación, un colegio universitario de Washington le "
        "da crédito por ella. La calificación y el crédito pasan a un historial universitario y se quedan allí para "
        "siempre. Cuentan en el promedio universitario y más adelante pueden importar para la ayuda financiera."
        "\n\n"
        "Puedes decir que no. La clase sigue en la escuela y allí cuenta como antes. Sin tu firma no da crédito "
        "universitario.",
    ),
}
WRITE_OUT = """
    INSERT INTO students_requirement
        (public_id, registration_id, kind, state, amount, payer, decided_at, decided_by_id, reason)
    SELECT gen_random_uuid(), g.id, asked.kind, g.fees_req, asked.amount, 'student', g.fees_req_at, g.fees_req_by_id,
           CASE WHEN g.fees_req = 'waived' THEN 'Waived before reasons were kept.' ELSE '' END
    FROM students_registration g
    JOIN articulations_articulation a ON a.id = g.articulation_id
    LEFT JOIN organizations_consortiumyear t ON t.consortium_id = a.consortium_id AND t.year_id = g.year_id
    CROSS JOIN LATERAL (
        SELECT 'form' AS kind, 0 AS amount WHERE coalesce(t.form_required, false) OR g.fee_due = 0
        UNION ALL SELECT 'fee', g.fee_due WHERE g.fee_due > 0
    ) asked
    WHERE g.fees_req <> 'not_required'
"""


def write_down(apps: Any, schema_editor: Any) -> None:
    """The first version of the guardians' text, in English and in Spanish."""
    text = apps.get_model("students", "ConsentText").objects.create(
        version=FIRST, audience="guardian", published_at=datetime.datetime(2026, 7, 1, 7, tzinfo=datetime.UTC)
    )
    for language, (heading, body) in WORDINGS.items():
        apps.get_model("students", "ConsentWording").objects.create(
            text=text, language=language, heading=heading, body=body
        )


class Migration(migrations.Migration):
    dependencies = [("students", "0024_requirements_and_payments"), ("organizations", "0009_terms_in_full")]

    operations = [
        migrations.RunPython(write_down, migrations.RunPython.noop),
        migrations.RunSQL(WRITE_OUT, migrations.RunSQL.noop),
    ]
