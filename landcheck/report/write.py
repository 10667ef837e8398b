"""Report files: each of them whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from landcheck.bounded import reason
from landcheck.errors import LandcheckError, UsageError
from landcheck.messages import Lang, Message, Text
from landcheck.model import Report
from landcheck.report.options import Options, Show
from landcheck.report.output_formats import Format, format_named, format_of_file
from landcheck.request import Request
from landcheck.temporary import Folder

Draw = Callable[[Path], None]
LANGUAGES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}


@dataclass(frozen=True, slots=True)
class Destination:
    """A file to be written: as the user named it, where it really lies, and its format."""

    given: str
    path: Path
    format: Format


def inputs_of(request: Request) -> list[str]:
    """Every file that a run reads: no report is written over one."""
    from landcheck.exceptions.register import area_files

    return [*request.paths, *(area_files(request.waivers) if request.waivers else [])]


def render(report: Report, name: str, options: Options) -> Iterator[str]:
    """The report for standard output, piece by piece; the caller prints. UsageError for a format not meant for it."""
    return (piece if isinstance(piece, str) else piece.decode("utf-8") for piece in pieces(report, name, options))


def pieces(report: Report, name: str, options: Options) -> Iterator[str | bytes]:
    """As ``render``; what is in UTF-8 already stays so."""
    made: Iterator[str | bytes] = format_named(name).load()(in_language(report, options.lang), options)
    return made


def in_language(report: Report, lang: Lang) -> Report:
    """The report; of a saved one a notice, the first, of what of it stays in another language, and said only once."""
    if report.saved_in in (None, lang):
        return report
    kept = (*report.notices, *(fault.message for fault in report.data), *(n for i in report.inputs for n in i.notes))
    count = sum(message.said is not None for message in kept)
    notice = Message("saved-in-language", {"count": count, "language": LANGUAGES[report.saved_in]})
    return replace(report, notices=(notice, *report.notices), saved_in=None) if count else report


def destinations(
    paths: Sequence[str | Path], inputs: Sequence[str | Path] = (), format_of: Callable[[str], Format] = format_of_file
) -> tuple[Destination, ...]:
    """The files asked for, once it is sure that each may be written: call it before the work begins. UsageError."""
    taken = {_real(Path(path)) for path in inputs}
    found: dict[str, Destination] = {}
    for given in map(str, paths):
        if not given:
            raise UsageError("output-no-name")
        path, entry = Path(os.path.realpath(given)), format_of(Path(given).name)
        try:
            _check_place(given, path, entry)
        except OSError as error:  # a name that is too long, a folder that may not be looked into
            raise UsageError("report-not-written", file=given, reason=reason(error)) from error
        if taken & {_real(part) for part in _parts(path, entry)}:
            raise UsageError("report-target-is-input", file=given)
        if entry.how == "folder" and any(
            _real(path) in {_real(folder) for folder in Path(file).parents} for file in taken
        ):
            raise UsageError("report-target-is-input", file=given)
        if entry.is_input and taken & {_real(folder) for folder in path.parents}:
            raise UsageError("ci-target-in-input", file=given)
        if _real(path) in found:
            raise UsageError("report-target-twice", file=given)
        _refuse_confusion(given, path, entry)
        found[_real(path)] = Destination(given, path, entry)
    return tuple(found.values())


def write_files(
    report: Report,
    paths: Sequence[str | Path],
    lang: Lang,
    show: Show = "findings",
    inputs: Sequence[str | Path] = (),
    *,
    keep_geometry: bool = False,
    headroom: bool = True,
) -> None:
    """Write the report to each path, in the format of its suffix, never over one of ``inputs``.

    With ``keep_geometry`` a JSON file holds the shapes too, so that maps and layers can be made of it later, with
    ``headroom`` what may still be built on every parcel, where the report has it. UsageError as in
    ``destinations``, otherwise as ``write_all``.
    """
    options = Options(lang, show, keep_geometry=keep_geometry, headroom=headroom)
    report = in_language(report, lang)
    write_all([(to, partial(_draw, to.format, report, options)) for to in destinations(paths, inputs)])


def write_all(drawn: Sequence[tuple[Destination, Draw]]) -> None:
    """Each file whole, or not at all; ``Draw`` writes a file to the path it is given.

    Each is first drawn in a hidden folder beside its destination, one for all that lie together, and only when all of
    them are there are they moved into place; whatever stops the run takes that folder away, and where it is killed the
    next run that writes there. One that fails takes no other with it: LandcheckError, naming those that failed, when
    the others are written; its own error where only one was asked for.
    """
    failed = list[LandcheckError]()
    with ExitStack() as stack:
        made = stack.enter_context(ExitStack())
        drafts_of, staged = _Drafts(stack, made), list[tuple[tuple[Path, ...], Destination]]()
        for to, draw in drawn:
            with _failing(to, failed, alone=len(drawn) == 1):
                staged.append((_stage(drafts_of, to, draw), to))
        undo = stack.enter_context(ExitStack())
        for drafts, to in staged:
            with _failing(to, failed), ExitStack() as own:
                _place(drafts, to, own)
                undo.push(own.pop_all())
        undo.pop_all()
    if len(failed) > 1:
        each = [Message("report-failed", error.message.values) for error in failed]
        raise LandcheckError("reports-not-written", reports=each)
    if failed:
        raise failed[0]


@contextmanager
def _failing(to: Destination, failed: list[LandcheckError], *, alone: bool = False) -> Iterator[None]:
    """Whatever goes wrong with one report is kept until the others are written."""
    try:
        yield
    except Exception as error:
        if alone and not isinstance(error, OSError):
            raise
        failed.append(_refused(to, error))


class _Drafts:
    """The hidden folder of each folder that is written to; folders that are not there are made."""

    def __init__(self, stack: ExitStack, made: ExitStack) -> None:
        self._stack, self._made = stack, made
        self._of: dict[Path, Path] = {}
        self._count = 0

    def beside(self, path: Path) -> Path:
        """An empty folder of its own for the drafts of one report."""
        if path.parent not in self._of:
            for parent in reversed([parent for parent in path.parents if not parent.exists()]):
                parent.mkdir(exist_ok=True)
                self._made.callback(_drop, parent)
            self._of[path.parent] = Path(self._stack.enter_context(Folder(path.parent)))
        self._count += 1
        own = self._of[path.parent] / str(self._count)
        own.mkdir()
        return own


def _stage(drafts_of: _Drafts, to: Destination, draw: Draw) -> tuple[Path, ...]:
    # A folder rather than a temporary file: the report keeps its own name inside (a layer is named after its file),
    # may consist of several files, and gets the permissions any new file gets.
    folder = drafts_of.beside(to.path)
    try:
        draw(folder / to.path.name)
        drafts = tuple(sorted(folder.iterdir()))
        for draft in drafts:
            _on_disk(draft)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # room on the disk for the other reports
        raise
    return drafts


def _place(drafts: Sequence[Path], to: Destination, undo: ExitStack) -> None:
    """Move the files of one report to where they belong, and older parts of it away; ``undo`` takes all that back.

    One file takes the place of another at once. Of several, the old ones go first, what they are opened by before all
    others, and the new one of that kind comes last: whoever is killed on the way leaves no mixture of both.
    """
    new = {to.path.parent / draft.name: draft for draft in drafts}
    old = [part for part in _parts(to.path, to.format) if part.exists() and part not in new]
    targets = sorted((*new, *old), key=lambda part: (part.suffix != to.path.suffix, part != to.path, part))
    for target in targets:
        before = drafts[0].with_name(f"{target.name}.before")
        if target.is_dir() or (target.exists() and len(targets) > 1):
            target.rename(before)
            undo.callback(_put_back, before, target)
        elif target.exists():
            shutil.copy2(target, before)
            undo.callback(shutil.move, before, target)
        else:
            undo.callback(_remove, target)
    for target in reversed([target for target in targets if target in new]):
        new[target].replace(target)


def _drop(folder: Path) -> None:
    """Take a folder of ours away; what somebody else put there meanwhile stays."""
    with suppress(OSError):
        folder.rmdir()


def _remove(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def _put_back(before: Path, target: Path) -> None:
    _remove(target)
    before.rename(target)


def _parts(path: Path, entry: Format) -> tuple[Path, ...]:
    """All files a report at that path may consist of, and what a program that has it open keeps beside it."""
    beside = (Path(f"{path}{ending}") for ending in entry.beside)
    return (path, *(path.with_name(path.stem + ending) for ending in entry.parts), *beside)


def _draw(entry: Format, report: Report, options: Options, draft: Path) -> None:
    if entry.how in ("files", "folder"):
        entry.load()(report, options, draft)
        return
    with draft.open("wb") as file:
        for piece in _encoded(entry, report, options):
            file.write(piece)


def _on_disk(draft: Path) -> None:
    for file in draft.iterdir() if draft.is_dir() else (draft,):
        with file.open("r+b") as opened:
            os.fsync(opened.fileno())


def _encoded(entry: Format, report: Report, options: Options) -> Iterator[bytes]:
    # The byte order mark stands at the beginning alone. A lone surrogate (a name no code page could read) is written
    # as \udc80, which JSON reads back as the same character.
    encoding = entry.encoding
    for piece in entry.load()(report, options):
        yield piece if isinstance(piece, bytes) else piece.encode(encoding, "backslashreplace")
        encoding = entry.encoding.removesuffix("-sig")


def _check_place(given: str, path: Path, entry: Format) -> None:
    folder = entry.how == "folder"
    if folder and path.exists() and not (path.is_dir() and entry.load("ours")(path)):
        raise UsageError("report-target-not-ours", file=given)
    if not folder and path.exists() and not path.is_file():
        raise UsageError("report-target-not-a-file", file=given)
    there = next(parent for parent in path.parents if parent.exists())
    if not there.is_dir():
        raise UsageError("report-folder-missing", file=given)
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError("report-folder-unwritable", file=given)


def _refuse_confusion(given: str, path: Path, entry: Format) -> None:
    """UsageError where a part of the report differs from a file that is there by the case of its name alone."""
    if not entry.parts or not path.parent.exists():
        return
    parts = {part.name.casefold(): part for part in _parts(path, entry)}
    for other in sorted(path.parent.iterdir(), key=lambda file: (file.suffix.lower() != ".shp", file.name)):
        part = parts.get(other.name.casefold())
        if part and part.name != other.name and not (part.exists() and part.samefile(other)):
            raise UsageError("output-case-differs", file=given, other=other.name)


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _refused(to: Destination, error: Exception) -> LandcheckError:
    why = error.message if isinstance(error, LandcheckError) else reason(error)
    return LandcheckError("report-not-written", file=to.given, reason=why)
