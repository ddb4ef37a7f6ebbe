"""Pages for the printer: issued documents put together, page by page, as they are.

What is printed is the document that was issued, not a new drawing of it. Each student's letter and transcript
begin on a new sheet, so that a printer that prints on both sides puts no two students on one. The file is for
paper: it carries no tags and no seal. Who reads on a screen reads the documents themselves.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf


def sheets(sets: Iterable[list[bytes]], *, title: str) -> tuple[bytes, int]:
    """One file of these sets of documents, and its number of pages; a set of an odd number ends with a blank one."""
    import pikepdf

    with pikepdf.new() as out:
        for documents in sets:
            count = 0
            for document in documents:
                with pikepdf.open(BytesIO(document)) as source:
                    for page in source.pages:
                        # The seal's field holds for the whole document, not for pages taken out of it.
                        for key in ("/Annots", "/StructParents", "/Tabs"):
                            if key in page:
                                del page[key]
                        out.pages.append(page)
                        count += 1
            if count % 2:
                out.add_blank_page(page_size=(612, 792))
        out.docinfo["/Title"] = title
        return _saved(out), len(out.pages)


def joined(parts: Iterable[bytes], *, title: str) -> tuple[bytes, int]:
    """Parts one after the other, as one file."""
    import pikepdf

    with pikepdf.new() as out:
        for part in parts:
            with pikepdf.open(BytesIO(part)) as source:
                out.pages.extend(source.pages)
        out.docinfo["/Title"] = title
        return _saved(out), len(out.pages)


def _saved(document: "pikepdf.Pdf") -> bytes:
    import pikepdf

    file = BytesIO()
    document.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()
