"""Tables as a Word file, set as official documents are (GB/T 9704): A4, fonts, page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from decompose.labels import say
from decompose.labels.reporting import FONT_NAMES
from decompose.report.content import Document
from decompose.report.docx_file import NAMESPACES, Parts, docx_file
from decompose.report.measure import WIDE
from decompose.report.theme import Margins, Theme
from decompose.report.widths import balanced, width
from decompose.report.word_fit import A4, MILLIMETRE, TWIPS, Fit, Paper, character, fitted
from decompose.report.word_table import CELL, HEAD, TableXml, xml_text
from decompose.tables import Table

_LABEL, _TITLE, _LINE, _UNIT, _NOTE, _PAGE = (
    f"Decompose{name}" for name in ("Label", "Title", "Line", "Unit", "Note", "Page")
)
"""Styles of paragraphs, beside those of cells."""
_SIZES = {"label": 16.0, "title": 22.0, "body": 10.5, "page": 14.0}
_LINE_SIZE = 12.0
_SIGNED = '<w:keepNext/><w:spacing w:before="360"/>'
"""Room for a hand above a line; the lines stay together."""
_APART = '<w:spacing w:before="240"/>'
"""Between the parts of a table on one page."""
_FOOTER = 12
"""How far the page number stands below the text, its own height included, in millimetres."""
_BREAK = (
    f'<w:p><w:pPr><w:pStyle w:val="{CELL}"/><w:spacing w:line="20" w:lineRule="exact"/>'
    "{section}</w:pPr></w:p>"
)
"""The end of a section: a line of no height."""


def word_file(content: Document, theme: Theme | None = None) -> bytes:
    """Render a report as a Word file, a section per table; the same content gives the same bytes.

    Raises
    ------
    ReportError
        If python-docx is not installed; with the command that installs it.
    """
    theme = Theme() if theme is None else theme
    writer = _Writer(theme)
    body, section = "", ""
    for table in content.tables:
        # a section's properties stand in its last paragraph; the file's last ones, at its end
        body += _BREAK.format(section=section) if section else ""
        fit = fitted(table, writer.paper)
        body += "".join(writer.table(table, fit))
        section = writer.section(across=fit.across)
    parts = Parts(
        body=body,
        section=section,
        styles=writer.styles(),
        fonts=writer.font_table(),
        odd=writer.footer("right"),
        even=writer.footer("left"),
        title=content.title,
    )
    return docx_file(parts, language=content.language)


class _Writer:
    """Sets tables in the fonts and sizes of a theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        fonts = theme.fonts
        self._fonts = {
            "label": fonts.label or FONT_NAMES["hei"][0],
            "title": fonts.title or FONT_NAMES["title"][0],
            "head": fonts.head or FONT_NAMES["hei"][0],
            "body": fonts.body or FONT_NAMES["song"][0],
            "line": fonts.body or FONT_NAMES["kai"][0],
        }
        self._latin = fonts.latin or "Times New Roman"
        self.paper = Paper(
            margins=theme.margins,
            label=self._size("label"),
            title=self._size("title"),
            line=_LINE_SIZE,
            body=self._size("body"),
        )

    def _size(self, part: str) -> float:
        said: float | None = getattr(self._theme.sizes, part)
        return _SIZES[part] if said is None else said

    def table(self, table: Table, fit: Fit) -> Iterator[str]:
        """Make the paragraphs of a table, and the table itself, in its parts."""
        room = round(self.paper.room(across=fit.across)[0])
        if table.label:
            yield _paragraph(_LABEL, table.label)
        yield _paragraph(_TITLE, self._title(table.title, room))
        if table.status_line:
            yield _paragraph(_LINE, table.status_line)
        for number, (page, widths) in enumerate(fit.parts, start=1):
            if number > 1:
                told = say("continued", number=number, count=len(fit.parts))
                parted = _APART if fit.together else "<w:pageBreakBefore/>"
                yield _paragraph(_UNIT, told.text(table.language), parted)
            if table.unit_line:
                yield _paragraph(_UNIT, table.unit_line)
            scale = room / sum(widths)
            sizes = [int(size * scale) for size in widths]
            last = number == len(fit.parts)
            notes = last and bool(table.notes)
            yield TableXml(
                page, sizes, fit.size, self._theme.colours, notes=notes, least=fit.least
            ).text()
        yield from _notes(table, character(self._size("body")))
        for line in table.signatures:
            yield _paragraph(_NOTE, line, _SIGNED)

    def _title(self, text: str, room: int) -> str:
        """Break a title that takes several lines into lines of about the same length."""
        most = int(room / character(self._size("title"))) - 1
        return "\n".join(balanced(text, most))

    def section(self, *, across: bool) -> str:
        """Return the properties of a section: paper, margins, footers."""
        edges: Margins = self._theme.margins
        wide, high = (A4[1], A4[0]) if across else A4
        turned = ' w:orient="landscape"' if across else ""
        top, bottom, left, right = edges.top, edges.bottom, edges.left, edges.right
        if across:  # the same page, its left side up
            top, bottom, left, right = left, right, bottom, top
        margins = {
            "top": top,
            "right": right,
            "bottom": bottom,
            "left": left,
            "header": top / 2,
            "footer": max(bottom - _FOOTER, 5),
            "gutter": 0,
        }
        told = " ".join(f'w:{name}="{round(size * MILLIMETRE)}"' for name, size in margins.items())
        return (
            '<w:sectPr><footers/><w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{round(wide * MILLIMETRE)}" w:h="{round(high * MILLIMETRE)}"{turned}/>'
            f"<w:pgMar {told}/></w:sectPr>"
        )

    def footer(self, side: str) -> str:
        """Return the page number between dashes, a letter in from its side."""
        inward = f'w:{side}="{round(self._size("page") * TWIPS)}"'
        field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        dash = "\u2014"
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{_PAGE}"/><w:ind {inward}/><w:jc w:val="{side}"/>'
            f'</w:pPr><w:r><w:t xml:space="preserve">{dash} </w:t></w:r>{field}'
            f'<w:r><w:t xml:space="preserve"> {dash}</w:t></w:r></w:p>'
        )

    def styles(self) -> str:
        """Return the styles of paragraphs, each with its fonts for every script."""
        title, body = self._size("title"), self._size("body")
        follows, whole = "<w:keepNext/>", "<w:keepLines/>"
        centre, right = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
        outline = '<w:outlineLvl w:val="0"/>'
        made = (
            (_LABEL, "label", self._size("label"), follows, (0, 120), ""),
            (_TITLE, "title", title, follows, (120, 120), centre + outline),
            (_LINE, "line", _LINE_SIZE, follows, (0, 60), centre),
            (_UNIT, "body", body, follows, (0, 40), right),
            (HEAD, "head", body, follows, (0, 0), centre),
            (CELL, "body", body, "", (0, 0), ""),
            (_NOTE, "body", body, whole, (40, 0), ""),
            (_PAGE, "body", self._size("page"), "", (0, 0), ""),
        )
        return "".join(self._style(*one) for one in made)

    def _style(
        self, name: str, font: str, size: float, kept: str, around: tuple[int, int], more: str
    ) -> str:
        half = round(2 * size)
        latin = quoteattr(self._latin)
        before, after = around
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
            f'<w:name w:val="{name}"/><w:qFormat/><w:pPr>{kept}'
            '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
            f'<w:spacing w:before="{before}" w:after="{after}" w:line="240" w:lineRule="auto"/>'
            f"{more}</w:pPr>"
            f"<w:rPr><w:rFonts w:ascii={latin} w:hAnsi={latin} w:cs={latin} "
            f'w:eastAsia={quoteattr(self._fonts[font])}/><w:sz w:val="{half}"/>'
            f'<w:szCs w:val="{half}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:style>'
        )

    def font_table(self) -> str:
        """Return the table of fonts: by which other names a machine may know each."""
        names = dict.fromkeys(self._fonts.values())
        others = {font: more for font, *more in FONT_NAMES.values()}
        told = "".join(
            f"<w:font w:name={quoteattr(name)}>"
            + (f"<w:altName w:val={quoteattr(','.join(others[name]))}/>" if name in others else "")
            + '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
            for name in names
        )
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        return f"{head}<w:fonts {NAMESPACES}>{told}</w:fonts>"


def _paragraph(style: str, text: str, more: str = "") -> str:
    run = f"<w:r>{xml_text(text)}</w:r>"
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{run}</w:p>'


def _notes(table: Table, letter: float) -> Iterator[str]:
    """Make the notes: a paragraph each, its lines under the first letter of its text."""
    head = say("notes_head").text(table.language)
    numbers = [f"{k}. " for k in range(1, len(table.notes) + 1)]
    if len(table.notes) == 1:
        numbers = [""]
    for number, note in zip(numbers, table.notes, strict=True):
        lead = head if number in ("", "1. ") else ""
        left, back = (round(width(text + number, wide=WIDE) * letter) for text in (head, lead))
        moved = f'<w:ind w:left="{left}" w:hanging="{back}"/>'
        yield _paragraph(_NOTE, f"{lead}{number}{note}", moved)
