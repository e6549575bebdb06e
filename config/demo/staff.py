"""Who works at 株式会社ハルカゼクラウド: teams and people, one login per role for the tour."""

from dataclasses import dataclass

TEAMS = (
    # key, parent, name, name in English, calendar
    ("cs", None, "カスタマーサクセス本部", "Customer Success", "JP"),
    ("east", "cs", "東日本チーム", "East", "JP"),
    ("west", "cs", "西日本チーム", "West", "JP"),
    ("tech", "cs", "テックタッチチーム", "Tech Touch", "JP"),
    ("global", "cs", "グローバルチーム", "Global", "SG"),
)


@dataclass(frozen=True)
class Person:
    """One of us; `login` is also the local part of the mail address."""

    login: str
    family: str
    given: str
    family_latin: str
    given_latin: str
    role: str
    team: str
    language: str = "ja"
    is_staff: bool = False


PASSWORD = "yorisoi-demo"  # noqa: S105 - printed on the screen of a try-out

STAFF = (
    Person("admin", "管理", "担当", "Admin", "Yorisoi", "administrator", "cs", is_staff=True),
    Person("miura", "三浦", "恵", "Miura", "Megumi", "manager", "cs"),
    Person("saeki", "佐伯", "直人", "Saeki", "Naoto", "member", "east"),
    Person("hayashi", "林", "さくら", "Hayashi", "Sakura", "member", "west"),
    Person("mori", "森", "拓也", "Mori", "Takuya", "member", "east"),
    Person("osei", "Osei", "Daniel", "Osei", "Daniel", "member", "global", "en"),
    Person("takagi", "高木", "亮", "Takagi", "Ryo", "member", "cs"),
    Person("uchida", "内田", "蓮", "Uchida", "Ren", "member", "cs"),
    Person("honma", "本間", "薫", "Honma", "Kaoru", "viewer", "cs"),
    Person("privacy", "個人情報", "担当", "Privacy", "Officer", "privacy_officer", "cs"),
    Person("viewer", "閲覧", "花子", "Viewer", "Hanako", "viewer", "cs"),
)


def logins() -> list[tuple[str, str]]:
    """Return (role, login) of one person per role, in the order of the staff."""
    first: dict[str, str] = {}
    for person in STAFF:
        first.setdefault(person.role, person.login)
    return list(first.items())
