"""Celery doors of students."""

from celery import shared_task

from accounts.actions import work_on
from students import actions
from students.models import Student


@shared_task(name="students.find_twins")
def find_twins() -> None:
    actions.find_twins()
    actions.forget_student_files()
    actions.forget_rosters()


@shared_task(name=actions.SAVE_STUDENTS_TASK)
def save_student_file(job_id: int) -> None:
    actions.save_student_file(job_id=job_id)


@shared_task(name=actions.TWINS_TASK)
def recognize_twins(job_id: int) -> None:
    with work_on(job_id) as job:
        if job is not None:
            actions.recognize_twins(student=Student.objects.get(pk=job.subject_id))


@shared_task(name=actions.READ_ROSTER_TASK)
def read_roster(job_id: int) -> None:
    actions.read_roster(job_id=job_id)


@shared_task(name=actions.TAKE_IN_ROSTER_TASK)
def take_in_roster(job_id: int) -> None:
    actions.take_in_lines(job_id=job_id)


@shared_task(name="students.remind_of_inspections")
def remind_of_inspections() -> None:
    actions.remind_of_inspections()
    actions.remind_of_amendments()


@shared_task(name="students.tell_rights")
def tell_rights() -> None:
    actions.tell_rights()
