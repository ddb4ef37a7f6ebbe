"""Screens of transcription: the registrar's runs, the student's transcripts, and anyone's check of one."""

from transcripts.views.runs import resume, run, runs, stop
from transcripts.views.transcripts import mine, transcript, verify, verify_code

__all__ = ["mine", "resume", "run", "runs", "stop", "transcript", "verify", "verify_code"]
