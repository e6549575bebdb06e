"""What makes one customer differ from another: how they use, talk, pay, ask and answer."""

import random
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Temperament:
    """How a customer lives with the product.

    :param share: share of licensed users active in four weeks while all is well, 0–1.
    :param days: share of working days on which an active user signs in, 0–1.
    :param share_now: the share it has drifted to by today; equal to `share` when nothing changed.
    :param turned: days ago at which the drift began.
    :param pace: how much of the drift is done by today; above 1 it was complete some time ago.
    :param stopped: days since the last event of any kind, 0 when they still come.
    :param lull: days ago at which a quiet season began and ended that led to nothing.
    :param dip_months: months in which use falls by two thirds (a season, not a risk).
    :param talk_gap: usual days between two-way talks; 0 means none are held.
    :param last_talk: days since the last two-way talk; None follows from the gap.
    :param late: usual days between due date and payment.
    :param open_late: days an invoice is unpaid beyond its due date today, 0 for none.
    :param tickets: tickets a month.
    :param open_critical: days a critical ticket has been open, 0 for none.
    :param roles: share of required roles filled.
    :param nps: usual answer to the recommendation question; None for customers never asked.
    """

    share: float = 0.58
    days: float = 0.6
    share_now: float | None = None
    turned: int = 60
    pace: float = 1.25
    stopped: int = 0
    lull: tuple[int, int] = (0, 0)
    dip_months: tuple[int, ...] = ()
    talk_gap: int = 60
    last_talk: int | None = None
    late: int = 0
    open_late: int = 0
    tickets: float = 0.4
    open_critical: int = 0
    roles: float = 0.75
    nps: int | None = 7
    tracked: bool = True


EXPANDING = Temperament(share=0.86, days=0.85, talk_gap=24, roles=1.0, tickets=0.2, nps=9)
STEADY = Temperament(share=0.44, days=0.52, talk_gap=52, late=5, nps=8)
FADING = Temperament(
    share=0.55, days=0.55, share_now=0.2, turned=70, talk_gap=60, last_talk=95, late=14,
    tickets=0.9, roles=0.5, nps=6,
)  # fmt: skip
DYING = Temperament(
    share=0.4, days=0.35, share_now=0.03, turned=150, talk_gap=90, last_talk=190, late=30,
    open_late=40, tickets=1.2, roles=0.25, nps=3,
)  # fmt: skip
SILENT_SOURCE = Temperament(stopped=15, talk_gap=80, roles=0.5, nps=None)
RECORDS_ONLY = Temperament(tracked=False, talk_gap=45, late=2, nps=8)
NOTHING_KNOWN = Temperament(
    tracked=False, talk_gap=0, roles=0.0, nps=None, tickets=0.0, late=-1
)  # fmt: skip

_MIX = (
    (0.21, EXPANDING),
    (0.66, STEADY),
    (0.78, FADING),
    (0.81, DYING),
    (0.89, SILENT_SOURCE),
    (0.93, NOTHING_KNOWN),
    (1.00, RECORDS_ONLY),
)


def draw_temperament(rng: random.Random, *, cadence_days: int) -> Temperament:
    """Return a temperament from the book's mix, varied a little.

    :param cadence_days: the touch model's cadence; talks follow it closely or loosely.
    """
    point = rng.random()
    chosen = next(temperament for limit, temperament in _MIX if point <= limit)
    if cadence_days == 0:
        chosen = replace(chosen, talk_gap=0, last_talk=None)
    elif chosen.talk_gap:
        chosen = replace(
            chosen,
            talk_gap=max(7, round(chosen.talk_gap * cadence_days / 45)),
            last_talk=chosen.last_talk
            and round(chosen.last_talk * cadence_days / 45 * rng.uniform(0.6, 1.3)),
        )
    return replace(
        chosen,
        share=min(0.97, max(0.05, chosen.share + rng.uniform(-0.1, 0.1))),
        days=min(0.97, max(0.1, chosen.days + rng.uniform(-0.12, 0.12))),
        turned=max(14, round(chosen.turned * rng.uniform(0.6, 1.5))),
        tickets=chosen.tickets * rng.uniform(0.4, 1.6),
    )
