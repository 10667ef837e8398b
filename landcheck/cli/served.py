"""``landcheck serve``: the page in the browser of this machine."""

from __future__ import annotations

from importlib.util import find_spec

from landcheck.cli import console
from landcheck.cli.invocation import Invocation, command
from landcheck.errors import UsageError
from landcheck.messages import say

NEEDED = ("starlette", "uvicorn", "python_multipart")


@command("serve")
def serve(asked: Invocation) -> None:
    """Serve the page until Ctrl-C."""
    if not all(map(find_spec, NEEDED)):
        raise UsageError("serve-needs-web")
    from landcheck.web.serving import serve as run

    def tell(address: str) -> None:
        console.put([say("serve-at", asked.lang, address=address) + "\n"])

    run(asked["port"] or 0, asked["lang"], tell, browser=not asked["no_browser"])
    console.note(say("serve-ended", asked.lang))
