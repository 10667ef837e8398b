"""What the SQL engines are asked: the columns of the city as facts, the nine rules on them, findings and counts.

NULL is unknown, and AND and OR are Kleene's. Every query is one that DuckDB and sedonadb both take. A script names its
table ``parcels`` and what its engine calls a sound shape and an area on the ellipsoid.
"""

from __future__ import annotations

IDS = (
    "term-50", "far-industrial", "far-rd-general", "stock-approval", "stock-no-premium", "surplus-transfer",
    "mixed-use-30", "living-15", "roof-greening",
)  # fmt: skip
WORDS = ("pass", "review", "undetermined", "fail", "not_applicable")
AS_OF, IN_FORCE = "DATE '2026-06-30'", "DATE '2021-09-01'"
LEAST_M2, WIDTH_M = 0.1, 0.01  # what two parcels must share more of to be told of, and how wide it must be on average

# where land_class is 0 to 4 and so on: the order of the field's values in landcheck
LAND_CLASS = {"产业项目类工业用地": 0, "标准厂房类工业用地": 1, "通用类研发用地": 2, "产业项目类研发用地": 3, "其他": 4}
RECOGNITION = {"国家战略类产业项目": 0, "市级战略性重点产业项目": 1, "无": 4}
CHANNEL = {"土地交易市场": 0, "其他": 1}
LISTING = {"带产业项目": 0, "其他": 1}
TRANSFEREE = {"园区平台": 0, "其他": 2}

FACTS = """
SELECT "DKBH" AS parcel, {geometry} AS shape, {sound} AS sound,
  true AS in_high_tech_zone, coalesce("PZRQ", {as_of}) AS approval_date,
  {land_class} AS land_class, {recognition} AS recognition, "CRNQ" AS term_years,
  coalesce("YDMJ", CASE WHEN {sound} THEN {area} END) AS site_area_m2, "JRMJ" AS far_gfa_m2, "RJL" AS far,
  "DSJZMJ" AS above_ground_gfa_m2, "QTCYMJ" AS other_industry_gfa_m2, "SHPTMJ" AS living_gfa_m2,
  coalesce("SFDYYT" = '是', true) AS single_use, coalesce("SFCL" = '是', false) AS is_stock, "TGQRJL" AS far_before,
  "DXJZMJ" AS underground_gfa_m2, "ZJQDXJZMJ" AS underground_gfa_before_m2, "TRSFPZ" = '是' AS increase_approved,
  "ZSTDJK" AS extra_land_price_cny, coalesce("SFJYBF" = '是', false) AS is_surplus_part,
  "FHFGTJ" = '是' AS subdivision_permitted, {channel} AS transfer_channel, {listing} AS listing,
  {transferee} AS transferee, "WDLH" = '是' AS roof_greening
FROM parcels
"""
MEASURED = """
SELECT *, is_stock AND industrial AND (ratio > far_before * (1 + 1e-9)
    OR underground_gfa_m2 > underground_gfa_before_m2 * (1 + 1e-9)) AS stock,
  (other_industry_gfa_m2 + living_gfa_m2) / whole AS other_share, living_gfa_m2 / whole AS living_share
FROM (SELECT *,
  coalesce(CASE WHEN site_area_m2 > 0 THEN far_gfa_m2 / site_area_m2 END, far) AS ratio,
  CASE WHEN above_ground_gfa_m2 > 0 THEN above_ground_gfa_m2 END AS whole,
  in_high_tech_zone AND approval_date >= {day} AS base,
  land_class IN (0, 1) AS industrial
FROM {facts}) AS first_step
"""
# when a rule applies, what it requires, what a broken one is called, and what is measured
RULES = [
    ("land_class = 0", "term_years <= 50 * (1 + 1e-9) AND (recognition < 4 OR term_years <= 20 * (1 + 1e-9))", 3,
     "term_years"),
    ("industrial", "ratio >= 2 * (1 - 1e-9)", 3, "ratio"),
    ("land_class = 2", "ratio >= 3 * (1 - 1e-9)", 3, "ratio"),
    ("stock", "increase_approved", 3, "NULL"),
    ("stock AND increase_approved", "extra_land_price_cny = 0", 3, "extra_land_price_cny"),
    ("is_surplus_part",
     "land_class = 0 AND subdivision_permitted AND transfer_channel = 0 AND listing = 0 AND transferee < 2", 3, "NULL"),
    ("land_class <= 3 AND single_use", "other_share <= 0.3 * (1 + 1e-9)", 3, "other_share"),
    ("land_class <= 3 AND single_use", "living_share <= 0.15 * (1 + 1e-9)", 3, "living_share"),
    ("roof_greening IS NOT NULL", "roof_greening", 1, "NULL"),
]  # fmt: skip
VERDICT = """
CASE WHEN base AND {applies} THEN CASE WHEN {holds} THEN 0 WHEN NOT ({holds}) THEN {broken} ELSE 2 END
     WHEN NOT (base AND {applies}) THEN 4 ELSE 2 END::TINYINT AS r{number}
"""
KEPT = "parcel, sound, term_years, ratio, extra_land_price_cny, other_share, living_share"
SOLID = "SELECT parcel, shape FROM judged WHERE sound"
# a materialised step between: an engine that measures within the join measures pairs that only touch, or all there are
TOUCHING = """
SELECT a.parcel AS parcel, b.parcel AS other, a.shape AS shape, b.shape AS other_shape
FROM solid AS a JOIN solid AS b ON ST_Intersects(a.shape, b.shape)
WHERE a.parcel < b.parcel
"""
COMMON = "SELECT parcel, other, ST_Intersection(shape, other_shape) AS common FROM {meeting}"
SHARED = f"""
SELECT parcel, other, m2 FROM (SELECT parcel, other, ST_Area(common) AS m2, ST_Perimeter(common) AS around FROM common)
WHERE m2 > {LEAST_M2} AND 2 * m2 > {WIDTH_M} * around
"""  # noqa: S608 - made of the constants above


def verdicts() -> str:
    """The columns r0 to r8 over ``MEASURED``."""
    return ", ".join(
        VERDICT.format(applies=f"({applies})", holds=holds, broken=broken, number=number)
        for number, (applies, holds, broken, _) in enumerate(RULES)
    )


def judged(geometry: str, sound: str, area: str, *, shapes: bool) -> str:
    """Every parcel with what was measured, its verdicts and, where asked for, its shape."""
    facts = FACTS.format(
        geometry=geometry, sound=sound, area=area, as_of=AS_OF, land_class=_coded("YDLX", LAND_CLASS),
        recognition=_coded("RDLX", RECOGNITION), channel=_coded("ZRQD", CHANNEL), listing=_coded("GPFS", LISTING),
        transferee=_coded("SRFLX", TRANSFEREE),
    )  # fmt: skip
    shape = ", shape" if shapes else ""
    measured = MEASURED.format(facts=f"({facts}) AS facts", day=IN_FORCE)
    return f"SELECT {KEPT}, {verdicts()}{shape} FROM ({measured}) AS measured"  # noqa: S608 - as above


def counted() -> str:
    """One line: of each rule how many parcels have each verdict."""
    cells = (f"count(*) FILTER (WHERE r{rule} = {word})" for rule in range(len(IDS)) for word in range(len(WORDS)))
    return f"SELECT {', '.join(f'{cell} AS c{at}' for at, cell in enumerate(cells))} FROM judged"  # noqa: S608 - as above


def findings(*, overlaps: bool) -> str:
    """What is not passed, one line each: rule, parcel, verdict, what was measured, and the other parcel."""
    words = " ".join(f"WHEN {code} THEN '{word}'" for code, word in enumerate(WORDS))
    parts = [
        f"SELECT '{rule}' AS rule, parcel, CASE r{at} {words} END AS verdict, "  # noqa: S608 - as above
        f"CAST({RULES[at][3]} AS DOUBLE) AS measured, CAST(NULL AS VARCHAR) AS other "
        f"FROM judged WHERE r{at} IN (1, 2, 3)"
        for at, rule in enumerate(IDS)
    ]
    parts.append("SELECT 'data/geometry', parcel, 'fail', NULL, NULL FROM judged WHERE NOT sound")
    if overlaps:
        parts.append("SELECT 'data/overlap', parcel, 'fail', m2, other FROM shared")
    return " UNION ALL ".join(parts)


def by_rule(counts: list[int]) -> dict[str, dict[str, int]]:
    """The line of ``counted`` by rule and verdict."""
    size = len(WORDS)
    return {rule: dict(zip(WORDS, counts[at * size : (at + 1) * size], strict=True)) for at, rule in enumerate(IDS)}


def _coded(column: str, codes: dict[str, int]) -> str:
    return f'CASE "{column}" {" ".join(f"WHEN {word!r} THEN {code}" for word, code in codes.items())} END'
