"""One student held from everybody else who registers them or merges their records, until a transaction ends."""

from students.models import Student


def hold_person(student: Student) -> Student:
    """The record that stands for this student, as it is now, held until the transaction ends.

    Two acts of one person come one after the other, whichever of their records each began with. A merge that has this
    record in hand is waited for and followed; one that comes later waits for us, and finds what we wrote.
    """
    keys = {student.pk}
    while True:
        found = Student.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
        held: dict[int, Student] = {one.pk: one for one in found.select_related("user").order_by("pk")}
        stands = held[student.pk].merged_into_id or student.pk
        if stands in held:
            return held[stands]
        keys.add(stands)
