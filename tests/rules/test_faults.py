"""One faulty pack for each kind of fault, named with file and key in both languages; and many faults at once."""

# ruff: noqa: E501 - one fault a line, so that they read as a table

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck.errors import PackError, UsageError
from landcheck.rulebook import load_pack, pack_names

LIVING, FAR, TERM, PACK = "living-15.toml", "far-industrial.toml", "term-50.toml", "pack.toml"
SURPLUS, ROOF, GREEN, STOCK = "surplus-transfer.toml", "roof-greening.toml", "green-balance.toml", "stock-approval.toml"
CASES = "living-15.cases.toml"
LIVING_CASE = 'name   = {zh = "生活配套正好15%", en = "living exactly 15 %"}\n'

ONE_FAULT = [
    # file, what stands there, what stands there instead, code, key
    (LIVING, "用于零售", "用於零售", "pack-quote-not-in-text", "clause.quote"),
    (LIVING, 'number = "五(二)"', 'number = "五(三)"', "pack-section-unknown", "clause"),
    (LIVING, 'words  = "不超过"', 'words  = "以内"', "pack-word-not-in-quote", "clause.words"),
    (LIVING, 'words  = "不超过"', 'words  = ["不超过", "比例"]', "pack-word-unknown", "clause.words"),
    (LIVING, 'words  = "不超过"\n', "", "pack-key-missing", "require[1].words"),
    (LIVING, "at_most = 15", "at_least = 15", "pack-word-contradicts", "require[1].words"),
    (FAR, 'words  = ["可以", "以上"]', 'words  = "可以"', "pack-word-lacking", "require[1].at_least"),
    (FAR, 'words  = ["可以", "以上"]', 'words  = "以上"', "pack-permission-unsettled", "clause.quote"),
    (LIVING, "at_most = 15", "at_most = 30", "pack-limit-not-in-quote", "require[1].at_most"),
    (LIVING, 'unit    = "percent"', 'unit    = "1"', "pack-limit-not-in-quote", "require[1].at_most"),
    (LIVING, 'unit    = "percent"', 'unit    = "%"', "pack-choice", "require[1].unit"),
    (FAR, 'unit     = "1"', 'unit     = "m2"', "pack-unit", "require[1].unit"),
    (LIVING, "at_most = 15", 'at_most = "15"', "pack-value-kind", "require[1].at_most"),
    (LIVING, "at_most = 15", "at_most = nan", "pack-value-kind", "require[1].at_most"),
    (LIVING, "at_most = 15", "at_most = 15\nequals  = 15", "pack-one-comparison", "require[1]"),
    (LIVING, "at_most = 15\n", "", "pack-one-comparison", "require[1]"),
    (LIVING, 'measure = "living_share"', 'measure = "living_shares"', "pack-name-unknown", "require[1].measure"),
    (LIVING, 'measure = "living_share"', 'measure = "uncovered_m2"', "pack-name-unknown", "require[1].measure"),
    (LIVING, 'measure = "living_share"', 'measure = "single_use"', "pack-comparison-kind", "require[1].at_most"),
    (LIVING, "single_use = [true]", "single_uses = [true]", "pack-name-unknown", "applies.single_uses"),
    (LIVING, "single_use = [true]", "single_use = true", "pack-condition-values", "applies.single_use"),
    (LIVING, "single_use = [true]", "single_use = []", "pack-condition-values", "applies.single_use"),
    (LIVING, '"rd_general", "rd_project"]', '"rd_generic"]', "pack-condition-values", "applies.land_class"),
    (LIVING, "single_use = [true]", "site_area_m2 = [1]", "pack-condition-kind", "applies.site_area_m2"),
    (ROOF, 'known = ["roof_greening"]', 'known = ["roof"]', "pack-name-unknown", "applies.known"),
    (SURPLUS, 'one_of  = ["land_market"]', 'one_of  = ["market"]', "pack-choice", "require[3].one_of"),
    (STOCK, "is      = true", 'is      = "true"', "pack-value-kind", "require[1].is"),
    (LIVING, "[applies]", "[aplies]", "pack-key-unknown", "aplies"),
    (LIVING, 'per   = "parcel"', 'per   = "plot"', "pack-choice", "per"),
    (LIVING, 'id    = "living-15"', 'id    = "living-16"', "pack-id-not-file-name", "id"),
    (LIVING, ', en = "Living facilities take at most 15 % of the above-ground floor area"', "", "pack-key-missing", "title.en"),
    (LIVING, 'en = "schedule of floor area by use; building permit"', 'en = " "', "pack-value-kind", "evidence.en"),
    (LIVING, "{gap_m2} m²", "{gap_m3} m²", "pack-placeholder", "remedy"),
    (TERM, "(years too long: {gap})", "({gap_m2} too long)", "pack-placeholder", "remedy"),
    (STOCK, 'en = "obtain approval', 'en = "{limit} obtain approval', "pack-placeholder", "remedy"),
    (LIVING, "({gap} percentage points too much, that", "(that", "pack-placeholder-languages", "require[1].remedy"),
    (LIVING, "{limit}%以内", "{limit%以内", "pack-braces", "require[1].remedy.zh"),
    (TERM, '{parameter = "base_term_years"}', '{parameter = "base_term"}', "pack-parameter-unknown", "require[2].any[1].at_most"),
    (SURPLUS, 'measure = "listing"', 'name    = "land_class"\nmeasure = "listing"', "pack-requirement-twice", "require"),
    (TERM, "any = [", "at_most = 50\nany = [", "pack-any-beside", "require[2].at_most"),
    (SURPLUS, 'word   = "可通过"', 'word   = "可以"', "pack-permission-unsettled", "clause.quote"),
    (GREEN, '[[clause.aside]]\nword   = "优先"', '[[clause.asides]]\nword   = "优先"', "pack-permission-unsettled", "clause.quote"),
    (PACK, 'id     = "shanghai-2021-9"', 'id     = "shanghai-2021"', "pack-id-not-directory", "id"),
    (PACK, "issued = 2021-07-23", 'issued = "2021-07-23"', "pack-value-kind", "issued"),
    (PACK, "in_force_from  = 2021-09-01", "in_force_from  = 2021-09-02", "pack-date-not-in-quote", "in_force_from"),
    (PACK, "２０２１年９月１日起实施", "２０２１年９月２日起实施", "pack-quote-not-in-text", "in_force_quote"),
    (PACK, "until = 2026-08-31", "until = 2020-08-31", "pack-ends-before-it-begins", "validity.until"),
    (PACK, 'kind  = "presumed"', 'kind  = "none"', "pack-until-without-end", "validity.until"),
    (PACK, "until = 2026-08-31\n", "", "pack-key-missing", "validity.until"),
    (PACK, '  "term-50",\n', '  "term-50",\n  "term-50",\n', "pack-named-twice", "rules"),
    (PACK, '  "living-15",\n', "", "pack-card-unlisted", ""),
    (PACK, '  "living-15",\n', '  "living-15",\n  "living-20",\n', "pack-file-missing", ""),
    (PACK, "value  = 20", "value  = 30", "pack-limit-not-in-quote", "parameter[1].value"),
    (PACK, "出让年限原则上不超过20年", "出让年限不超过20年", "pack-word-not-in-quote", "parameter[1].words"),
    (PACK, '"提高产业用地混合比例"', '"提高产业用地混合"', "pack-text-uncovered", "left_out"),
    (PACK, '"提高产业用地混合比例"', '"提高产业用地"', "pack-quote-ambiguous", "left_out[3].quote"),
    (PACK, "in_high_tech_zone = [true]", "in_zone = [true]", "pack-name-unknown", "applies.in_zone"),
    (PACK, 'begins = "(四)推进园区绿色低碳转型"', 'begins = "(四)推进园区绿色转型"', "pack-section-not-found", "section[2]"),
    (CASES, "given  = {living_gfa_m2 = 1500}", "given  = {living_gfa = 1500}", "pack-field-unknown", "case[1].given.living_gfa"),
    (CASES, "given  = {living_gfa_m2 = 1500}", "given  = {living_gfa_m2 = [1500]}", "pack-case-value", "case[1].given.living_gfa_m2"),
    (CASES, LIVING_CASE + 'kind   = "at_limit"', LIVING_CASE + 'kind   = "at"', "pack-choice", "case[1].kind"),
    (CASES, LIVING_CASE, LIVING_CASE + 'without = ["far"]\n', "pack-case-without", "case[1].without"),
    (CASES, LIVING_CASE, LIVING_CASE + 'parks = [{park_id = "K1"}]\n', "pack-case-layers", "case[1].parks"),
    (CASES, LIVING_CASE, LIVING_CASE + "set = {base_term = 3}\n", "pack-parameter-unknown", "case[1].set.base_term"),
    (CASES, LIVING_CASE, LIVING_CASE + 'expects = "pass"\n', "pack-key-unknown", "case[1].expects"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "key"), [(line[:3], *line[3:]) for line in ONE_FAULT])
def test_the_fault_is_told_with_file_and_key(copy, edit, faults, change, code, key):
    edit(*change)
    found = faults(copy)
    assert code in {fault.code for fault in found}
    fault = next(fault for fault in found if fault.code == code)
    assert key in fault.values.get("key", "")
    for lang in ("zh", "en"):
        assert fault.values["file"] in fault.say(lang)
        assert fault.values.get("key", "") in fault.say(lang)


def test_a_key_that_stands_twice(copy, edit, faults):
    edit(LIVING, "at_most = 15", "at_most = 15\nat_most = 16")
    assert ("pack-toml", "shanghai-2021-9/living-15.toml") in {(f.code, f.values["file"]) for f in faults(copy)}


def test_a_single_way_is_no_alternative(copy, faults):
    path = copy / TERM
    path.write_text(
        "".join(line for line in path.read_text(encoding="utf-8").splitlines(True) if '"recognition"' not in line)
        .replace('["可按照", "认定"]', '["可按照"]'), encoding="utf-8",
    )  # fmt: skip
    assert [(f.code, f.values["key"]) for f in faults(copy)] == [("pack-any-single", "require[2].any")]


def test_a_card_without_cases(copy, faults):
    (copy / CASES).unlink()
    assert [(f.code, f.values["file"]) for f in faults(copy)] == [("pack-file-missing", f"shanghai-2021-9/{CASES}")]


def test_cases_without_a_card(copy, faults):
    (copy / "living-20.cases.toml").write_text("", encoding="utf-8")
    assert [f.code for f in faults(copy)] == ["pack-cases-without-card"]


def test_a_file_that_is_not_utf8(copy, faults):
    (copy / LIVING).write_bytes((copy / LIVING).read_text(encoding="utf-8").encode("gb18030"))
    assert "pack-not-utf8" in {f.code for f in faults(copy)}


def test_the_text_itself_missing(copy, faults):
    (copy / "policy.txt").unlink()
    assert "pack-file-missing" in {f.code for f in faults(copy)}


def test_a_header_that_cannot_be_read_does_not_hide_the_faults_of_the_cards(copy, edit, faults):
    edit(PACK, 'issuer = "', "issuer = ")
    edit(LIVING, 'per   = "parcel"', 'per   = "plot"')
    assert {"pack-toml", "pack-choice"} <= {f.code for f in faults(copy)}


def test_the_shared_words_keep_their_meaning(copy, faults):
    (copy / "vocabulary.toml").write_text(
        '["以上"]\ncompare = "at_most"\nnote = {zh = "甲", en = "a"}\n', encoding="utf-8"
    )
    assert "pack-word-twice" in {f.code for f in faults(copy)}


def test_a_word_without_meaning(copy, faults):
    (copy / "vocabulary.toml").write_text('["约"]\nnote = {zh = "甲", en = "a"}\n', encoding="utf-8")
    assert [f.code for f in faults(copy)] == ["pack-word-empty"]


def test_a_pack_may_bring_its_own_words(copy, edit):
    (copy / "vocabulary.toml").write_text(
        '["比例,不超过"]\ncompare = "at_most"\nnote = {zh = "甲", en = "a"}\n', encoding="utf-8"
    )
    edit(LIVING, 'words  = "不超过"', 'words  = "比例,不超过"')
    assert load_pack(str(copy)).rules[7].clause.words == ("比例,不超过",)


def test_all_faults_of_all_files_at_once(copy, edit, faults):
    edit(LIVING, "at_most = 15", "at_most = 16")
    edit(LIVING, "single_use = [true]", "single_uses = [true]")
    edit(FAR, "工业用地容积率可以２．０以上", "工业用地容积率应当２．０以上")
    edit(PACK, 'issuer = "上海市人民政府"\n', "")
    edit(CASES, LIVING_CASE, "")
    found = {(f.code, f.values["file"], f.values["key"]) for f in faults(copy)}
    assert found >= {
        ("pack-limit-not-in-quote", "shanghai-2021-9/living-15.toml", "require[1].at_most"),
        ("pack-name-unknown", "shanghai-2021-9/living-15.toml", "applies.single_uses"),
        ("pack-quote-not-in-text", "shanghai-2021-9/far-industrial.toml", "clause.quote"),
        ("pack-key-missing", "shanghai-2021-9/pack.toml", "issuer"),
        ("pack-key-missing", "shanghai-2021-9/living-15.cases.toml", "case[1].name"),
    }


def test_the_error_lists_its_faults_line_by_line(copy, edit):
    edit(LIVING, "at_most = 15", "at_most = 16")
    with pytest.raises(PackError) as caught:
        load_pack(str(copy))
    first, second = caught.value.say("zh").splitlines()
    assert "shanghai-2021-9" in first
    assert "living-15.toml" in second


def test_an_unknown_pack_names_those_there_are():
    with pytest.raises(UsageError) as caught:
        load_pack("qqqqqq")
    assert not isinstance(caught.value, PackError)
    for name in pack_names():
        assert name in caught.value.say("en")
    with pytest.raises(UsageError) as near:
        load_pack("shanghai-2031-9")
    assert near.value.say("en").endswith("there are: shanghai-2021-9, shanghai-2021-6, shanghai-2025-28")


def test_a_directory_that_is_no_pack(tmp_path: Path):
    with pytest.raises(UsageError) as caught:
        load_pack(str(tmp_path))
    assert "pack.toml" in caught.value.say("zh")


def test_a_matter_that_is_not_in_the_list(copy, edit, faults):
    edit(LIVING, 'matter = "living"', 'matter = "leaving"')
    (fault,) = faults(copy)
    assert fault.code == "pack-matter-unknown"
    assert "far" in fault.say("en")


def test_a_pack_may_bring_its_own_matters_but_not_relabel_the_shared_ones(copy, edit, faults):
    (copy / "vocabulary.toml").write_text('[matters]\nleaving = {zh = "去", en = "leaving"}\n', encoding="utf-8")
    edit(LIVING, 'matter = "living"', 'matter = "leaving"')
    rule = load_pack(str(copy)).rules[7]
    assert (rule.matter, rule.matter_label.en) == ("leaving", "leaving")
    (copy / "vocabulary.toml").write_text('[matters]\nleaving = {zh = "去", en = "a"}\nfar = {zh = "远", en = "far"}\n')
    assert [f.code for f in faults(copy)] == ["pack-matter-twice"]
