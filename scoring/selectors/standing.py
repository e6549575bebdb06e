"""Why the band of an account is not simply that of its measures: the gate, the recovery rule."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from config.lib import formats
from scoring.domain.bands import EXPANSION
from scoring.domain.definition import Rollup
from scoring.domain.rollup import critical_children_gate
from scoring.selectors.labels import gate_text


def gate_words(gate: Mapping[str, str] | None, critical_share: float | None) -> str:
    """Return what a stored gate says; without one, that critical children cap their parent."""
    if gate is not None:
        return gate["text_ja" if formats.is_japanese() else "text_en"]
    rollup = Rollup() if critical_share is None else Rollup(critical_share=critical_share)
    return gate_text(critical_children_gate(rollup))


def held_words(state: int, let_go: float) -> str:
    """Say when the recovery rule will let go of a band that the score alone would not have."""
    if state < EXPANSION:
        words = _("Band kept until the score reaches %(bar)s on two days in a row")
    else:
        words = _("Band kept until the score is below %(bar)s")
    return words % {"bar": formats.number(let_go)}
