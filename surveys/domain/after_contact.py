"""What every survey about one recent contact with us says; its kind brings question and ends.

Such surveys (CSAT, CES) are identified, so that an answer can be followed up.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

_JA = {
    "title": "{{product}}のサポートに関するアンケート",
    "reason": "その点数の理由をお聞かせください。",
    "reason_hint": "個人が特定される内容はお書きにならないようお願いいたします。",
    "satisfaction": "",
    "satisfaction_levels": "",
    "purpose": "製品とサポートの改善、およびご回答への個別のご対応",
    "thanks": (
        "結果と今後の取り組みを{{report_on}}までにご報告いたします。お急ぎの件は{{contact}}まで。"
    ),
    "mail_subject": (
        "【2問・約1分】{{product}}のサポートについてお聞かせください({{closes_on}}まで)"
    ),
    "mail_body": """{{addressee}}

いつも{{product}}をご利用いただき、誠にありがとうございます。
{{sender_company}}の{{sender}}でございます。

先日のご対応について、ご意見をお聞かせください。
本アンケートは記名式です。ご回答について担当者よりご連絡を差し上げることがございます。

ご回答：{{survey_url}}

お一人さま1回限りのリンクのため、転送はお控えください。

お問い合わせ：{{contact}}
配信停止：{{unsubscribe_url}}
""",
}

_EN = {
    "title": "Your view of our support for {{product}}",
    "reason": "Why this number?",
    "reason_hint": "Please name nobody.",
    "satisfaction": "",
    "satisfaction_levels": "",
    "purpose": "to improve product and support, and to follow up your answer with you",
    "thanks": (
        "By {{report_on}} we will tell you what we heard and what we will do. "
        "Urgent matters: {{contact}}."
    ),
    "mail_subject": "Two questions about our support, one minute, until {{closes_on}}",
    "mail_body": """{{addressee}},

Thank you for using {{product}}. Please tell us how we did the other day.
This survey is not anonymous; we may contact you about your answer.

Answer: {{survey_url}}

The link works once and is yours; please don't forward it.

Questions: {{contact}}
Stop these mails: {{unsubscribe_url}}

{{sender}}
{{sender_company}}
""",
}


@dataclass(frozen=True)
class Question:
    """The main question in one language and what the ends of its scale mean."""

    question: str
    lowest: str
    highest: str


def after_contact(*, ja: Question, en: Question) -> Mapping[str, Mapping[str, str]]:
    """Return the whole wording, by language, of a survey after a contact."""
    return {"ja": _JA | asdict(ja), "en": _EN | asdict(en)}
