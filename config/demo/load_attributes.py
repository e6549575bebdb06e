"""Declare attributes of the vendor's own and give them values; one is computed from others."""

import random
from collections.abc import Sequence

from accounts.models import Account, AttributeValue
from accounts.selectors.attributes import shipped_attributes
from accounts.services.attribute_definitions import declare_attribute
from config.demo.load import Member, at

#: The words of names that tell a line of business; whose name tells none makes something else.
TRADES = {
    "machinery": ("精機", "精工", "機械", "計測", "空調"),
    "electronics": ("電機", "電子", "光学"),
    "metals": ("金属",),
    "chemistry": ("化学", "樹脂", "塗料", "ゴム", "ガラス"),
    "pharma": ("医療機器", "薬品"),
    "food": ("食品", "飲料", "製菓", "酒造", "Foods"),
    "consumer_goods": ("繊維", "家具"),
    "construction": ("建材", "建設"),
    "logistics": ("運輸", "倉庫", "物流"),
    "wholesale": ("商事",),
    "retail": ("商店",),
    "finance": ("リース",),
    "media": ("印刷",),
    "restaurants": ("ホテル",),
    "software": ("ソリューションズ",),
    "education": ("学園",),
    "public": ("市",),
}
OTHERWISE = "manufacturing"
SHIPPED = (
    *("label_en", "label_ja", "description_en", "description_ja"),
    *("options", "takes_others", "place"),
)
SYSTEMS = ("SAP", "OBIC7", "GRANDIT", "自社開発")


def declare_attributes() -> None:
    """Declare industry, planning system, plants and what an account pays per plant."""
    industry = next(one for one in shipped_attributes() if one.key == "industry")
    values = {name: getattr(industry, name) for name in SHIPPED}
    declare_attribute(key=industry.key, kind=industry.type, required_tiers=["a"], **values)
    declare_attribute(
        key="erp", kind="text", label_en="ERP system", label_ja="基幹システム", place=20
    )
    declare_attribute(key="plants", kind="number", label_en="Plants", label_ja="工場数", place=30)
    declare_attribute(
        key="arr_per_plant",
        kind="number",
        label_en="ARR per plant",
        label_ja="工場あたりARR",
        expression="arr / attributes.plants",
        place=40,
    )


def load_attributes(members: Sequence[Member]) -> None:
    """Give customers their values, each as a dated fact and on the account."""
    facts, changed = [], []
    for member in members:
        if not member.story.arr:
            continue
        values = _values(member)
        facts += [
            AttributeValue(
                account=member.account,
                key=key,
                value=value,
                starts_on=member.first,
                recorded_at=at(member.first, 9),
            )
            for key, value in values.items()
        ]
        member.account.attributes = values
        changed.append(member.account)
    AttributeValue.objects.bulk_create(facts, batch_size=2000)
    Account.objects.bulk_update(changed, ["attributes"], batch_size=1000)


def _industry(name: str) -> str:
    for industry, words in TRADES.items():
        if any(word in name for word in words):
            return industry
    return OTHERWISE


def _values(member: Member) -> dict[str, str | int]:
    rng = random.Random(f"{member.story.key}:attributes")  # noqa: S311 - must be repeatable
    values: dict[str, str | int] = {"industry": _industry(member.story.name)}
    if member.story.tier != "c":
        values |= {"erp": rng.choice(SYSTEMS), "plants": rng.randint(1, 8)}
    return values
