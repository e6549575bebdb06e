"""Cast the book: the accounts with a story first, then as many others as were asked for."""

import random
from collections.abc import Iterator
from dataclasses import replace

from config.demo.stories import STORIES, Story
from config.demo.temperaments import DYING, STEADY, draw_temperament
from config.demo.world import company_names

#: Share of customers lost within the two years the demo knows (9 % a year).
LOST = 0.17
CADENCE = {"high": 30, "low": 90, "tech": 0}


def cast_book(rng: random.Random, count: int) -> list[Story]:
    """Return `count` accounts, at least those with a story; parents come before children."""
    others = max(0, count - len(STORIES))
    return [*STORIES, *_invent(rng, others)]


def _invent(rng: random.Random, count: int) -> Iterator[Story]:
    for index, company in enumerate(company_names(rng, count)):
        tier = rng.choices("abc", (15, 45, 40))[0]
        touch_model = {"a": "high", "b": "low", "c": "tech"}[tier]
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
            life=draw_temperament(rng, cadence_days=CADENCE[touch_model]),
            renewal_in=rng.randint(-30, 330),
            since=rng.choices((rng.randint(20, 80), rng.randint(120, 729), 730), (4, 46, 50))[0],
        )
        yield _lose(rng, story) if rng.random() < LOST else _place(story)


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
        story = replace(story, fields={"own_source": True})
    return replace(story, phase="onboarding") if story.since < 90 else story


def _lose(rng: random.Random, story: Story) -> Story:
    since = max(story.since, 400)
    churned = rng.randint(20, since - 200)
    reason = rng.choice(("champion_left", "not_adopted", "price", "competitor", "budget"))
    life = replace(
        rng.choice((DYING, replace(STEADY, last_talk=churned + 120))),
        stopped=churned,
        turned=churned + rng.randint(90, 200),
        open_late=0,
        last_talk=churned + rng.randint(60, 160),
    )
    return replace(
        story,
        since=since,
        life=life,
        status="churned",
        phase="leaving",
        fields={"churned": churned, "churn_reason": reason},
    )
