"""A call of the command line that cannot be carried out, said in the language of the run."""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

from landcheck.cli.console import LANG, note
from landcheck.messages import say


def refuse_call(wrong: Any) -> NoReturn:
    """Say what is wrong with the call, how it is written and where the help is; ends the run with its status."""
    context = getattr(wrong, "ctx", None)
    if LANG == "en" or type(wrong).__name__ == "NoArgsIsHelpError":
        wrong.show()
        sys.exit(wrong.exit_code)
    if context is not None:
        usage = " ".join(context.command.collect_usage_pieces(context)).replace("[OPTIONS]", say("call-options", LANG))
        note(say("call-usage", LANG, command=context.command_path, usage=usage))
    note(say("call-wrong", LANG, fault=_fault(wrong)))
    sys.exit(wrong.exit_code)


def _fault(wrong: Any) -> str:
    """The fault in words; one of a kind that is not foreseen in those of the library."""
    name, values = type(wrong).__name__, {"message": wrong.format_message()}
    parameter = getattr(wrong, "param", None)
    if parameter is not None:
        values["option"] = (
            "/".join(parameter.opts) if parameter.param_type_name == "option" else parameter.make_metavar(wrong.ctx)
        )
    if name == "NoSuchOption":
        near = "、".join(wrong.possibilities or ())
        values |= {"option": wrong.option_name, "near": say("call-near", LANG, names=near) if near else ""}
        return say("call-no-option", LANG, option=values["option"], near=values["near"])
    if name == "MissingParameter" and parameter is not None:
        return say("call-missing", LANG, option=values["option"])
    if name == "BadParameter" and parameter is not None:
        choices = getattr(parameter.type, "choices", None)
        words = [str(getattr(one, "value", one)) for one in choices or ()]
        known = say("call-choices", LANG, known=words) if words else say("call-number", LANG)
        return say("call-bad-value", LANG, option=values["option"], known=known)
    if name == "BadOptionUsage":
        return say("call-no-value", LANG, option=wrong.option_name)
    if command := re.match(r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", values["message"]):
        near = say("call-near", LANG, names=command[2].replace("'", "")) if command[2] else ""
        return say("call-no-command", LANG, command=command[1], near=near)
    return say("call-other", LANG, message=values["message"])
