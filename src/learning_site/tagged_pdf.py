"""What a browser leaves open in the tagged PDF that it prints, put right. Knows PDF, nothing of the site.

After this, all that is drawn is either in the tag tree or marked as decoration, list items have their bodies, links say
where they lead, and two PDFs that were printed from the same page are the same bytes.
"""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator

BEGINS_PATH = frozenset({"m", "re"})
ENDS_PATH = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "n"})
DRAWS = frozenset({"Do", "sh", "BI", "INLINE IMAGE"})
OPEN_ARTEFACT = ContentStreamInstruction([Name.Artifact], Operator("BMC"))
CLOSE = ContentStreamInstruction([], Operator("EMC"))

Instruction = Any  # pikepdf gives instructions and inline images, which share what is used here


def destinations(printed: bytes) -> dict[str, int]:
    """The page, counted from 1, of every place that a link in the PDF leads to, by name."""
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        order = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        places = pdf.Root.get("/Dests", Dictionary())
        return {name.removeprefix("/"): order[places[name][0].objgen] for name in places.keys()}  # noqa: SIM118


def finished(printed: bytes, made: date, headings: list[str]) -> bytes:
    """The PDF put right, as made on a day; `headings` are the words of its bookmarks, in order."""
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        for page in pdf.pages:
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(list(_with_artefacts(page))))
            _describe_links(page)
        tree = pdf.Root.StructTreeRoot
        elements = list(_elements(tree))
        for element in elements:
            if element.S == Name.LI:
                _give_body(pdf, element)
        _count_ids(tree, elements)
        tree.RoleMap = Dictionary(Strong=Name.Span, Em=Name.Span)  # for readers who know only tags before PDF 2.0
        for bookmark, words in zip(_bookmarks(pdf.Root.Outlines), headings, strict=True):
            bookmark.Title = words  # the browser leaves out the space at the end of a line
        _close_bookmarks(pdf.Root.Outlines.First)
        _date(pdf, datetime(made.year, made.month, made.day, tzinfo=UTC))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return out.getvalue()


def _with_artefacts(page: pikepdf.Page) -> Iterator[Instruction]:
    """The instructions of a page, with what is drawn outside the tag tree marked as decoration."""
    marks: list[bool] = []  # for each open mark, whether it ties content to the tag tree or is decoration already
    waiting: list[Instruction] = []  # a text or path outside the tag tree that has begun
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            marks.append(_ties(instruction))
        elif operator == "EMC":
            marks.pop()
        if waiting:
            waiting.append(instruction)
            if operator == "ET" or (operator in ENDS_PATH and str(waiting[0].operator) != "BT"):
                yield from waiting if operator == "n" else (OPEN_ARTEFACT, *waiting, CLOSE)
                waiting = []
        elif any(marks):
            yield instruction
        elif operator == "BT" or operator in BEGINS_PATH:
            waiting = [instruction]
        elif operator in DRAWS:
            yield from (OPEN_ARTEFACT, instruction, CLOSE)
        else:
            yield instruction


def _ties(mark: Instruction) -> bool:
    properties = mark.operands[1] if len(mark.operands) > 1 else None
    return mark.operands[0] == Name.Artifact or (isinstance(properties, Dictionary) and Name.MCID in properties)


def _elements(parent: Any) -> Iterator[Any]:
    """Every element of the tag tree below another, parents first."""
    for child in _children(parent):
        if isinstance(child, Dictionary) and Name.S in child:
            yield child
            yield from _elements(child)


def _children(parent: Any) -> list[Any]:
    return _listed(parent.get("/K"))


def _listed(value: Any) -> list[Any]:
    """What PDF writes as one thing or a list of things."""
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def _give_body(pdf: pikepdf.Pdf, item: Any) -> None:
    """Put what a list item holds besides its label into a body, as the standard asks."""
    children = _children(item)
    rest = [child for child in children if not _is_label(child)]
    if rest:
        body = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array(rest)))
        if Name.Pg in item:
            body.Pg = item.Pg
        for child in rest:
            if isinstance(child, Dictionary) and Name.S in child:
                child.P = body
        item.K = Array([*filter(_is_label, children), body])


def _is_label(child: Any) -> bool:
    return isinstance(child, Dictionary) and child.get("/S") == Name.Lbl


def _count_ids(tree: Any, elements: list[Any]) -> None:
    """Name the cells that others refer to by their order; the browser's own names differ from run to run."""
    named = {bytes(element.ID): element for element in elements if Name.ID in element}
    names = {old: pikepdf.String(f"cell{number:06}") for number, old in enumerate(named, start=1)}
    for old, element in named.items():
        element.ID = names[old]
    for element in elements:
        for attributes in _listed(element.get("/A")):
            if Name.Headers in attributes:
                attributes.Headers = Array([names[bytes(header)] for header in attributes.Headers])
    if named:
        tree.IDTree = Dictionary(Names=Array([part for old, e in named.items() for part in (names[old], e)]))


def _describe_links(page: pikepdf.Page) -> None:
    """Say in words where each link leads, for readers whose software does not read the text under it."""
    for annotation in page.get("/Annots", []):
        if annotation.get("/Subtype") == Name.Link and Name.Contents not in annotation:
            target = annotation.A.URI if Name.A in annotation else annotation.Dest
            annotation.Contents = str(target).removeprefix("/")


def _bookmarks(parent: Any) -> Iterator[Any]:
    """Every bookmark below another, parents first."""
    child = parent.get("/First")
    while child is not None:
        yield child
        yield from _bookmarks(child)
        child = child.get("/Next")


def _close_bookmarks(title: Any) -> None:
    """Show only the title's own chapters until a reader opens one."""
    for bookmark in _bookmarks(title):
        if Name.Count in bookmark:
            bookmark.Count = -abs(int(bookmark.Count))


def _date(pdf: pikepdf.Pdf, when: datetime) -> None:
    """Set the dates, and say title and language in the newer form of a PDF's description as well."""
    title, language = str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)
    for name in ("/CreationDate", "/ModDate"):
        pdf.docinfo[name] = pikepdf.models.metadata.encode_pdf_date(when)
    del pdf.docinfo["/Creator"]  # names the machine's system
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as described:
        described["dc:title"] = title
        described["dc:language"] = {language}
        described["xmp:CreateDate"] = described["xmp:ModifyDate"] = when.isoformat()
