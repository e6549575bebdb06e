"""Net Promoter Score: would they recommend us, why, and how is our support?"""

from django.utils.translation import gettext_lazy as _

from surveys.registry import SurveyKind, kinds

JA = {
    "title": "{{product}}に関するアンケート",
    "question": ("{{product}}を、同じ課題を持つ同僚や知人にどの程度お勧めしたいと思われますか。"),
    "lowest": "まったく勧めたくない",
    "highest": "ぜひ勧めたい",
    "reason": "その点数の理由をお聞かせください。",
    "reason_hint": "個人が特定される内容はお書きにならないようお願いいたします。",
    "satisfaction": "担当者とサポートの対応にどの程度ご満足ですか。",
    "satisfaction_levels": "不満\nやや不満\nどちらともいえない\nやや満足\n満足",
    "purpose": "製品とサポートの改善、およびご回答への個別のご対応",
    "thanks": (
        "結果と今後の取り組みを{{report_on}}までにご報告いたします。お急ぎの件は{{contact}}まで。"
    ),
    "mail_subject": "【3問・約2分】{{product}}についてお聞かせください({{closes_on}}まで)",
    "mail_body": """{{addressee}}

いつも{{product}}をご利用いただき、誠にありがとうございます。
{{sender_company}}の{{sender}}でございます。

製品とサポートの改善のため、年2回を上限にアンケートをお願いしております。
本アンケートは記名式です。ご回答について担当者よりご連絡を差し上げることがございます。

ご回答：{{survey_url}}

お一人さま1回限りのリンクのため、転送はお控えください。

お問い合わせ：{{contact}}
配信停止：{{unsubscribe_url}}
""",
}

EN = {
    "title": "Your view of {{product}}",
    "question": (
        "How likely are you to recommend {{product}} to a colleague or friend with the same task?"
    ),
    "lowest": "not at all likely",
    "highest": "extremely likely",
    "reason": "Why this number?",
    "reason_hint": "Please name nobody.",
    "satisfaction": "How satisfied are you with our team and support?",
    "satisfaction_levels": (
        "Dissatisfied\nRather dissatisfied\nNeither\nRather satisfied\nSatisfied"
    ),
    "purpose": "to improve product and support, and to follow up your answer with you",
    "thanks": (
        "By {{report_on}} we will tell you what we heard and what we will do. "
        "Urgent matters: {{contact}}."
    ),
    "mail_subject": "Three questions about {{product}}, two minutes, until {{closes_on}}",
    "mail_body": """{{addressee}},

Thank you for using {{product}}. At most twice a year we ask for your view.
This survey is not anonymous; we may contact you about your answer.

Answer: {{survey_url}}

The link works once and is yours; please don't forward it.

Questions: {{contact}}
Stop these mails: {{unsubscribe_url}}

{{sender}}
{{sender_company}}
""",
}


NPS = kinds.register("nps")(
    SurveyKind(
        key="nps",
        label=_("NPS"),
        scale=tuple(range(11)),
        content_from=9,
        asks_satisfaction=True,
        texts={"ja": JA, "en": EN},
    )
)
