"""The site: Markdown by MyST, in the look of furo; formulas as MathML, nothing from a network."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

from docs.generated import GENERATED

project = "decompose"
extensions = ["myst_parser"]
exclude_patterns = ["generated.py"]
language = "en"

html_theme = "furo"
html_title = "decompose 目标分解"
html_copy_source = False
html_theme_options = {
    "light_css_variables": {
        # Chinese in its simplified forms, whatever language a browser takes a page for
        "font-stack": "-apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'PingFang SC', "
        "'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
    }
}
html_math_renderer = "mathml"

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nitpicky = True

_ASKED = re.compile(r"<!-- generated: ([a-z-]+) -->")
_PAGE = re.compile(r"\]\((\.\./[^)#]*\.md)\)")


def _fill_in(_app: Any, page: str, source: list[str]) -> None:
    """Put what is generated where a page asks for it; give files outside the site as they are."""

    def linked(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), found[1]))
        return f"](path:{found[1]})" if target.startswith("..") else found[0]

    source[0] = _ASKED.sub(lambda found: GENERATED[found[1]](), _PAGE.sub(linked, source[0]))


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    formula = tex2mathml(node.astext(), as_block=True)
    translator.body.append(f'<div class="math">{formula}</div>\n')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, bool]:
    """Connect what is of our own."""
    app.connect("source-read", _fill_in)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
