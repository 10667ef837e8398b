"""Proofs that a card says what the law says: the quote stands in the text, the words in the quote, the number too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from landcheck.measures import Measure
from landcheck.model import Clause, Modality, Parameter, Requirement, Test
from landcheck.rulebook.lawtext import GAP, UNITS, fold, stands
from landcheck.rulebook.tables import TomlTable
from landcheck.rulebook.vocabulary import Matters, Vocabulary


@dataclass(frozen=True, slots=True)
class LawSource:
    """What cards are proven against: the folded text of each section, words, parameters, measures and matters."""

    sections: Mapping[str, str]
    vocabulary: Vocabulary
    parameters: Mapping[str, Parameter]
    measures: Mapping[str, Measure]
    matters: Matters = field(default_factory=dict)


def prove_quote(table: TomlTable, number: str, quote: str, source: LawSource) -> None:
    """The quote stands in the section of that number, once, so that it is clear which words are meant.

    A section that is itself not to be found (a fault of pack.toml) is empty and proves nothing.
    """
    if not number or not quote or not source.sections or source.sections.get(number) == "":
        return
    if number not in source.sections:
        table.fault("pack-section-unknown", "", number=number, sections=list(source.sections))
        return
    times = source.sections[number].count(fold(quote))
    if times != 1:
        code = "pack-quote-not-in-text" if times == 0 else "pack-quote-ambiguous"
        table.fault(code, "quote", number=number, quote=quote)


def prove_words(table: TomlTable, words: Iterable[str], quote: str, source: LawSource) -> None:
    """Each word is in the vocabulary and stands in the quote."""
    for word in words:
        if word not in source.vocabulary:
            table.fault("pack-word-unknown", "words", word=word)
        if quote and fold(word) not in fold(quote):
            table.fault("pack-word-not-in-quote", "words", word=word, quote=quote)


def prove_comparisons(table: TomlTable, requirement: Requirement, source: LawSource) -> None:
    """Each word means a comparison that is made, and each comparison is meant by a word."""
    spoken = {test.operator for test in requirement.any if not _own_words(test, source)}
    for word in requirement.words:
        meant = source.vocabulary[word].compare if word in source.vocabulary else ()
        if meant and not spoken.intersection(meant):
            table.fault("pack-word-contradicts", "words", word=word, means=list(meant), used=sorted(spoken))
            return
    for test in requirement.any:
        words = _own_words(test, source) or requirement.words
        known = [source.vocabulary[word].compare for word in words if word in source.vocabulary]
        if len(known) == len(words) and not any(test.operator in meant for meant in known):
            table.fault("pack-word-lacking", test.operator.value, words=list(words), used=test.operator.value)


def prove_limit(table: TomlTable, test: Test, words: tuple[str, ...], quote: str, source: LawSource) -> None:
    """A number stands in the quote with its unit, or is the number a word holds; a parameter is proven by itself."""
    if test.number is None or test.parameter or test.unit not in UNITS or not quote:
        return
    if any(source.vocabulary[w].number == test.number for w in words if w in source.vocabulary):
        return
    if not stands(test.number, test.unit, quote):
        table.fault("pack-limit-not-in-quote", test.operator.value, limit=test.number, unit=test.unit, quote=quote)


def prove_asides(table: TomlTable, clause: Clause, used: Iterable[str], source: LawSource) -> None:
    """Every word of permission in the quote is rested on by a requirement, or set aside with a reason.

    Else a card could make a duty of what the law permits by keeping silent about 可以.
    """
    rest = fold(clause.quote)
    settled = {*used, *(word for word, _ in clause.asides)}
    for word in sorted(source.vocabulary, key=len, reverse=True):
        if source.vocabulary[word].modality is Modality.MUST or fold(word) not in rest:
            continue
        rest = rest.replace(fold(word), GAP)
        if word not in settled:
            table.fault("pack-permission-unsettled", "quote", word=word)
    for word, _ in clause.asides:
        if fold(word) not in fold(clause.quote):
            table.fault("pack-word-not-in-quote", "aside", word=word, quote=clause.quote)


def prove_parameter(table: TomlTable, parameter: Parameter, vocabulary: Vocabulary) -> None:
    """The words and the number of a parameter stand in the quote of its own source."""
    source = LawSource({}, vocabulary, {}, {})
    prove_words(table, parameter.words, parameter.quote, source)
    if parameter.quote and parameter.unit in UNITS and not stands(parameter.value, parameter.unit, parameter.quote):
        table.fault(
            "pack-limit-not-in-quote", "value", limit=parameter.value, unit=parameter.unit, quote=parameter.quote
        )


def _own_words(test: Test, source: LawSource) -> tuple[str, ...]:
    parameter = source.parameters.get(test.parameter or "")
    return parameter.words if parameter else ()
