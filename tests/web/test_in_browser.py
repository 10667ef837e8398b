"""From drop to download in a real browser: by mouse and keyboard, wide and narrow, with and without JavaScript."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from visitor import in_folder

from landcheck.messages import Lang, say

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_parcels"
LOCALES = {"zh": "zh-CN", "en": "en-US"}
SECONDS = 120
# What a drop hands over: files by name and content.
DROP = """([files, selector]) => {
  const given = new DataTransfer();
  for (const [name, content] of files) {
    given.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name));
  }
  document.querySelector(selector).dispatchEvent(new DragEvent('drop', {dataTransfer: given, bubbles: true}));
}"""


@dataclass
class Seen:
    """A page, with what it asked for and what the browser complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def main_button(self) -> None:
        """By keyboard: the scripts' frame and the layout have no say in it."""
        self.page.locator("button.main").focus()
        self.page.keyboard.press("Enter")

    def until(self, selector: str) -> None:
        self.page.wait_for_selector(selector, timeout=SECONDS * 1000)

    def drop(self, files: list[tuple[str, bytes]]) -> None:
        packed = [(name, base64.b64encode(content).decode()) for name, content in files]
        self.until("html[data-ready]")
        self.page.evaluate(DROP, [packed, ".drop"])
        self.until("#roles")

    def download(self, selector: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.focus()
            self.page.keyboard.press("Enter")
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def see(chromium: Any, served: Any) -> Iterator[Callable[..., Seen]]:
    contexts = []

    def opened(lang: str = "zh", width: int = 1280, **options: Any) -> Seen:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale=LOCALES[lang], **options)
        contexts.append(context)
        seen = Seen(context.new_page())
        seen.page.set_default_timeout(SECONDS * 1000)
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.goto(served.address)
        seen.until("#files")
        return seen

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def judged(seen: Seen, axe: str) -> list[str]:
    """What axe objects to, of any weight, and whether the page is wider than the window."""
    seen.page.evaluate(axe)
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
    wide = seen.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]] + ["wide"] * wide


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_from_drop_to_download(see: Callable[..., Seen], served: Any, axe: str, lang: Lang, width: int, start: Any,
                               tmp_path: Path) -> None:  # fmt: skip
    seen, said = see(lang, width), []
    said += judged(seen, axe)
    seen.drop(in_folder(SAMPLES / "gbk"))
    said += judged(seen, axe)
    seen.main_button()
    seen.until("table")
    seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert seen.page.locator("th", has_text="DKBH").count() == 2
    said += judged(seen, axe)
    seen.main_button()
    seen.until("[name=as_of]")
    seen.page.fill("[name=as_of]", "2026-06-30")
    said += judged(seen, axe)
    seen.main_button()
    seen.until("iframe")
    assert say("tally-exit-1", lang) in seen.page.inner_text("main")
    said += judged(seen, axe)
    frame = seen.page.frames[1]
    frame.wait_for_selector("#results", state="attached")
    assert frame.evaluate("window.origin") == "null"
    seen.page.fill("#parcel", "PD01-03")
    seen.page.fill("#value", "99999")
    seen.page.keyboard.press("Enter")
    seen.until(".changed")
    said += judged(seen, axe)
    result = seen.download("a[href='/download/json']")
    toml = seen.download("a[href='/download/landcheck.toml']")
    for name, content in (*in_folder(SAMPLES / "gbk"), ("landcheck.toml", toml)):
        (tmp_path / name).write_bytes(content)
    process = start("check", "parcels.shp", "-q", "-o", "r.json", cwd=tmp_path, stderr=subprocess.PIPE)
    process.communicate(timeout=120)
    assert (process.returncode, (tmp_path / "r.json").read_bytes()) == (1, result)
    assert json.loads(result)["language"] == lang
    assert said == []
    assert seen.complaints == []
    assert {url.split("/")[2] for url in seen.asked if not url.startswith("data:")} == {served.host}


def test_without_javascript_the_way_is_the_same(see: Callable[..., Seen]) -> None:
    seen = see("en", java_script_enabled=False)
    seen.page.set_input_files("#files", [str(path) for path in sorted((SAMPLES / "gbk").iterdir())])
    seen.page.locator(".drop button").press("Enter")
    seen.until("#roles")
    seen.main_button()
    seen.until("table")
    seen.main_button()
    seen.until("[name=as_of]")
    seen.main_button()
    seen.until("iframe")


def test_hostile_names_and_cells_do_nothing(see: Callable[..., Seen]) -> None:
    spell = "<img src=x onerror=window.taken=1>"
    ring = [[121, 31], [121.01, 31], [121.01, 31.01], [121, 31]]
    values = {
        "parcel_id": spell,
        f"far{spell}": spell,
        "用地类型": "'\"><script>window.taken=1</script>",
        "\u202eabc": 1,
    }
    feature = {"type": "Feature", "properties": values, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    layer = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    seen = see("zh")
    seen.drop([(f"{spell}'\"&.geojson", layer)])
    seen.main_button()
    seen.until("table")
    assert spell in seen.page.inner_text("table")
    assert "\\u202eabc" in seen.page.inner_text("table")
    seen.main_button()
    seen.until("[name=as_of]")
    seen.page.fill("[name=project_name]", spell)
    seen.main_button()
    seen.until("iframe")
    seen.page.fill("#parcel", spell)
    seen.page.fill("#value", spell)
    seen.page.keyboard.press("Enter")
    seen.until("#working, .trouble, #whatif table")
    seen.until(".trouble, #whatif table")
    assert seen.page.evaluate("window.taken") is None
    assert all("innerHTML" not in path.read_text() for path in (ROOT / "landcheck/web/static").glob("*.js"))


def test_what_went_wrong_can_be_read_by_all(see: Callable[..., Seen], axe: str) -> None:
    seen = see("en", 390)
    seen.drop([("parcels.geojson", b"{"), ("x" * 150 + ".csv", b"")])
    assert judged(seen, axe) == []
    seen.main_button()
    seen.until(".trouble")
    assert judged(seen, axe) == []
    seen.page.goto(seen.page.url.replace("/working", "/nothing"))
    assert judged(seen, axe) == []


def test_too_much_is_told_before_it_is_sent(see: Callable[..., Seen]) -> None:
    seen = see("en")
    seen.until("html[data-ready]")
    seen.page.evaluate("document.querySelector('.drop').dataset.most = '10'")
    seen.page.evaluate(DROP, [[("parcels.geojson", base64.b64encode(b"x" * 11).decode())], ".drop"])
    assert seen.page.inner_text(".drop .trouble") == say("web-too-large", "en", megabytes=512)
    assert seen.page.locator("#roles").count() == 0


def test_every_control_can_be_reached_by_keyboard(see: Callable[..., Seen]) -> None:
    seen, reached = see("en"), set()
    seen.drop(in_folder(SAMPLES / "gbk"))
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate("document.activeElement.outerHTML"))
    wanted = seen.page.evaluate(
        "Array.from(document.querySelectorAll('a[href], button, select, input:not([type=hidden])'), (o) => o.outerHTML)"
    )
    assert set(wanted) <= reached


def test_a_folder_can_be_dropped(see: Callable[..., Seen]) -> None:
    """As the system hands it over: by its path."""
    seen = see("en")
    seen.until("html[data-ready]")
    box = seen.page.locator(".drop").bounding_box()
    devices = seen.page.context.new_cdp_session(seen.page)
    data = {"items": [], "files": [str(SAMPLES / "gbk")], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + 20, "y": box["y"] + 20}
        devices.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})
    seen.until("#roles")
    assert seen.page.locator("#roles select").count() == 4
