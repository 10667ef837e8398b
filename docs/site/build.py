"""``make site``: build the documentation in both languages and check it; any fault ends with 1.

A fault is whatever Sphinx warns of, a link or anchor that leads nowhere (also from one language to the other), and a
page, style or script that would ask the network for something.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LANGUAGES = {"en": "en", "zh": "zh_CN"}
START = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>landcheck</title></head>
<body>
<p><a href="zh/docs/index.zh-CN.html">landcheck 文档</a></p>
<p lang="en"><a href="en/docs/index.html">landcheck documentation</a></p>
</body>
</html>
"""
# What a page loads by itself, as against what it links to.
LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
}
PRELOADED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload"}
NETWORK = re.compile(r"(?:https?:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
IN_SCRIPT = re.compile(r"""(?:fetch|import|importScripts|XMLHttpRequest)\s*\(\s*["'`]((?:https?:)?//[^"'`]+)""")


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each element."""
        said = {name: value or "" for name, value in attrs}
        self.anchors |= {said[name] for name in ("id", "name") if name in said}
        if tag in LOADED and LOADED[tag] in said:
            self.loaded.append(said[LOADED[tag]])
        elif tag == "link" and PRELOADED & set(said.get("rel", "").split()):
            self.loaded.append(said.get("href", ""))
        elif tag in {"a", "link"} and "href" in said:
            self.links.append(said["href"])


@cache
def page(path: Path) -> Page:
    """A page that is parsed once."""
    return Page(path.read_text(encoding="utf-8"))


def faults(site: Path) -> Iterator[str]:
    """Dead links and anchors, and what would ask the network, a line each."""
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html":
            read = page(path)
            yield from (f"{name}: asks the network for {url}" for url in read.loaded if NETWORK.match(url))
            yield from (f"{name}: {fault}" for url in (*read.links, *read.loaded) for fault in _dead(url, path, site))
        elif path.suffix in {".css", ".js"}:
            asked = IN_STYLE if path.suffix == ".css" else IN_SCRIPT
            text = path.read_text(encoding="utf-8")
            yield from (f"{name}: asks the network for {url}" for url in asked.findall(text))


def _dead(url: str, path: Path, site: Path) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        return
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file() or not target.is_relative_to(site.resolve()):
        yield f"the link {url} is dead"
    elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in page(target).anchors:
        yield f"the anchor of {url} is not there"


def build(site: Path, work: Path) -> bool:
    """Both languages side by side; whether Sphinx had nothing to say."""
    builds = [
        subprocess.Popen(
            [
                sys.executable, "-m", "sphinx", "--builder", "html", "--quiet", "--nitpicky", "--fail-on-warning",
                "--keep-going", "--fresh-env", "--conf-dir", str(HERE), "--doctree-dir", str(work / name),
                "--tag", name, "--define", f"language={language}", str(ROOT), str(site / name),
            ],
        )
        for name, language in LANGUAGES.items()
    ]  # fmt: skip
    (site / "index.html").write_text(START, encoding="utf-8")
    ended = [one.wait() for one in builds]
    return not any(ended)


def main(site: Path) -> int:
    """Build into ``site`` and check what came out."""
    site.mkdir(parents=True, exist_ok=True)
    sound = build(site, site.with_name(f"{site.name}-doctrees"))
    told = list(faults(site))
    print(*told, sep="\n", end="\n" if told else "", file=sys.stderr)
    if not sound or told:
        return 1
    print(f"{sum(1 for _ in site.rglob('*.html'))} pages; start at {site / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
