"""Files that are taken away: saved under their name, shown by no browser."""

import pytest

from sers.lib.attachments import CSV, XLSX, attachment, headers_of, sheet_attachment

LINES = [["Course", "Credits"], ["=ACCT", "5"]]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reviews.csv", 'attachment; filename="reviews.csv"'),
        ("Prüfung.pdf", "attachment; filename*=utf-8''Pr%C3%BCfung.pdf"),
        ('a"b.csv', 'attachment; filename="a\\"b.csv"'),
    ],
)
def test_a_file_goes_under_its_name_and_can_run_nothing(name: str, said: str) -> None:
    assert headers_of(name)["Content-Disposition"] == said
    answer = attachment(b"x", name=name, mime=CSV)
    assert (answer.content, answer["Content-Type"], answer["Content-Disposition"]) == (b"x", CSV, said)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("form", "ending", "mime", "begins"),
    [("xlsx", "xlsx", XLSX, b"PK"), ("csv", "csv", CSV, b"\xef\xbb\xbfCourse"), ("exe", "csv", CSV, b"\xef\xbb\xbf")],
)  # fmt: skip
def test_a_sheet_is_a_workbook_or_csv(form: str, ending: str, mime: str, begins: bytes) -> None:
    answer = sheet_attachment(LINES, form=form, name="figures", title="Figures", notice="Keep it.")
    assert answer["Content-Disposition"] == f'attachment; filename="figures.{ending}"'
    assert answer["Content-Type"] == mime
    assert answer.content.startswith(begins)
