"""Who is let in, and what an answer allows the browser to do."""

from __future__ import annotations

import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from visitor import Visitor

from landcheck.messages import say
from landcheck.web.bounds import FORM, UPLOAD
from landcheck.web.guard import preferred
from landcheck.web.jobs import Crew
from landcheck.web.sessions import Sessions

PAGES = ("/", "/columns", "/options", "/working", "/state", "/report", "/report/frame", "/download/json",
         "/download/landcheck.toml", "/static/served.js", "/nothing", "/start", "/start?token=wrong")  # fmt: skip
DEEDS = ("/files", "/files/remove", "/roles", "/columns", "/columns/found", "/options", "/cancel", "/make/json",
         "/whatif", "/again", "/end", "/language")  # fmt: skip


def test_the_address_gives_a_session_that_only_this_site_and_no_script_is_sent(served: Any) -> None:
    visitor = Visitor(served.address)
    cookie = visitor.came.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert served.host.rpartition(":")[2] in cookie.partition("=")[0]  # a cookie knows no port
    assert visitor.came.headers["refresh"] == "0; url=/"
    assert visitor.get("/").status == 200


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_without_a_session(served: Any, path: str) -> None:
    visitor = Visitor(served.address)
    for cookie in (None, "", visitor.cookie + "x", visitor.cookie.replace("landcheck", "other"), "a=b; =;"):
        assert visitor.ask("GET", path, cookie=cookie).status == 403, cookie


@pytest.mark.parametrize("path", DEEDS)
def test_nothing_is_done_for_a_page_of_others(served: Any, path: str) -> None:
    visitor = Visitor(served.address)
    for origin in (None, "null", "http://evil.example", f"https://{served.host}", "http://127.0.0.1"):
        assert visitor.ask("POST", path, origin=origin).status == 403, origin
    assert visitor.ask("POST", path, sec_fetch_site="cross-site").status == 403
    assert visitor.ask("POST", path, cookie=None).status == 403
    assert visitor.get("/").status == 200  # and nothing was ended


@pytest.mark.parametrize("path", ["/", "/state", "/static/served.css"])
def test_a_name_of_others_that_leads_here_is_refused(served: Any, path: str) -> None:
    visitor = Visitor(served.address)
    port = served.host.rpartition(":")[2]
    for host in ("evil.example", f"evil.example:{port}", f"localhost:{port}", "127.0.0.1", f"127.0.0.1:{port}.evil"):
        assert visitor.ask("GET", path, host=host).status == 421, host
    assert visitor.ask("GET", path, origin="http://evil.example").status == 403
    assert visitor.ask("GET", path, sec_fetch_site="same-site").status == 403
    assert visitor.ask("PUT", path, origin=f"http://{served.host}").status == 405


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_to_ask_others(served: Any, path: str) -> None:
    visitor = Visitor(served.address)
    for answer in (visitor.get(path), visitor.ask("GET", path, cookie=None), visitor.ask("GET", path, host="evil")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert not re.search(r"https?:|\*|unsafe-eval", policy)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_what_is_too_large_is_refused_before_it_is_sent(served: Any) -> None:
    visitor = Visitor(served.address, "en")
    for path, most in (("/files", UPLOAD + FORM), ("/columns", FORM)):
        with socket.create_connection(served.host.split(":"), timeout=60) as line:  # type: ignore[arg-type] - two texts
            head = f"POST {path} HTTP/1.1\r\nHost: {served.host}\r\nOrigin: http://{served.host}\r\n"
            line.sendall(f"{head}Cookie: {visitor.cookie}\r\nContent-Length: {most + 1}\r\n\r\n".encode())
            answer = line.makefile("rb").read().decode()
        assert answer.split()[1] == "413"
        assert say("web-body-too-large", "en", megabytes=most >> 20) in answer


def test_what_is_too_large_is_refused_though_its_length_is_not_told(served: Any) -> None:
    visitor = Visitor(served.address, "en")
    kind = "application/x-www-form-urlencoded"
    piece = (b"a" * 1000 + b"=&") * (FORM // 1000)
    body = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (piece, b"too much", b""))
    with socket.create_connection(served.host.split(":"), timeout=60) as line:  # type: ignore[arg-type] - two texts
        head = f"POST /columns HTTP/1.1\r\nHost: {served.host}\r\nOrigin: http://{served.host}\r\nContent-Type: {kind}"
        line.sendall(f"{head}\r\nCookie: {visitor.cookie}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + body)
        assert line.makefile("rb").readline().split()[1] == b"413"


def test_the_token_of_the_browser_is_good_for_one_time() -> None:
    sessions = Sessions(Crew(1), None)
    assert sessions.admits(sessions.token)
    once = sessions.once
    assert sessions.admits(once)
    assert not sessions.admits(once)
    assert not sessions.admits("")
    assert sessions.admits(sessions.token)


def test_the_server_listens_on_this_machine_alone(served: Any) -> None:
    port = int(served.host.rpartition(":")[2])
    with socket.socket() as line:
        line.settimeout(5)
        assert line.connect_ex(("127.0.0.2", port)) != 0


def test_the_folder_of_a_session_is_for_its_user_alone(served: Any) -> None:
    Visitor(served.address).bring([("parcels.geojson", b"{}")])
    assert served.left()
    assert {stat.S_IMODE(path.stat().st_mode) for path in served.left()} == {0o700}


def test_a_port_that_is_taken_is_told(start: Callable[..., Any], served: Any) -> None:
    port = served.host.rpartition(":")[2]
    taken = start("serve", "--no-browser", "--port", port, "--lang", "en", stderr=subprocess.PIPE, encoding="utf-8")
    assert f"port {port} cannot be used: " in taken.communicate(timeout=60)[1]
    assert taken.returncode == 2


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.9,zh;q=0.8", "en"), ("zh-TW", "zh"), ("fr", "en"), ("", "en"),
     ("fr, zh;q=0.3, en;q=0.2", "zh"), ("en;q=x, zh;q=0.1", "zh"), ("*", "en")],
)  # fmt: skip
def test_the_language_is_the_one_of_ours_that_the_browser_likes_best(accepted: str, lang: str) -> None:
    assert preferred(accepted) == lang


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refusal_is_said_in_the_language_of_the_browser(served: Any, lang: Any) -> None:
    visitor = Visitor(served.address, lang)
    assert say("web-no-token", lang) in visitor.ask("GET", "/", cookie=None).text
    assert say("web-wrong-origin", lang) in visitor.ask("POST", "/end", origin="null").text


@pytest.mark.skipif(sys.platform != "linux", reason="a browser of one's own is named by $BROWSER")
def test_the_browser_is_opened_at_an_address_of_its_own(start: Callable[..., Any], tmp_path: Path) -> None:
    """Others see the command line of the browser: what stands there opens no second session."""
    told = tmp_path / "told"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {told}.new && mv {told}.new {told}\n')
    browser.chmod(0o755)
    env = {"BROWSER": f"{browser} %s", "DISPLAY": ":0", "TMPDIR": str(tmp_path), "LC_ALL": "C.UTF-8"}
    with start("serve", env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as server:
        printed = re.search(r"http://\S+", server.stdout.readline())
        deadline = time.monotonic() + 30
        while not told.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        opened = told.read_text().strip()
        assert printed
        assert opened != printed[0]
        first, second, third = Visitor(opened), Visitor(opened), Visitor(printed[0])
        assert (first.came.status, second.came.status, third.came.status) == (200, 403, 200)
        assert first.get("/").status == 200
        server.terminate()


def test_without_the_extra_it_is_said_what_to_install(start: Callable[..., Any]) -> None:
    program = (
        "import landcheck.cli.served as served; served.NEEDED = ('nothing_there',)\n"
        "from landcheck.__main__ import main; main()"
    )
    server = start("serve", "--lang", "en", python=("-c", program), stderr=subprocess.PIPE, encoding="utf-8")
    assert 'pip install "landcheck[web]"' in server.communicate(timeout=60)[1]
    assert server.returncode == 2
