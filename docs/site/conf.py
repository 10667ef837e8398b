"""Configuration of the documentation site, for Sphinx: one build a language, from the pages as they lie here.

Pages called NAME.zh-CN.md are Chinese, their twins NAME.md English; a page without a twin belongs to both builds. What
stands where in the menu is told once, by the lists of the start page: each of its sections is a part of the menu.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese

ROOT = Path(__file__).parents[2]
CHINESE = tags.has("zh")  # type: ignore[name-defined]  # noqa: F821 - Sphinx puts it here
SUFFIX = ".zh-CN"
OTHER = "en" if CHINESE else "zh"
PAGES = [
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "docs/decisions").glob("*.md"),
    *(ROOT / folder / "README.md" for folder in ("rules", "sample_parcels")),
    *ROOT.glob("CONTRIBUTING*.md"),
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
]


def _of_this_language(page: Path) -> bool:
    name = page.name.removesuffix(".md")
    if name.endswith(SUFFIX):
        return CHINESE
    return not (CHINESE and page.with_name(f"{name}{SUFFIX}.md").exists())


project = "landcheck"
extensions = ["myst_parser"]
root_doc = f"docs/index{SUFFIX}" if CHINESE else "docs/index"
include_patterns = sorted(page.relative_to(ROOT).as_posix() for page in PAGES if _of_this_language(page))
exclude_patterns = [".*", "build", "dist", "out", "landcheck", "tests"]
templates_path = ["templates"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "landcheck"
html_search_language = "zh"
html_show_search_summary = False  # which a page opened as a file may not fetch
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_context = {"other_language": OTHER, "other_language_name": "English" if CHINESE else "中文"}
html_sidebars = {
    "**": [
        "sidebar/brand.html", "language.html", "sidebar/search.html", "sidebar/scroll-start.html",
        "sidebar/navigation.html", "sidebar/scroll-end.html",
    ]
}  # fmt: skip


class Search(SearchChinese):
    """Hanzi are found by one or two that follow each other, so that no dictionary is needed; words as in English."""

    language_name = "English"  # the name of the stemmer that its script brings

    js_splitter_code = r"""
var splitQuery = (query) => (query.match(/[\u3400-\u9fff]+|[\w-]+/g) || []).flatMap((run) =>
  /[\u3400-\u9fff]/.test(run) && run.length > 2 ? Array.from(run.slice(1), (hanzi, at) => run[at] + hanzi) : [run]);
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 - Sphinx calls it so
        """Words, single hanzi, and pairs of them."""
        words = re.findall(r"[\w-]+", re.sub(r"[\u3400-\u9fff]+", " ", input))
        self.latin_terms.update(words)
        runs = re.findall(r"[\u3400-\u9fff]+", input)
        pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
        return [*words, *"".join(runs), *pairs]

    def word_filter(self, word: str) -> bool:
        """Single hanzi are words."""
        return bool(word)


def _menu(_app: Sphinx, docname: str, content: list[str]) -> None:
    """Of the start pages each section's list of pages becomes a part of the menu."""
    if docname not in {root_doc, "docs/decisions/README"}:
        return
    for section in re.split(r"^## ", content[0], flags=re.MULTILINE)[1:]:
        title, text = section.split("\n", 1)
        pages = re.findall(r"^[-*|] ?\[[^]]*\]\((?!\w+:)([^)#]+)\.md\)", text, flags=re.MULTILINE)
        if pages:
            content[0] += "\n".join(["", "```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""])


def _other_language(app: Sphinx, doctree: nodes.document) -> None:
    """A link to a page of the other language leads to the other build."""
    here = Path(app.env.docname).parent
    for link in list(doctree.findall(addnodes.pending_xref)):
        target = link["reftarget"]
        if link.get("refdomain") == "doc" and target not in app.env.found_docs and _is_a_page(target):
            up = "../" * (len(here.parts) + 1)
            anchor = f"#{link['reftargetid']}" if link.get("reftargetid") else ""
            reference = nodes.reference("", "", *link.children, refuri=f"{up}{OTHER}/{target}.html{anchor}")
            link.replace_self(reference)


def _is_a_page(target: str) -> bool:
    return ROOT / f"{target}.md" in PAGES


def _twin(_app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """The same page in the other language, for the link at the head of the menu; its start page where there is none."""
    twin = pagename.removesuffix(SUFFIX) if CHINESE else pagename + SUFFIX
    start = "docs/index" if CHINESE else f"docs/index{SUFFIX}"
    page = next(name for name in (twin, pagename, start) if _is_a_page(name))
    context["twin"] = f"{'../' * (pagename.count('/') + 1)}{OTHER}/{page}.html"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_search_language(Search)
    app.connect("source-read", _menu)
    app.connect("doctree-read", _other_language)
    app.connect("html-page-context", _twin)
