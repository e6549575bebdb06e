"""Write what the customers' own systems say in numbers, month by month."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from config.demo.load import Member, at
from scoring.models import Measurement

MONTHS = 6
#: Key, lowest and highest value at first, and by how much it grows where the product is used.
SERIES = (("plants_live", 1, 6, 0.06), ("hours_saved", 20, 160, 0.10))


def load_measurements(members: Sequence[Member]) -> None:
    """Insert the readings of customers that tell them: those of tiers A and B that are tracked."""
    Measurement.objects.bulk_create(
        [
            row
            for member in members
            if member.story.tier in "ab" and member.story.life.tracked and member.story.seats
            for row in _readings(member)
        ],
        batch_size=2000,
    )


def _readings(member: Member) -> Iterator[Measurement]:
    rng = random.Random(f"{member.story.key}:measurements")  # noqa: S311 - must be repeatable
    life = member.story.life
    used = life.share if life.share_now is None else life.share_now
    for key, low, high, growth in SERIES:
        start, change = rng.uniform(low, high), growth * (used - 0.3)
        for ago in range(MONTHS, 0, -1):
            day = member.today - dt.timedelta(days=30 * ago - 3)
            if day < member.first or (member.ended and day >= member.ended):
                continue
            value = max(0.0, start * (1 + change) ** (MONTHS - ago))
            yield Measurement(
                account=member.account,
                key=key,
                value=float(round(value)),
                measured_at=at(day, 6),
                recorded_at=at(day, 7),
            )
