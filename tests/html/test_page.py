"""The page as text: its policy, its words, its bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from landcheck import Report, Verdict
from landcheck.messages import catalogue
from landcheck.report.html import payload
from landcheck.report.html.assets import CATALOGUE_STYLES, HERE, SCRIPT_TEXTS, SCRIPTS, STYLES
from landcheck.report.html.page import pieces
from landcheck.report.html.payload import PageFindings
from landcheck.report.options import Options


class Read(HTMLParser):
    """Every tag with its attributes, and what stands in styles and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("style", "script") and not self.tags[-1][1].get("type"):
            self.inside.append((self.tags[-1][0], data))


@pytest.fixture(scope="module")
def page(plan: Report) -> str:
    return "".join(pieces(plan, Options("zh")))


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_lets_in_what_stands_in_the_page_and_nothing_else(page: str) -> None:
    read = Read(page)
    policy = next(a["content"] for tag, a in read.tags if a.get("http-equiv") == "Content-Security-Policy") or ""
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag in ("style", "script"):
        texts = [text for inside, text in read.inside if inside == tag and text.strip()]
        assert rules[f"{tag}-src"].split() == [digest(text) for text in texts]
    assert "unsafe" not in policy


def test_parks_are_added_up_with_their_headroom(plan: Report, page: str) -> None:
    section = page.partition('id="rollups"')[2].partition("</section>")[0]
    tables = re.findall(r'<caption class="unseen">(.*?)</caption>', section)
    assert tables[:2] == ["按园区汇总", "按园区的可建余量"]
    cells = [re.findall(r'<div class="text[^"]*">(.*?)</div>', row) for row in re.findall(r"<tr>(.*?)</tr>", section)]
    # 22 % of living facilities on one plot of MH02 (1,802.88 m² too much), room for 1,229.23 m² on another, and on the
    # third all other uses together 5.19 m² too much
    assert ["MH02", "其中生活配套设施", "1,229.23", "1,808.07", "0", "3", "0", "0"] in cells
    assert 'href="#rollups"' in page
    assert "问题最多的园区" in page
    assert 'id="rollups"' not in "".join(pieces(replace(plan, rollups=()), Options("zh")))


def test_no_tag_points_anywhere_but_into_the_page(page: str) -> None:
    for tag, attributes in Read(page).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        for name, value in attributes.items():
            assert name not in ("src", "style", "action"), tag
            assert not name.startswith("on"), tag
            if name == "href":
                assert value is not None
                assert value.startswith("#")


def test_the_same_report_gives_the_same_bytes_and_no_path(plan: Report, page: str) -> None:
    assert "".join(pieces(plan, Options("zh"))) == page
    assert str(Path(__file__).parents[2]) not in page


def test_every_link_into_the_page_has_its_goal(page: str) -> None:
    tags = Read(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {str(a["href"])[1:] for tag, a in tags if tag in ("a", "use") and "href" in a}
    assert links <= set(ids)
    labels = {
        name for _, a in tags for key in ("aria-labelledby", "aria-describedby", "for") for name in [a.get(key)] if name
    }
    assert labels <= set(ids)


def test_the_scripts_say_no_sentence_that_is_not_given_them() -> None:
    text = "".join((HERE / "static" / name).read_text(encoding="utf-8") for name in SCRIPTS)
    said = set(re.findall(r"\bsay\('([a-z-]+)'", text)) | set(re.findall(r"'(rows|rows-of|shown|shown-on-map)'", text))
    said |= set(re.findall(r"'([a-z]+)'", text.partition("SUM_HEADS = [")[2].partition("]")[0]))
    assert said == set(SCRIPT_TEXTS)
    assert set(SCRIPT_TEXTS.values()) <= set(catalogue())


def test_every_sentence_of_the_page_is_used() -> None:
    files = [*HERE.parent.rglob("*.py"), *(HERE / "templates").glob("*.html")]
    named = set(re.findall(r'"(html-[a-z0-9-]+)"', "".join(path.read_text(encoding="utf-8") for path in files)))
    named.remove("html-state")  # of which there is one for each verdict
    named |= {f"html-state-{word}" for word in ("fail", "undetermined", "review", "pass", "none")}
    named |= {code for code in SCRIPT_TEXTS.values() if code.startswith("html-")}
    assert named == {code for code in catalogue() if code.startswith("html-")}


def test_every_file_of_the_page_is_in_it() -> None:
    styles = {name.split("/")[1] for name in (*STYLES, *CATALOGUE_STYLES)}
    assert {path.name for path in (HERE / "static").iterdir()} == {*SCRIPTS, *styles}
    assert "2-Clause" in (HERE / "leaflet" / "README.md").read_text(encoding="utf-8")
    assert "Redistribution" in (HERE / "leaflet" / "LICENSE").read_text(encoding="utf-8")


def test_too_many_findings_are_cut_from_the_lightest_end_and_counted(
    plan: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the sample has 14 fail, 21 undetermined, 2 review
    monkeypatch.setattr(payload, "LISTED", 20)
    made = PageFindings()
    made.add_all(plan, Options("zh"))
    verdicts = made.columns["verdict"]
    assert (verdicts.count(Verdict.FAIL), verdicts.count(Verdict.UNDETERMINED), verdicts.count(Verdict.REVIEW)) == (
        14,
        6,
        0,
    )
    assert made.left_out == 17
    assert "另有 17 条未列出" in "".join(pieces(plan, Options("zh")))


def test_a_run_without_a_result_does_not_look_like_a_good_one(plan: Report) -> None:
    nothing = replace(plan.summary, verdicts=dict.fromkeys(plan.summary.verdicts, (0, 0, 0, 0, 38)))
    told = "".join(pieces(replace(plan, summary=nothing, findings=(), drawing=None), Options("en")))
    assert "No clause applies to anything that was checked" in told
    assert "checks that apply are passed" not in told
