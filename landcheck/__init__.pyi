from landcheck.api import *  # noqa: F403
from landcheck.api import __all__ as __all__
