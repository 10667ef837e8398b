"""What all algorithms share: layers and columns in, one run of landcheck, its words and its exit status out."""

from __future__ import annotations

import html
import shlex
import tempfile
from pathlib import Path
from typing import Any, Callable

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterString,
)

from .landcheck_process import NotAskedError, ProgramAnswer, program, run
from .plugin_texts import language, say
from .project_layers import Computed, ProjectLayer, chosen, exported

PROGRAM = "LANDCHECK_PROGRAM"
"""The setting that says where landcheck is."""
ANSWERED = (0, 1, 3)
"""Exit statuses of a run that gave an answer, whatever it says of the parcels."""
PAGE = "<!DOCTYPE html>\n<html><head><meta charset='utf-8'></head><body><pre>{}</pre></body></html>\n"
COMPANIONS = ("parks", "zones", "green", "buildings")
Ask = Callable[..., ProgramAnswer]
MAPPED = 3
"""Columns of the table of fields: field, column or expression, unit."""


class LandcheckAlgorithm(QgsProcessingAlgorithm):
    """One command. A subclass names it, adds parameters, gives the words of the call and what came of it."""

    COMMAND = ""
    ROLES: tuple[str, ...] = ("parcels", *COMPANIONS, "attributes")

    def __init__(self) -> None:
        super().__init__()
        self._layers: dict[str, ProjectLayer] = {}

    def name(self) -> str:
        """The command's own name."""
        return self.COMMAND

    def displayName(self) -> str:  # noqa: N802 - here and below as QGIS calls them
        """Its name in the toolbox."""
        return say(f"qgis-name-{self.COMMAND}")

    def shortHelpString(self) -> str:  # noqa: N802
        """The text beside its dialogue."""
        return html.escape(say(f"help-{self.COMMAND}")) + "<br><br>" + html.escape(say("qgis-help"))

    def createInstance(self) -> Any:  # noqa: N802
        """A new one, as QGIS asks for it before each run."""
        return type(self)()

    def initAlgorithm(self, _configuration: object = None) -> None:  # noqa: N802
        """The parameters: layers, those of the command, those of reading, results."""
        for role in self.ROLES:
            text, optional = say(f"help-{role}"), role != "parcels"
            self.addParameter(QgsProcessingParameterFeatureSource(
                role.upper(), text, [QgsProcessing.TypeVector], None, optional))  # fmt: skip
        self.add_own()
        heads = [say(f"qgis-map-{head}") for head in ("field", "column", "unit")]
        table = QgsProcessingParameterMatrix("MAP", say("qgis-map"), 0, headers=heads, optional=True)
        self.addParameter(table)
        self.add_advanced(QgsProcessingParameterFile("CONFIG", say("qgis-config"), extension="toml", optional=True))
        self.add_advanced(QgsProcessingParameterString("OPTIONS", say("qgis-options"), "", optional=True))
        self.add_results()
        self.addOutput(QgsProcessingOutputNumber("EXIT_STATUS", say("qgis-exit-status")))

    def add_own(self) -> None:
        """Add the parameters of the command."""

    def add_results(self) -> None:
        """Add what the command writes: a page, and the same as JSON."""
        self.add_file("HTML", say("qgis-html"), "html")
        self.add_file("JSON", say("qgis-json"), "json", made=False)

    def add_advanced(self, parameter: Any) -> None:
        """A parameter that is folded away."""
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
        self.addParameter(parameter)

    def add_file(self, name: str, text: str, suffixes: str, *, made: bool = True) -> None:
        """A file that the command may write; ``made``: a temporary one where the user names none."""
        wanted = ";;".join(f"{suffix.upper()} (*.{suffix})" for suffix in suffixes.split())
        self.addParameter(QgsProcessingParameterFileDestination(name, text, wanted, None, True, made))

    def prepareAlgorithm(self, parameters: Any, context: Any, _feedback: Any) -> bool:  # noqa: N802
        """Look at the layers, in the thread that owns them."""
        for role in self.ROLES:
            given = parameters.get(role.upper())
            if given in (None, ""):
                continue
            source = self.parameterAsSource(parameters, role.upper(), context)
            layer = self.parameterAsVectorLayer({role.upper(): _inner(given)}, role.upper(), context)
            if source is None or layer is None:
                raise QgsProcessingException(self.invalidSourceError(parameters, role.upper()))
            self._layers[role] = chosen(role, given, layer, source)
        return True

    def processAlgorithm(self, parameters: Any, context: Any, feedback: Any) -> dict[str, Any]:  # noqa: N802
        """Run the command. QgsProcessingException with its own words where it gave no answer."""
        with tempfile.TemporaryDirectory(prefix="qgis-landcheck-") as folder:
            words = [self.COMMAND, *self._inputs(parameters, Path(folder), context, feedback)]
            words += self.call(parameters, context)
            if config := self.parameterAsFile(parameters, "CONFIG", context):
                words += ["--config", config]
            words += _words(self.parameterAsString(parameters, "OPTIONS", context))
            words += ["--lang", language()]

            def ask(*more: str) -> ProgramAnswer:
                return self._ask([*words, *more], folder, feedback)

            return self.results(ask, parameters, context)

    def call(self, _parameters: Any, _context: Any) -> list[str]:
        """The command's own words."""
        return []

    def results(self, ask: Ask, parameters: Any, context: Any) -> dict[str, Any]:
        """What came of it, by the names of the outputs; ``ask`` runs the command with further words.

        Nothing is written before the last run has ended, and nothing where one was cancelled.
        """
        paths = {name: self.parameterAsFileOutput(parameters, name, context) for name in ("HTML", "JSON")}
        answer = ask("--output-format", "plain")
        texts = {"HTML": PAGE.format(html.escape(answer.out))}
        if paths["JSON"] and answer.status is not None:
            answer = ask("--output-format", "json")
            texts["JSON"] = answer.out
        if answer.status is None:
            return {}
        files = {name: path for name, path in paths.items() if path}
        for name, path in files.items():
            Path(path).write_bytes(texts[name].encode("utf-8"))
        return {"EXIT_STATUS": answer.status, **files}

    def _ask(self, words: list[str], folder: str, feedback: Any) -> ProgramAnswer:
        """One run; what landcheck says on the way is shown."""
        try:
            called = [*program((ProcessingConfig.getSetting(PROGRAM) or "").strip()), *words]
            feedback.pushCommandInfo(" ".join(map(shlex.quote, called)))
            answer = run(called, folder, feedback.isCanceled, feedback.setProgress)
        except NotAskedError as error:
            raise QgsProcessingException(str(error)) from None
        if answer.status is not None and answer.status not in ANSWERED:
            raise QgsProcessingException("\n".join(answer.told) or say("qgis-no-answer", status=answer.status))
        for line in answer.told:
            feedback.pushInfo(line)
        return answer

    def _inputs(self, parameters: Any, folder: Path, context: Any, feedback: Any) -> list[str]:
        """The layers and columns as words of the command line; what is no plain file is exported first."""
        maps, computed = self._maps(parameters, context)
        words: list[str] = []
        for role, one in self._layers.items():
            if one.file and role not in computed:
                file, inner = one.file, one.inner
            else:
                file, inner = str(exported(one, folder / role, computed.get(role, []), context, feedback)), ""
            words += [file] if role == "parcels" else [f"--{role}", file]
            words += ["--layer", inner] if inner and role == "parcels" else []
        return [*words, *(word for text in maps for word in ("--map", text))]

    def _maps(self, parameters: Any, context: Any) -> tuple[list[str], dict[str, list[Computed]]]:
        """Lines of ``--map``; what is no column of any layer is an expression, whose column is made in the export."""
        cells = [str(cell or "").strip() for cell in self.parameterAsMatrix(parameters, "MAP", context)]
        maps: list[str] = []
        computed: dict[str, list[Computed]] = {}
        for at in range(0, len(cells) - len(cells) % MAPPED, MAPPED):
            field, column, unit = cells[at : at + MAPPED]
            if not field and not column:
                continue
            if column and not any(column in one.columns for one in self._layers.values()):
                role, _, last = field.rpartition(".")
                made = Computed(f"landcheck_{last}", column)
                computed.setdefault(role if role in self._layers else "parcels", []).append(made)
                column = made.column
            maps.append(f"{field}={column}" + (f":{unit}" if unit else ""))
        return maps, computed


def _inner(given: Any) -> Any:
    """The layer itself, where a parameter says more about it."""
    return given.source.staticValue() if isinstance(given, QgsProcessingFeatureSourceDefinition) else given


def _words(text: str) -> list[str]:
    """Words as on a command line; a backslash is one, as in paths of Windows. QgsProcessingException."""
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        return list(lexer)
    except ValueError:
        raise QgsProcessingException(say("qgis-quotes", text=text)) from None
