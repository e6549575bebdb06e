"""Customer satisfaction: how content were they with what we did for them?"""

from django.utils.translation import gettext_lazy as _

from surveys.domain.after_contact import Question, after_contact
from surveys.registry import SurveyKind, kinds

TEXTS = after_contact(
    ja=Question(
        question="今回の対応にどの程度ご満足ですか。",
        lowest="不満",
        highest="満足",
    ),
    en=Question(
        question="How satisfied are you with what we did for you?",
        lowest="dissatisfied",
        highest="satisfied",
    ),
)

CSAT = kinds.register("csat")(
    SurveyKind(
        key="csat",
        label=_("CSAT"),
        scale=(1, 2, 3, 4, 5),
        content_from=4,
        asks_satisfaction=False,
        texts=TEXTS,
    )
)
