"""A browser without a window: it keeps its cookie, says where it comes from, and fills in the forms it is shown."""

from __future__ import annotations

import html
import http.client
import json
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

AS_OF = {"as_of": "2026-06-30", "pack.shanghai-2021-9": "1"}
Files = Iterable[tuple[str, bytes]]


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return html.unescape(self.body.decode("utf-8"))

    @property
    def to(self) -> str:
        return self.headers.get("location", "")


class Visitor:
    """Opens the address of a server; ``lang`` is what its browser likes best."""

    def __init__(self, address: str, lang: str = "zh-CN,zh;q=0.9,en;q=0.8") -> None:
        found = re.fullmatch(r"http://([0-9.:]+)(/start\?token=\S+)", address)
        assert found
        self.host, self.lang, self.cookie = found[1], lang, ""
        self.came = self.get(found[2])
        self.cookie = self.came.headers.get("set-cookie", "").partition(";")[0]

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str | None) -> Answer:
        """One request; a header that is None is not sent."""
        own: dict[str, str | None] = {"host": self.host, "accept-language": self.lang, "cookie": self.cookie or None}
        own |= {"origin": f"http://{self.host}"} if method == "POST" else {}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.host, timeout=300)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"content-length": str(len(body)), **own}.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        made = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return made

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        body = urlencode(form or {}).encode()
        return self.ask("POST", path, body, content_type="application/x-www-form-urlencoded")

    def bring(self, files: Files) -> Answer:
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
            + content + b"\r\n"
            for name, content in files
        ]  # fmt: skip
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask("POST", "/files", body, content_type=f"multipart/form-data; boundary={mark}")

    def form(self, path: str) -> dict[str, str]:
        """What the selects and texts of a page hold."""
        text = self.get(path).body.decode("utf-8")
        held = {}
        for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', inner)
            held[name] = html.unescape(chosen[1]) if chosen else ""
        for name, value in re.findall(r'<input [^>]*name="([^"]+)"[^>]* value="([^"]*)"', text):
            if name.startswith("unit."):
                held[name] = html.unescape(value)
        return held

    def wait(self) -> Answer:
        """The page after the job that is going on."""
        while not json.loads(self.get("/state").body)["over"]:
            time.sleep(0.05)
        return self.get("/working")

    def survey(self, files: Files, **roles: str) -> Answer:
        """Bring files, leave their roles as they are guessed, and have the columns looked at."""
        assert self.bring(files).status == 303
        assert self.post("/roles", self.form("/") | roles).to == "/working"
        return self.wait()

    def check(self, files: Files, options: Mapping[str, str] = AS_OF) -> Answer:
        """The whole way to the report."""
        assert self.survey(files).to == "/columns"
        assert self.post("/columns", self.form("/columns")).to == "/options"
        assert self.post("/options", options).to == "/working"
        return self.wait()


def in_folder(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]
