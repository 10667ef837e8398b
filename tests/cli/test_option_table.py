"""One table of options: what is derived from it is whole, and what is told twice would be seen here."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from landcheck.cli import app, config, invocation
from landcheck.cli.option_table import DELIVERY, QUESTIONS, options_of, parameters
from landcheck.errors import UsageError
from landcheck.messages import LANGUAGES, template
from landcheck.request import OPTIONS, Request

# What no user says by an option: the argument itself, what commands ask of their own, and the size of a batch.
UNASKED = {"parcels", "only", "supposed", "batch_rows"}
GOOD = {"path": '"x"', "text": '"x"', "list": '["x"]', "date": "2026-06-30", "number": "2", "switch": "true",
        "off": "false", "amount": "0.5"}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _all_commands() -> None:
    for name in app.COMMANDS:
        app._load(name)


def test_every_field_of_a_request_is_filled_by_an_option_of_the_table() -> None:
    assert {option.field or option.name for option in OPTIONS} == {one.name for one in fields(Request)} - UNASKED


def test_every_option_belongs_to_commands_that_there_are_and_has_a_help_text() -> None:
    assert {command.split()[0] for command in invocation.COMMANDS} == set(app.COMMANDS)
    for option in (*QUESTIONS, *OPTIONS, *DELIVERY):
        assert option.commands
        assert set(option.commands) <= set(invocation.COMMANDS), option
        code = option.help or "help-" + option.name.replace("_", "-")
        assert all(template(code, lang) for lang in LANGUAGES)


def test_no_command_has_two_options_of_one_name() -> None:
    for command in invocation.COMMANDS:
        assert set(Counter(option.name for option in options_of(command)).values()) == {1}, command
        assert [parameter.name for parameter in parameters(command)] == [one.name for one in options_of(command)]


@pytest.mark.parametrize("key", config.KEYS)
def test_every_key_of_the_configuration_takes_its_kind_of_value_and_no_other(key: str, tmp_path: Path) -> None:
    file = tmp_path / "landcheck.toml"
    file.write_text(f"{key} = {GOOD[config.KEYS[key].form]}\n", encoding="utf-8")
    assert set(config.load(str(file)).options) == {key}
    wrong = "true" if config.KEYS[key].form == "amount" else "1.5"
    file.write_text(f"{key} = {wrong}\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        config.load(str(file))
    assert error.value.message.code == "config-wrong-value"
