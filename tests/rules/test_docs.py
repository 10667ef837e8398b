"""The catalogue page, made from the packs: whole, harmless, and the repository's copy up to date."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from landcheck.cli.app import app
from landcheck.messages import LANGUAGES, Lang, say
from landcheck.model import Pack
from landcheck.report.md import escape
from landcheck.rulebook import load_packs, new_pack, pack_names

ROOT = Path(__file__).resolve().parents[2]
COPIES = {"en": ("rules.md", "rules.html"), "zh": ("rules.zh-CN.md", "rules.zh-CN.html")}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rules", *arguments])


def docs(*arguments: str, lang: str = "en") -> str:
    result = run("docs", *arguments, "--lang", lang)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def packs() -> tuple[Pack, ...]:
    return load_packs(pack_names())


@pytest.mark.parametrize(("lang", "name"), [(lang, name) for lang, names in COPIES.items() for name in names])
def test_the_repository_holds_the_page_of_today(tmp_path: Path, lang: str, name: str) -> None:
    assert run("docs", "--lang", lang, "-o", str(tmp_path / name)).exit_code == 0
    same = (tmp_path / name).read_bytes() == (ROOT / "docs" / name).read_bytes()
    assert same, f"docs/{name} is not what the packs say today; `make docs` renews it"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_stands_in_both_formats(packs: tuple[Pack, ...], lang: Lang) -> None:
    page, text = html.unescape(docs("--output-format", "html", lang=lang)), docs(lang=lang)
    for pack in packs:
        standing = (pack.number, pack.issuer, say(pack.rank.label, lang) if pack.rank else "")
        left = (part for one in pack.left_out for part in (one.quote, one.reason.say(lang)))
        away = (one.what.say(lang) for one in pack.not_at_hand)
        cards = [
            part for rule in pack.rules for part in (rule.clause.quote, rule.clause.translation)[: 1 + (lang == "en")]
        ]
        cards += [part.say(lang) for rule in pack.rules for part in (rule.title, rule.evidence)]
        for part in (*standing, pack.validity_source.say(lang), *left, *away, *cards):
            assert part in page
            assert escape(part) in text


def test_the_page_says_how_the_text_of_2025_stands_to_others() -> None:
    assert "“此前政策规定与本指导意见不一致的,以本指导意见为准”: It holds against the bureau's own" in docs()


def test_links_lead_to_headings() -> None:
    text = docs()
    for name in ("shanghai-2021-9", "living-15"):
        assert f"[{name}](#{name})" in text
    assert "\n### living-15\n" in text


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_html_page_asks_nobody_for_anything() -> None:
    page = docs("--output-format", "html")
    seen = Elements(page).seen
    assert {tag for tag, _ in seen} & {"script", "link", "img", "iframe", "object"} == set()
    targets = {str(attributes["href"]) for _, attributes in seen if "href" in attributes}
    assert targets
    assert all(target.startswith("#") for target in targets)
    assert {target[1:] for target in targets} <= {attributes.get("id") for _, attributes in seen}
    assert "default-src 'none'; script-src 'none'; style-src 'sha256-" in html.unescape(page)
    assert "url(" not in page


HOSTILE = "<script>alert(1)</script> [x](javascript:1) `y` | \\u202e"


def test_a_pack_of_others_is_shown_and_its_text_stays_text(tmp_path: Path) -> None:
    home = tmp_path / "mine"
    new_pack(home)
    header = home / "pack.toml"
    lines = header.read_text(encoding="utf-8").splitlines()
    issuer = next(i for i, line in enumerate(lines) if line.startswith("issuer"))
    lines[issuer] = f'issuer = "{HOSTILE}"'
    header.write_text("\n".join(lines), encoding="utf-8")
    page, text = docs(str(home), "--output-format", "html"), docs(str(home))
    assert "script" not in {tag for tag, _ in Elements(page).seen}
    assert "&lt;script&gt;" in page
    assert "<script" not in text
    assert "\\[x\\]" in text
    assert "\u202e" not in page + text
    assert "far-floor" in page
    assert "shanghai-2021-9" not in page


def test_several_files_and_several_packs_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("docs", "china-terms", "shanghai-green", "-o", "a.md", "-o", "a.html", "--lang", "en")
    assert (result.exit_code, result.output) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.md"]
    assert Path("a.md").read_bytes().decode() == docs("china-terms", "shanghai-green")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "a.md", "-o", "a.json"), "a.json: the catalogue of rules is written as .md or .html only"),
        (("--output-format", "csv"), "csv"),
        (("china-terms", "--pack", "shanghai-green"), "not both"),
        (("-o", "/dev/null/a.md"), "/dev/null"),
        (("no-such-pack",), "no-such-pack"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("docs", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not result.stdout
    assert not list(tmp_path.iterdir())


def test_a_rule_is_shown_with_the_standing_of_its_text() -> None:
    shown = run("show", "green-park-20", "--lang", "en").stdout
    for part in (
        "From\n  沪绿容〔2020〕413号",
        "Rank: local regulation",
        "An excerpt, not the whole text",
        "normative document of a government department, in force from 2020-10-01",
        "413号(六): roof greening may be counted",
    ):
        assert part in shown
    later = run("show", "term-2025-28", "--lang", "zh").stdout
    assert "与其他规定的关系\n  “此前政策规定" in later
    assert "flexible_term_years = 20年" in later
