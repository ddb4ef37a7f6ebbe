"""The first annual notice of rights, in English and in Spanish."""

import datetime
from typing import Any

from django.db import migrations

FIRST = "N-2026-1"
WORDINGS = {
    "en": (
        "Your rights in your record",
        "A federal law, the Family Educational Rights and Privacy Act (FERPA), gives students and parents rights in "
        "school records. What your school keeps is your parent’s right until you turn 18, and yours from then on. What a "
        "college keeps about you is your right alone, at any age."
        "\n\n"
        "You may see your record. Ask in SERS under My rights in my record, or write to your school district. You get it "
        "within 45 days, and somebody explains it if you ask."
        "\n\n"
        "You may ask to have something put right that is wrong, misleading or against your privacy. Write to your school "
        "district about what the school keeps, or to the registrar of the college about what the college keeps. Say what "
        "is wrong and why. If they say no, they tell you why, and you may ask for a hearing. If they still say no, you may "
        "add a statement of your own, and it stays with the record. To contest a grade itself, ask for a Grade Change."
        "\n\n"
        "You decide who else sees your record. The school and the college need your written consent, or your parent’s, "
        "before they show it to others. Some may see it without consent: people who need it for their work at your school "
        "district, your college or the consortium that runs the program for them (teachers, counselors, registrars, "
        "program staff, and those who work for them under contract), a college where you take a class or want to go, the "
        "State where it checks the program, and others in a health or safety emergency. You can see in SERS who has "
        "looked at your record."
        "\n\n"
        "You may complain. Write to the Student Privacy Policy Office, U.S. Department of Education, 400 Maryland Avenue "
        "SW, Washington, DC 20202.",
    ),
    "es": (
        "Tus derechos sobre tu expediente",
        "Una ley federal, la Ley de Derechos Educativos y Privacidad Familiar (FERPA), da a estudiantes y padres derechos "
        "sobre los expedientes escolares. Lo que guarda tu escuela es derecho de tus padres hasta que cumples 18 años, y "
        "tuyo desde entonces. Lo que un colegio universitario guarda sobre ti es solo derecho tuyo, a cualquier edad."
        "\n\n"
        "Puedes ver tu expediente. Pídelo en SERS en Mis derechos sobre mi expediente, o escribe a tu distrito escolar. Lo "
        "recibes en 45 días o menos, y alguien te lo explica si lo pides."
        "\n\n"
        "Puedes pedir que se corrija algo que está mal, que engaña o que va contra tu privacidad. Escribe a tu distrito "
        "escolar sobre lo que guarda la escuela, o a la oficina de registros del colegio universitario sobre lo que guarda "
        "el colegio. Di qué está mal y por qué. Si dicen que no, te explican por qué, y puedes pedir una audiencia. Si "
        "todavía dicen que no, puedes añadir una declaración tuya, y se queda con el expediente. Para discutir la "
        "calificación misma, pide un cambio de calificación."
        "\n\n"
        "Tú decides quién más ve tu expediente. La escuela y el colegio necesitan tu permiso por escrito, o el de tus "
        "padres, antes de mostrarlo a otros. Algunos pueden verlo sin permiso: quienes lo necesitan para su trabajo en tu "
        "distrito escolar, en tu colegio o en el consorcio que lleva el programa para ellos (maestros, consejeros, "
        "oficinas de registros, personal del programa y quienes trabajan para ellos por contrato), un colegio donde tomas "
        "una clase o quieres entrar, el Estado cuando revisa el programa, y otros en una emergencia de salud o seguridad. "
        "En SERS puedes ver quién ha mirado tu expediente."
        "\n\n"
        "Puedes quejarte. Escribe a: Student Privacy Policy Office, U.S. Department of Education, 400 Maryland Avenue SW, "
        "Washington, DC 20202.",
    ),
}


def write_down(apps: Any, schema_editor: Any) -> None:
    """The first version of the notice."""
    text = apps.get_model("students", "ConsentText").objects.create(
        version=FIRST, audience="notice", published_at=datetime.datetime(2026, 7, 1, 7, tzinfo=datetime.UTC)
    )
    for language, (heading, body) in WORDINGS.items():
        apps.get_model("students", "ConsentWording").objects.create(
            text=text, language=language, heading=heading, body=body
        )


class Migration(migrations.Migration):
    dependencies = [("students", "0032_yearly_notices")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
