"""Cast the book: the accounts with a story first, then as many others as were asked for."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from config.demo.load import FLAT
from config.demo.partings import part_or_stay
from config.demo.stories import STORIES, Story
from config.demo.temperaments import EXPANDING, Temperament, draw_temperament
from config.demo.world import company_names

#: What a growing customer paid a year before, as a share of now, and how many of the others grow.
BOUGHT_MUCH, BOUGHT_SOME, OFTEN = (0.5, 0.76), (0.7, 0.94), 0.5
TOUCH_MODELS = {"a": "high", "b": "low", "c": "tech"}
CADENCE = {"high": 30, "low": 90, "tech": 0}


def cast_book(rng: random.Random, count: int) -> list[Story]:
    """Return `count` accounts, at least those with a story; parents come before children."""
    others = max(0, count - len(STORIES))
    return [*STORIES, *_invent(rng, others)]


def _invent(rng: random.Random, count: int) -> Iterator[Story]:
    places: Counter[str] = Counter()
    for index, company in enumerate(company_names(rng, count)):
        tier = rng.choices("abc", (15, 45, 40))[0]
        places[tier] += 1
        life = draw_temperament(rng, cadence_days=CADENCE[TOUCH_MODELS[tier]])
        touch_model = TOUCH_MODELS[tier]
        arr = _yearly_value(rng, tier)
        team, manager = _looked_after_by(rng, touch_model)
        story = Story(
            key=f"c{index + 1:05}",
            name=company.name,
            kana=company.kana,
            latin=company.latin,
            tier=tier,
            touch_model=touch_model,
            arr=arr,
            seats=max(5, round(arr / 150_000)),
            team=team,
            manager=manager,
            life=life,
            fields={"growth": _growth(rng, life)},
            renewal_in=rng.randint(-30, 330),
            since=rng.choices((rng.randint(20, 80), rng.randint(120, 729), 730), (4, 46, 50))[0],
        )
        story = part_or_stay(rng, story, number=places[tier])
        yield story if story.status == "churned" else _place(story)


def _growth(rng: random.Random, life: Temperament) -> float:
    """Return what it paid a year before as a share of now: who uses it all buys most."""
    if life.share > EXPANDING.share - 0.1:
        return round(rng.uniform(*BOUGHT_MUCH), 3)
    return round(rng.uniform(*BOUGHT_SOME), 3) if rng.random() < OFTEN else FLAT


def _yearly_value(rng: random.Random, tier: str) -> int:
    low, high = {"a": (10.0, 28.0), "b": (2.0, 9.5), "c": (0.2, 1.9)}[tier]
    return round(rng.uniform(low, high) * 100) * 10_000


def _looked_after_by(rng: random.Random, touch_model: str) -> tuple[str, str]:
    if touch_model == "tech":
        return "tech", "osei"
    return rng.choices(
        (("east", "saeki"), ("east", "mori"), ("west", "hayashi"), ("global", "osei")),
        (40, 25, 30, 5),
    )[0]


def _place(story: Story) -> Story:
    if story.life.stopped:
        story = replace(story, fields={**story.fields, "own_source": True})
    return replace(story, phase="onboarding") if story.since < 90 else story
