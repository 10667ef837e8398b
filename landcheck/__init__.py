"""landcheck: parcels against the land clauses of Shanghai policy 沪府规〔2021〕9号.

>>> from landcheck import Request, check, write_files            # doctest: +SKIP
>>> report = check(Request("parcels.shp", {"parks": "parks.shp"}))  # doctest: +SKIP
>>> write_files(report, ["report.json"], "en")                   # doctest: +SKIP

What is public stands in ``landcheck.api``, which is loaded when one of its names is first used, so that ``import
landcheck`` stays light; its types stand in the stub beside this file.
"""


def __getattr__(name):
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec(f"{__name__}.{name}") is None:  # else a module of the package, which import finds by itself
        api = import_module("landcheck.api")
        if name == "__all__" or name in api.__all__:
            return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    from landcheck.api import __all__ as public

    return public
