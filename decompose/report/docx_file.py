"""A Word file: the one place where python-docx is asked for."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, NamedTuple

from decompose.errors import ReportError
from decompose.labels import Language, say

_MOST_OF_PROPERTY = 255
_CREATED = dt.datetime(2000, 1, 1)  # in universal time
_ZIPPED = (1980, 1, 1, 0, 0, 0)
"""Fixed dates, so that the same content gives the same bytes."""
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_NO_BODY = b"<w:body/>"
_THUMBNAIL = "/thumbnail"
_MODERN = (
    f"<w:compat {NAMESPACES}><w:compatSetting w:name='compatibilityMode' "
    "w:uri='http://schemas.microsoft.com/office/word' w:val='15'/></w:compat>"
)
"""Without it Word opens a file in the ways of 2007."""


class Parts(NamedTuple):
    """What a Word file is made of, as XML.

    Attributes
    ----------
    body
        Paragraphs and tables; ``<footers/>`` stands where a section names its footers.
    section
        The last section's properties, in the same way.
    styles
        Styles of paragraphs.
    fonts
        The table of fonts.
    odd, even
        The footer of odd and of even pages: a paragraph each.
    title
        Of the file, for its properties.
    """

    body: str
    section: str
    styles: str
    fonts: str
    odd: str
    even: str
    title: str


def docx_file(parts: Parts, *, language: Language) -> bytes:
    """Make a Word file of its parts; the same parts give the same bytes.

    Raises
    ------
    ReportError
        If python-docx is not installed; with the command that installs it.
    """
    try:
        import docx
        from docx.oxml import parse_xml
    except ImportError as error:
        command = 'pip install "target-decompose[word]"'
        missing = say("report_package", suffix=".docx", package="python-docx", command=command)
        raise ReportError(missing, language=language) from error
    document = docx.Document()
    _set_properties(document, parts.title)
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    for old in settings.findall(_name(settings, "compat")):
        settings.remove(old)
    settings.insert_element_before(parse_xml(_MODERN), "w:rsids", "m:mathPr", "w:themeFontLang")
    for style in list(parse_xml(f"<w:styles {NAMESPACES}>{parts.styles}</w:styles>")):
        document.styles.element.append(style)
    section = document.sections[0]
    for footer, paragraph in (
        (section.footer, parts.odd),
        (section.even_page_footer, parts.even),
    ):
        footer.is_linked_to_previous = False
        element = footer._element
        for old in list(element):
            element.remove(old)
        element.append(parse_xml(paragraph.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))
    footers = "".join(
        f'<w:footerReference w:type="{one.get(_name(one, "type"))}" r:id="{one.rId}"/>'
        for one in section._sectPr.footerReference_lst
    )
    body = document.element.body
    for old in list(body):
        body.remove(old)
    file = io.BytesIO()
    document.save(file)
    # as text: moving a long table into the tree takes minutes
    whole = (parts.body + parts.section).replace("<footers/>", footers)
    return _packed(file.getvalue(), f"<w:body>{whole}</w:body>", parts.fonts)


def _name(element: Any, tag: str) -> str:
    return f"{{{element.nsmap['w']}}}{tag}"


def _set_properties(document: Any, title: str) -> None:
    """Set what a file says of itself; the picture of an empty page is no preview of it."""
    told = document.core_properties
    told.title, told.created, told.modified = title[:_MOST_OF_PROPERTY], _CREATED, _CREATED
    told.author = told.last_modified_by = told.comments = told.keywords = ""
    told.revision = 1
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith(_THUMBNAIL):
            del package.rels[key]


def _packed(content: bytes, body: str, fonts: str) -> bytes:
    """Pack a file again, every part with a fixed date: with its body, and its table of fonts."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(_NO_BODY, body.encode())
            elif name == "word/fontTable.xml":
                data = fonts.encode()
            new.writestr(zipfile.ZipInfo(name, _ZIPPED), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
