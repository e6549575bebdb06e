"""The stakeholder maps a tour visits: who stands how, who with whom, what to tell each."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class MapStory:
    """One account's map; people are numbered as in the story.

    :param standings: stance, influence and strength of each person.
    :param lines: (from, kind, to).
    :param notes: approach and message of a person.
    :param ghosts: own-system ids of users nobody introduced.
    """

    standings: tuple[tuple[str, str, str], ...]
    lines: tuple[tuple[int, str, int], ...]
    notes: dict[int, tuple[str, str]] = field(default_factory=dict)
    ghosts: tuple[str, ...] = ()


MAPS = {
    "aomine": MapStory(
        standings=(
            ("supporter", "low", "high"),
            ("neutral", "high", "low"),
            ("supporter", "high", "medium"),
            ("supporter", "medium", "high"),
        ),
        lines=(
            (3, "reports_to", 2),
            (0, "reports_to", 3),
            (1, "influences", 2),
        ),
        notes={
            0: ("月次の締め後に電話。現場の困りごとから伺う。",
                "夜勤の入力を楽にする設定をご提案する。"),
            1: ("費用対効果の数字を先に示す。大庭取締役からご紹介いただく。",
                "計画変更の手間が月40時間減ったことをお伝えする。"),
            2: ("当社の本間から半年に一度ご挨拶。", "第二工場への展開で納期遵守率を上げる。"),
        },
        ghosts=("aomine-night-shift", "aomine-plant2"),
    ),
}  # fmt: skip
