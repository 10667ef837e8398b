"""The evidence for a coordinate system: what is taken, what is refused, and what is said."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from landcheck.errors import UsageError
from landcheck.geometry.area import area_m2
from landcheck.geometry.crs import systems
from landcheck.geometry.crs.frame import frame
from landcheck.geometry.shapes.batch import of_objects
from landcheck.model import Level, Subject

LOCAL = "+proj=tmerc +lat_0=0 +lon_0=121.464444444444 +k=1 +x_0=-238.172 +y_0=-3457059.924 +ellps=GRS80 +units=m"
# a parcel at 121.6 E, 31.2 N as each system draws it
AT_120 = (652_000.0, 3_453_500.0, 652_200.0, 3_453_700.0)
AT_123 = (366_000.0, 3_453_500.0, 366_200.0, 3_453_700.0)
ZONE_40 = (40_652_000.0, 3_453_500.0, 40_652_200.0, 3_453_700.0)
DEGREES = (121.600, 31.200, 121.602, 31.202)


def esri(code):
    """As a .prj file says it: without a code."""
    return pyproj.CRS(code).to_wkt("WKT1_ESRI")


def settle(wkt, bounds, declared=None, driver="ESRI Shapefile"):
    settled = frame(wkt, declared, bounds, driver, Subject("layer", "parcels"), "a.shp")
    for finding in settled.findings:
        assert finding.rule == "data/crs"
        for lang in ("zh", "en"):
            said = finding.message.say(lang)
            assert "a.shp" in said
            assert "{" not in said
    return settled


def codes(settled):
    return [(finding.level, finding.message.code.removeprefix("data-crs-")) for finding in settled.findings]


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        ("EPSG:4549", AT_120),
        ("EPSG:4550", AT_123),
        ("EPSG:4528", ZONE_40),
        ("EPSG:4490", DEGREES),
        ("EPSG:4326", DEGREES),
        ("EPSG:2263", (985_000.0, 200_000.0, 985_300.0, 200_300.0)),
    ],
)
def test_a_prj_without_a_code_is_recognised(code, bounds):
    settled = settle(esri(code), bounds)
    assert (settled.label, settled.usable, codes(settled)) == (code, True, [])


def test_a_local_grid_by_its_parameters_is_used_as_it_is():
    settled = settle(None, (12_900.0, -4_000.0, 13_100.0, -3_800.0), LOCAL)
    assert settled.usable
    assert codes(settled) == []
    assert settled.label is not None
    assert "121.46" in settled.label


def test_without_any_word_nothing_is_assumed():
    for bounds, hint in (
        (AT_120, "metres"),
        (DEGREES, "degrees"),
        (ZONE_40, "zone"),
        ((10.0, -900.0, 400.0, 0.0), "local"),
    ):
        settled = settle(None, bounds)
        assert not settled.usable
        assert settled.known is None
        assert codes(settled) == [(Level.WARNING, "missing")]
        assert settled.findings[0].message.values["hint"].code == f"data-crs-hint-{hint}"
    assert codes(settle("", None)) == [(Level.WARNING, "missing")]


@pytest.mark.parametrize(
    ("code", "bounds", "driver", "why"),
    [
        ("EPSG:4490", AT_120, "ESRI Shapefile", "metres-as-degrees"),
        ("EPSG:4326", AT_120, "GeoJSON", "geojson-metres"),
        ("OGC:CRS84", AT_120, "Parquet", "metres-as-degrees"),
        # a plot of 60 by 40 metres near the origin of a local grid, which no plot is in degrees
        ("EPSG:4326", (10.0, 20.0, 70.0, 60.0), "Parquet", "too-wide"),
        ("EPSG:4549", DEGREES, "ESRI Shapefile", "degrees-as-metres"),
        ("EPSG:4490", (31.2, 121.6, 31.201, 121.602), "ESRI Shapefile", "swapped-degrees"),
        ("EPSG:4549", (3_453_500.0, 652_000.0, 3_453_700.0, 652_200.0), "ESRI Shapefile", "swapped-plane"),
        ("EPSG:4549", ZONE_40, "ESRI Shapefile", "zone-present"),
        ("EPSG:4528", AT_120, "ESRI Shapefile", "zone-absent"),
        ("EPSG:4529", ZONE_40, "ESRI Shapefile", "zone-other"),
        ("EPSG:4549", (9e7, 1e7, 9.1e7, 1.1e7), "ESRI Shapefile", "impossible"),
        # 上海平面坐标, kilometres and feet for metres, and a place 15 degrees south of the country
        ("EPSG:4549", (-15_900.0, -15_000.0, -15_700.0, -14_800.0), "GeoJSON", "local-numbers"),
        ("EPSG:32651", (-15_900.0, -15_000.0, -15_700.0, -14_800.0), "GeoJSON", "local-numbers"),
        ("EPSG:4549", (656.0, 3453.0, 656.2, 3453.2), "GeoJSON", "local-numbers"),
        ("EPSG:4549", (2_152_231.0, 11_328_740.0, 2_152_900.0, 11_329_400.0), "GeoJSON", "out-of-area"),
        ("EPSG:4549", (500_000.0, 1_000_000.0, 500_200.0, 1_000_200.0), "GeoJSON", "out-of-area"),
    ],
)
def test_what_the_coordinates_contradict_is_an_error_and_gives_no_area(code, bounds, driver, why):
    settled = settle(esri(code), bounds, driver=driver)
    assert not settled.usable
    assert settled.known is None
    assert codes(settled) == [(Level.ERROR, why)]


def test_a_zone_number_against_its_own_meridian_is_an_error():
    wrong = "+proj=tmerc +lat_0=0 +lon_0=123 +x_0=40500000 +ellps=GRS80 +units=m"
    settled = settle(None, ZONE_40, wrong)
    assert codes(settled) == [(Level.ERROR, "zone-meridian")]
    # six-degree zone 21 has the meridian 123
    assert settle(esri("EPSG:4499"), (21_366_000.0, 3_453_500.0, 21_366_200.0, 3_453_700.0)).usable


@pytest.mark.parametrize(("code", "north"), [("EPSG:3857", 3_660_000.0), ("EPSG:3395", 3_637_000.0)])
def test_mercator_has_areas_on_the_ellipsoid_and_none_on_its_plane(code, north):
    """Its areal scale at 31.2 N is 1.37: 1 / cos² 31.2° = 1.3668."""
    settled = settle(esri(code), (13_536_000.0, north, 13_537_000.0, north + 1000))
    assert settled.usable
    assert settled.plane is None
    assert codes(settled) == []


@pytest.mark.parametrize(
    ("declared", "at"),
    [
        ("+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass", AT_120),
        ("+proj=tmerc +lat_0=31.23 +lon_0=121.47 +ellps=krass", (1000.0, 2000.0, 1100.0, 2100.0)),
        (pyproj.CRS("+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass").to_wkt(), AT_120),
        ("EPSG:2437", AT_120),
        ("EPSG:2056", (2_642_600.0, 1_205_400.0, 2_642_700.0, 1_205_500.0)),
    ],
)
def test_a_system_on_another_ellipsoid_has_its_plane(declared, at):
    settled = settle(None, at, declared)
    assert not settled.usable
    assert settled.plane == settled.known
    assert codes(settled) == [(Level.WARNING, "other-datum")]
    shape = of_objects(np.array([shapely.box(at[0], at[1], at[0] + 100, at[1] + 100)]))
    assert area_m2(shape, settled, "planar").tolist() == [10_000.0]
    assert np.isnan(area_m2(shape, settled, "ellipsoidal")).all()


def test_no_code_is_given_to_a_system_that_the_user_named_by_its_parameters():
    krassovsky = "+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass"
    assert settle(None, AT_120, krassovsky).label == krassovsky
    assert settle(None, AT_120, "2437").label == "EPSG:2437"


@pytest.mark.parametrize("code", ["EPSG:2437", "EPSG:2385"])
def test_beijing_54_and_xian_80_are_not_shifted_by_guess(code):
    settled = settle(esri(code), AT_120)
    assert not settled.usable
    assert codes(settled) == [(Level.WARNING, "other-datum")]


def test_parameters_that_the_user_binds_make_beijing_54_usable():
    bound = "+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0"
    settled = settle(esri("EPSG:2437"), AT_120, bound)
    assert settled.usable
    assert codes(settled) == [(Level.WARNING, "declared-wins")]


def test_parameters_that_the_file_binds_make_it_usable_and_its_name_is_short():
    bound = "+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0"
    for stated in (pyproj.CRS(bound).to_json(), pyproj.CRS(bound).to_wkt(), pyproj.CRS(bound).to_wkt("WKT1_GDAL")):
        settled = settle(stated, AT_120)
        assert settled.usable
        assert settled.findings == ()
        assert settled.label.startswith("+proj=tmerc")
        assert len(settled.label) < 150


def test_a_likeness_is_one_of_the_ellipsoid_too():
    krassovsky = "+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass"
    settled = settle(pyproj.CRS(krassovsky).to_wkt(), AT_120)
    assert [f.message.values.get("alike") for f in settled.findings] == [["EPSG:2437"], None]


def test_a_renamed_datum_is_used_by_its_parameters_and_its_likeness_named():
    renamed = esri("EPSG:4549").replace("D_China_2000", "D_Unknown")
    settled = settle(renamed, AT_120)
    assert settled.usable
    assert codes(settled) == [(Level.WARNING, "resembles")]
    assert settled.findings[0].message.values["alike"] == ["EPSG:4549"]
    assert codes(settle(renamed, AT_120, "4549")) == []


def test_the_user_wins_over_the_file_and_is_told():
    settled = settle(esri("EPSG:4549"), AT_123, "EPSG:4550")
    assert (settled.label, codes(settled)) == ("EPSG:4550", [(Level.WARNING, "declared-wins")])
    assert codes(settle(esri("EPSG:4549"), AT_120, "4549")) == []


def test_a_file_that_cannot_say_it_is_an_error_unless_the_user_does():
    assert codes(settle("GEOGCS[nonsense", AT_120)) == [(Level.ERROR, "unreadable")]
    assert settle("GEOGCS[nonsense", AT_120, "4549").usable


@pytest.mark.parametrize("text", ["", "EPSG:999999", "Shanghai", "5773", "+proj=nothing"])
def test_what_the_user_says_must_be_a_system(text):
    with pytest.raises(UsageError):
        settle(None, AT_120, text)


def test_a_neighbouring_meridian_is_suspected_but_a_foreign_layer_is_not():
    settled = settle(esri("EPSG:4548"), AT_120)
    assert (settled.usable, settled.known, codes(settled)) == (False, None, [(Level.ERROR, "elsewhere")])
    declared = settle(esri("EPSG:4548"), AT_120, "EPSG:4548")  # somebody vouches for it
    assert (declared.usable, codes(declared)) == (True, [(Level.WARNING, "elsewhere")])
    assert codes(settle(esri("EPSG:25832"), (500_000.0, 5_400_000.0, 500_200.0, 5_400_200.0))) == []
    assert codes(settle(esri("EPSG:4549"), (520_000.0, 4_000_000.0, 520_200.0, 4_000_200.0))) == []


def test_a_named_local_system_has_places_but_no_ellipsoid():
    settled = settle('LOCAL_CS["上海2000",UNIT["metre",1]]', (0.0, 0.0, 900.0, 900.0))
    assert not settled.usable
    assert settled.known is not None
    assert codes(settled) == [(Level.WARNING, "local")]


NAMED = pyproj.CRS(LOCAL).to_wkt().replace('PROJCRS["unknown"', 'PROJCRS["上海2000"')
AT_LOCAL = (12_900.0, -4_000.0, 13_100.0, -3_800.0)
SHOWN = "+proj=tmerc +lat_0=0 +lon_0=121.464444444444 +k=1 +x_0=-238.172 +y_0=-3457059.924 +ellps=GRS80 +units=m"


@pytest.mark.parametrize(
    ("stated", "label"),
    [
        (NAMED, f"上海2000 ({SHOWN})"),
        (pyproj.CRS(NAMED).to_json(), f"上海2000 ({SHOWN})"),
        (NAMED.replace("上海2000", "unnamed"), SHOWN),  # so GDAL calls what a MapInfo table holds
        (pyproj.CRS(LOCAL).to_json(), SHOWN),
        (NAMED.replace("上海2000", "上海" * 600), f"{'上海' * 29}上… ({SHOWN})"),
        ('LOCAL_CS["工地坐标",UNIT["metre",1]]', "工地坐标"),
        (pyproj.CRS("OGC:CRS84").to_wkt(), "WGS 84 (CRS84)"),
    ],
)  # fmt: skip
def test_a_system_without_a_code_is_called_by_its_name_and_its_parameters(stated, label):
    for given in ((stated, None), (None, stated)):
        assert settle(given[0], AT_LOCAL if "上" in label or label == SHOWN else DEGREES, given[1]).label == label


def test_what_is_no_system_is_quoted_shortly():
    with pytest.raises(UsageError) as refused:
        settle(None, AT_120, "PROJCS[" + "nonsense" * 200)
    assert len(refused.value.message.say("en")) < 250


DERIVED = (
    f'DERIVEDPROJCRS["工地坐标",BASE{pyproj.CRS("EPSG:4549").to_wkt().split(",CS[")[0]}],'
    'DERIVINGCONVERSION["turned",METHOD["Similarity transformation",ID["EPSG",9621]],'
    'PARAMETER["Ordinate 1 of evaluation point in target CRS",-600000,LENGTHUNIT["metre",1],ID["EPSG",8621]],'
    'PARAMETER["Ordinate 2 of evaluation point in target CRS",-3450000,LENGTHUNIT["metre",1],ID["EPSG",8622]],'
    'PARAMETER["Scale factor for source CRS axes",1,SCALEUNIT["unity",1],ID["EPSG",1061]],'
    'PARAMETER["Rotation angle of source CRS axes",0.1,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8614]]],'
    'CS[Cartesian,2],AXIS["(X)",east],AXIS["(Y)",north],LENGTHUNIT["metre",1]]'
)  # fmt: skip


@pytest.mark.parametrize("stated", [DERIVED, pyproj.CRS(DERIVED).to_json()])
def test_a_derived_system_is_refused_as_what_it_is(stated):
    settled = settle(stated, AT_LOCAL)
    assert (settled.label, settled.usable, settled.plane) == ("工地坐标", False, None)
    assert codes(settled) == [(Level.WARNING, "derived")]
    assert settled.findings[0].message.values["base"] == "EPSG:4549"
    with pytest.raises(UsageError) as refused:
        settle(None, AT_LOCAL, stated)
    assert "EPSG:4549" in refused.value.message.say("zh")


def test_what_is_no_map_is_not_called_local():
    settled = settle(pyproj.CRS("EPSG:4978").to_wkt(), (-2_865_000.0, 4_654_000.0, -2_864_000.0, 4_655_000.0))
    assert (settled.known, codes(settled)) == (None, [(Level.WARNING, "no-map")])


def test_kilometres_are_named():
    in_km = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=km"
    at = tuple(value / 1000 for value in AT_120)
    settled = settle(pyproj.CRS(in_km).to_wkt(), at)
    assert settled.usable
    assert codes(settled) == [(Level.WARNING, "unit")]
    assert "kilometres (1 is 1000 m)" in settled.findings[0].message.say("en")
    shape = of_objects(np.array([shapely.box(652.0, 3453.5, 652.1, 3453.6)]))
    assert area_m2(shape, settled, "planar") == pytest.approx([10_000], rel=1e-9)
    # metres and kilometres are two systems
    assert (Level.WARNING, "declared-wins") in codes(settle(pyproj.CRS(in_km).to_wkt(), AT_120, "4549"))


@pytest.mark.parametrize("code", ["EPSG:4549", "EPSG:4528", "EPSG:4490", "EPSG:2437"])
def test_what_is_written_in_a_recognised_system_carries_its_code(code):
    assert systems.coded(pyproj.CRS(esri(code))).to_json_dict()["id"] == {"authority": "EPSG", "code": int(code[5:])}
    for stated in (LOCAL, "+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +ellps=krass"):
        assert "id" not in systems.coded(pyproj.CRS(stated)).to_json_dict()
