"""Who left and why, who nearly did, who pays less: what a back-test finds in the demo's past.

Customers leave after months of silence or after their champion moved on, at the end of a contract;
some signs come and go without anything happening, and some leave without a sign.
"""

import random
from dataclasses import replace
from typing import Any

from config.demo.stories import Story
from config.demo.temperaments import DYING, STEADY

#: Share of customers lost in the year and a half within which the demo lets them: 9 % a year.
LOST = 0.13
#: Steps of the golden ratio spread them evenly, so that any number of accounts loses its share.
GOLDEN = 0.618034
#: Of the others: those that went quiet for a season and came back, and those that cut down.
LULLED, SHRUNK = 0.12, 0.04
#: What led there, with how often: most fall silent, some lose their champion, few say nothing.
WAYS = (("not_adopted", 45), ("champion_left", 35), ("price", 12), ("competitor", 8))
#: A customer that cut down paid so much more the year before.
CUT = 1.25
#: Small customers leave more often than large ones: who was lost was worth so much of the others.
WORTH = 0.75


def part_or_stay(rng: random.Random, story: Story, *, number: int) -> Story:
    """Return the story with what its past holds: an end, a lull, a cut, or nothing of it.

    :param number: its place among the customers of its tier, so that each tier loses its share.
    """
    if number * GOLDEN % 1 < LOST:
        return _lose(rng, story)
    point = rng.random()
    if point < LULLED and story.since > 400:
        began = rng.randint(240, min(story.since, 600) - 60)
        return replace(story, life=replace(story.life, lull=(began, began - rng.randint(50, 110))))
    if point > 1 - SHRUNK:
        return replace(story, fields={**story.fields, "growth": CUT})
    return story


def _lose(rng: random.Random, story: Story) -> Story:
    """Let a customer leave at the end of a contract, after what led there."""
    since = 730
    churned = rng.randint(20, since - 200)
    reason = rng.choices([way for way, _ in WAYS], [often for _, often in WAYS])[0]
    fields: dict[str, Any] = {**story.fields, "churned": churned, "churn_reason": reason}
    if reason in ("not_adopted", "champion_left"):
        turned = churned + rng.randint(120, 240)
        life = replace(
            DYING,
            turned=turned,
            pace=turned / (turned - churned) * rng.uniform(0.9, 1.4),
            last_talk=churned + rng.randint(90, 200),
        )
        if reason == "champion_left":
            fields["champion_left"] = turned + rng.randint(-20, 40)
    else:
        life = replace(STEADY, last_talk=churned + rng.randint(10, 90))
    life = replace(life, stopped=churned, open_late=0)
    arr = round(story.arr * WORTH / 10_000) * 10_000
    return replace(
        story, arr=arr, since=since, life=life, status="churned", phase="leaving", fields=fields
    )
