"""How a health band looks: the short name its colours and glyph carry, and its word.

The bands themselves belong to scoring; pages of every app draw them, so their look lies here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class BandLook:
    """CSS name (`y-…`, `#b-…`) and word of a band."""

    css: str
    word: str | Promise


NOT_ENOUGH_DATA = BandLook("nodata", _("Not enough data"))
BAND_LOOKS = {
    "critical": BandLook("critical", _("Critical")),
    "at_risk": BandLook("risk", _("At risk")),
    "steady": BandLook("steady", _("Steady")),
    "expansion": BandLook("expansion", _("Expansion")),
    "not_enough_data": NOT_ENOUGH_DATA,
}


def band_look(band: str | None) -> BandLook:
    """Find the look of a band; no band means not enough data.

    :raises KeyError: if the band is unknown.
    """
    return BAND_LOOKS[band] if band else NOT_ENOUGH_DATA
