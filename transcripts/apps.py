"""What transcripts does when the process starts."""

from typing import Any

from django.apps import AppConfig


class TranscriptsConfig(AppConfig):
    name = "transcripts"

    def ready(self) -> None:
        from celery.signals import worker_process_shutdown

        from transcripts import checks  # noqa: F401 - importing it registers the check

        worker_process_shutdown.connect(_put_fonts_away, dispatch_uid="transcripts.fonts")


def _put_fonts_away(**_: Any) -> None:
    """A worker's child ends without ending Python; the fonts it unpacked are removed here."""
    from sers.lib.press import close_press

    close_press()
