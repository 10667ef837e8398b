"""What an undetermined verdict wants for in words: facts that are missing, and cells whose value cannot be used."""

from __future__ import annotations

from functools import lru_cache

from landcheck.messages import Lang, Text, say
from landcheck.report.content import labels

COMMON = 1024  # sentences, made once, that many findings may have in common

Names = tuple[str, ...]


@lru_cache(maxsize=COMMON)
def wanting(per: str, missing: Names, unreadable: Names, lang: Lang) -> str:
    """Why the verdict is open; empty where no field is named."""
    said = []
    if unreadable:
        said.append(say("report-unreadable", lang, fields=_cells(per, unreadable, lang)))
    if absent := _absent(missing, unreadable):
        said.append(say("report-lacking", lang, fields=[labels.missing_field(per, name, lang) for name in absent]))
    return labels.JOIN[lang].join(said)


@lru_cache(maxsize=COMMON)
def supply(per: str, missing: Names, unreadable: Names, evidence: Text, lang: Lang) -> str:
    """The cells to correct, and the documents to supply: the rule's own evidence where no field is named."""
    said = []
    if unreadable:
        said.append(say("report-correct", lang, fields=_cells(per, unreadable, lang)))
    documents = labels.documents(per, _absent(missing, unreadable), lang)
    if not documents and not unreadable:
        documents = (evidence.say(lang),)
    if documents:
        said.append(say("report-supply", lang, documents=labels.JOIN[lang].join(documents)))
    return labels.JOIN[lang].join(said)


def _absent(missing: Names, unreadable: Names) -> Names:
    return tuple(name for name in missing if name not in unreadable)


def _cells(per: str, names: Names, lang: Lang) -> Names:
    return tuple(labels.named_field(per, name, lang) for name in names)
