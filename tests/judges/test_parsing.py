from __future__ import annotations

import json

import parsing


def test_vnu_errors_and_warnings_are_heard_and_remarks_are_not() -> None:
    kinds = [
        {"type": "error"},
        {"type": "info", "subType": "warning"},
        {"type": "info"},
        {"type": "non-document-error"},
    ]
    messages = [{**kind, "url": "file:/a%20b/%E5%9C%B0.html", "message": "x"} for kind in kinds]
    said = list(parsing.of_vnu(json.dumps({"messages": messages})))
    assert said == [("地.html", "error: x"), ("地.html", "warning: x"), ("地.html", "non-document-error: x")]


def test_a_sarif_result_without_a_level_is_a_warning() -> None:
    place = [{"physicalLocation": {"artifactLocation": {"uri": "file:///r/plan-en.sarif"}}}]
    results = [
        {"ruleId": "SARIF1", "message": {"id": "Warning_X", "arguments": ["runs[0]"]}, "locations": place},
        {"ruleId": "SARIF2", "level": "note", "message": {"text": "small"}, "locations": place},
        {"ruleId": "JSON1", "level": "error", "message": {"text": "broken"}},
    ]
    calls = [{"toolExecutionNotifications": [
        {"descriptor": {"id": "ERR"}, "level": "error", "message": {"text": "died"}}]}]  # fmt: skip
    said = list(parsing.of_sarif(json.dumps({"runs": [{"results": results, "invocations": calls}]})))
    assert said == [("plan-en.sarif", "SARIF1: Warning_X runs[0]"), ("", "JSON1: broken"), ("", "ERR: died")]


def test_office_validators_that_refuse_without_a_word_object_all_the_same() -> None:
    assert list(parsing.of_open_xml('{"file": "r/a.docx", "ok": false, "errors": []}'))
    assert list(parsing.of_open_xml('{"file": "r/a.docx", "ok": true, "errors": []}')) == []
    error = {"errorType": "Schema", "description": "no such element"}
    told = json.dumps({"file": "r/a.docx", "ok": False, "errors": [error]})
    assert list(parsing.of_open_xml(told)) == [("a.docx", "Schema: no such element")]
    assert list(parsing.of_audit('[{"file": "r/a.docx", "valid": false, "errors": []}]'))
    worded = '[{"file": "r/a.xlsx", "valid": true, "errors": [{"severity": "warning", "description": "odd"}]}]'
    assert list(parsing.of_audit(worded)) == [("a.xlsx", "warning: odd")]


def test_a_file_that_is_no_json_is_an_objection() -> None:
    told = {"status": "fail", "errors": [{"filename": "r/a.json", "path": "$.x", "message": "is wrong"}],
            "parse_errors": [{"filename": "r/b.json", "message": "cannot be read"}]}  # fmt: skip
    assert list(parsing.of_schema(json.dumps(told))) == [
        ("a.json", "$.x: is wrong"), ("b.json", "unreadable: cannot be read"),
    ]  # fmt: skip


def test_axe_names_the_rule_and_where() -> None:
    rule = {"id": "label", "help": "Needs a label", "nodes": [{"target": ["#a", "b"]}, {"target": ["i"]}]}
    assert list(parsing.of_axe({"violations": [rule]})) == ["label: Needs a label: #a b (2)"]


def test_lines_are_plain() -> None:
    assert list(parsing.of_lines("\x1b[31mworkflow.yml:3:1: odd\x1b[0m\n\n")) == ["workflow.yml:3:1: odd"]
