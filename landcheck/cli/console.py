"""Language, standard output and standard error: safe on every console, and the only place where a run ends."""

from __future__ import annotations

import codecs
import errno
import io
import locale
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import TextIO, cast

import typer

from landcheck.errors import LandcheckError, UsageError
from landcheck.messages import LANGUAGES, Lang, Message, say
from landcheck.messages.visible import logged, printed

# What a GBK console lacks, as it can show it; anything else becomes a question mark.
SUBSTITUTES = {"²": "2", "³": "3", "✓": "√", "✗": "×"}
INTERRUPTED = 130


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language asked for on the command line, else the locale's, else English."""
    for argument, following in pairwise((*arguments, "")):
        asked = following if argument == "--lang" else argument.removeprefix("--lang=")
        if argument.startswith("--lang") and asked in LANGUAGES:
            return "zh" if asked == "zh" else "en"
    named = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    return "zh" if (named or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


# Known before any help text is made.
LANG: Lang = choose_language(sys.argv[1:], os.environ)


def help_text(code: str, **values: object) -> str:
    """A help text in the language of this run."""
    return say(code, LANG, **values)


class Closed(io.TextIOBase):
    """Stands where the caller closed standard output (``>&-``): nothing can be written there, and that is told."""

    @property
    def buffer(self) -> Closed:
        """Takes bytes no better."""
        return self

    def write(self, _: object) -> int:
        """Say so, as the system says it of a descriptor that is not open."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


class Gate:
    """Standard error: whatever is written there, be it by a library, is text that no terminal and no runner obeys."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding, self.errors = stream.encoding, stream.errors
        self.flush, self.isatty, self.fileno = stream.flush, stream.isatty, stream.fileno

    def write(self, text: str) -> int:
        """The text, its lines as they are, everything unseen in them spelled out."""
        return self._stream.write(logged(text))


def prepare() -> None:
    """Characters the console cannot show are replaced instead of stopping the run; standard error gets its gate."""
    _hold_places()
    codecs.register_error("shown", _shown)
    sys.unraisablehook = _heard
    signal.signal(signal.SIGTERM, _interrupted)  # ended from outside: as orderly as by Ctrl-C, no draft is left behind
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="shown")
    sys.stderr = cast("TextIO", Gate(sys.stderr))


def _hold_places() -> None:
    """Where a stream is closed, its descriptor is taken: the next file opened would get it, and what is printed too."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
    sys.stdout = sys.stdout or Closed()
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8")


def coloured(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether colour is wanted there: on a terminal that knows it, unless NO_COLOR or FORCE_COLOR say otherwise."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return alive(stream, environment)


def alive(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether that is a terminal on which a line can be coloured, or written over."""
    return stream.isatty() and environment.get("TERM") != "dumb"


def put(pieces: Iterable[str | bytes]) -> None:
    """The report, on standard output; where it cannot be written, that ends the run. Bytes are UTF-8.

    Where the reader went away (`| head`) the run still ends with its own status.
    """
    try:
        as_it_is = os.linesep == "\n" and (sys.stdout.encoding or "").lower() == "utf-8"
        for piece in pieces:
            if isinstance(piece, bytes) and as_it_is:
                sys.stdout.flush()
                sys.stdout.buffer.write(piece)
            else:
                sys.stdout.write(printed(piece if isinstance(piece, str) else piece.decode("utf-8")))
        sys.stdout.flush()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(Message("interrupted-printing")) from None
    except BrokenPipeError:
        _discard()
    except OSError as error:
        raise typer.Exit(unwritten(error)) from None


def flushed(end: SystemExit) -> int:
    """The exit status, once all that was printed has left."""
    with suppress(OSError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()
    except OSError as error:
        return unwritten(error)
    return end.code if isinstance(end.code, int) else 0 if end.code is None else 1


def unwritten(error: OSError) -> int:
    """Say that standard output took nothing more; gives the exit status."""
    from landcheck.bounded import reason

    _discard()
    note("landcheck: " + say("output-not-written", LANG, reason=reason(error)))
    return 4


def _discard() -> None:
    """What is left in the buffer goes nowhere: Python would try to write it once more at its end, and complain."""
    if not isinstance(sys.stdout, Closed):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """A line on standard error; where nothing can be written there, the exit status alone tells."""
    with suppress(OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def failure(write: Callable[[], None]) -> LandcheckError | None:
    """What went wrong with files of a report, to be raised once it was printed; wrong usage is raised at once."""
    try:
        write()
    except UsageError:
        raise
    except LandcheckError as error:
        return error
    return None


@contextmanager
def guarded() -> Iterator[None]:
    """Whatever stops the run ends it with one clear message and the status of the contract, never with a traceback."""
    try:
        with interruptible():
            yield
    except LandcheckError as error:
        note(f"landcheck: {error.say(LANG)}")
        raise typer.Exit(error.exit_status) from None
    except MemoryError:
        note(f"landcheck: {say('out-of-memory', LANG)}")
        raise typer.Exit(4) from None
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if os.environ.get("LANDCHECK_TRACEBACK"):
            traceback.print_exc()
        note(f"landcheck: {_unforeseen(error)}")
        raise typer.Exit(4) from None


@contextmanager
def interruptible() -> Iterator[None]:
    """An interruption ends the run with one line and its status."""
    try:
        yield
    except KeyboardInterrupt as stop:
        interrupted(stop)
        raise typer.Exit(INTERRUPTED) from None


def interrupted(stop: KeyboardInterrupt) -> None:
    """Say what became of the run; a second interruption changes nothing any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = stop.args[0] if stop.args else Message("interrupted")
    note(f"landcheck: {told.say(LANG)}")


def _unforeseen(error: Exception) -> str:
    """What the system refused is told as such; everything else is a fault of ours."""
    if not (isinstance(error, OSError) and error.errno):
        return say("internal-error", LANG, kind=type(error).__name__, reason=str(error))
    from landcheck.bounded import reason

    return say("system-refused", LANG, file=error.filename or os.curdir, reason=reason(error))


def _heard(unraisable: sys.UnraisableHookArgs) -> None:
    """An interruption that came while Python tidied up, and would be lost with a traceback, is raised again."""
    if unraisable.exc_type is KeyboardInterrupt:
        signal.raise_signal(signal.SIGINT)
    else:
        sys.__unraisablehook__(unraisable)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _shown(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(SUBSTITUTES.get(character, "?") for character in text), error.end
