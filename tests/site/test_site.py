"""The documentation site: built strictly, without a dead link, and without a request to the network."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs/site"
REASON = "the dependency group site is not installed: pip install --group site"
needs_sphinx = pytest.mark.skipif(importlib.util.find_spec("myst_parser") is None, reason=REASON)


@pytest.fixture(scope="module")
def site(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    built: Path = tmp_path_factory.mktemp("documentation") / "site"
    assert build.main(built) == 0
    return built


def page(folder: Path, name: str, body: str, head: str = "") -> None:
    (folder / name).write_text(f"<!DOCTYPE html><head>{head}</head><body>{body}</body>", encoding="utf-8")


@needs_sphinx
def test_every_page_of_the_documents_is_built_in_its_language(site: Path) -> None:
    for path in (ROOT / "docs").glob("*.md"):
        chinese = path.name.endswith(".zh-CN.md")
        twin = chinese or path.with_name(f"{path.stem}.zh-CN.md").exists()
        for language in ("zh",) if chinese else ("en",) if twin else ("en", "zh"):
            assert (site / language / "docs" / f"{path.stem}.html").is_file(), path


@needs_sphinx
def test_every_page_stands_in_the_menu(site: Path) -> None:
    """Sphinx warns of a page that does not; here it is the order and the groups that are looked at."""
    start = (site / "en/docs/index.html").read_text(encoding="utf-8")
    groups = [start.index(f'<span class="caption-text">{name}</span>') for name in
              ("User guide", "Advanced", "Reference", "Developers")]  # fmt: skip
    assert groups == sorted(groups)


@needs_sphinx
def test_a_page_leads_to_its_twin(site: Path) -> None:
    english = (site / "en/docs/waivers.html").read_text(encoding="utf-8")
    assert 'href="../../zh/docs/waivers.zh-CN.html"' in english
    assert '<html class="no-js" lang="en"' in english
    assert 'lang="zh-CN"' in (site / "zh/docs/waivers.zh-CN.html").read_text(encoding="utf-8")


@needs_sphinx
def test_a_dead_link_fails_the_build(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "copy"
    for name in ("docs", "rules", "sample_parcels"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.shp", "*.gpkg", "*.html"))
    for path in ROOT.glob("*.md"):
        shutil.copy(path, copy)
    (copy / "landcheck/report").mkdir(parents=True)
    for name in ("landcheck/report/schema.json", "constraints.txt", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    with (copy / "docs/reports.md").open("a", encoding="utf-8") as stream:
        stream.write("\n[nowhere](waivers.md#no-such-heading)\n")
    monkeypatch.setattr(build, "ROOT", copy)
    monkeypatch.setattr(build, "HERE", copy / "docs/site")
    assert build.main(tmp_path / "site") == 1


def test_what_is_wrong_with_a_built_page_is_told(build: ModuleType, tmp_path: Path) -> None:
    page(tmp_path, "other.html", '<h1 id="here">x</h1>')
    page(tmp_path, "sound.html", '<a href="other.html#here">x</a><a href="https://example.org/">x</a><a href="#"></a>')
    assert list(build.faults(tmp_path)) == []
    page(
        tmp_path,
        "faulty.html",
        '<a href="none.html">x</a><a href="other.html#there">x</a><a href="../out.html">x</a><img src="//host/a.png">',
        '<script src="https://host/a.js"></script><link rel="stylesheet" href="https://host/a.css">',
    )
    (tmp_path / "style.css").write_text("@import 'https://host/b.css'; a { background: url(https://host/c.png) }")
    (tmp_path / "script.js").write_text('fetch("https://host/d.json")')
    faults = list(build.faults(tmp_path))
    asked = {fault.rsplit(" ", 1)[1] for fault in faults if "asks the network" in fault}
    assert asked == {f"https://host/{name}" for name in ("a.js", "a.css", "b.css", "c.png", "d.json")} | {
        "//host/a.png"
    }
    assert [fault for fault in faults if "dead" in fault or "anchor" in fault] == [
        "faulty.html: the link none.html is dead",
        "faulty.html: the anchor of other.html#there is not there",
        "faulty.html: the link ../out.html is dead",
    ]


@needs_sphinx
@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("zh", "豁免台账", "waivers.zh-CN.html"),
        ("zh", "基线", "waivers.zh-CN.html"),
        ("en", "fingerprint", "waivers.html"),
    ],
)
def test_search_finds_without_a_network(site: Path, chromium: Any, language: str, words: str, found: str) -> None:
    opened = chromium.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((site / language / "search.html").as_uri() + f"?q={words}")
    opened.wait_for_selector(f"#search-results a[href*='{found}']", timeout=20_000)
    assert len(asked) > 3
    assert all(url.startswith(("file:", "data:")) for url in asked), asked
    opened.close()
