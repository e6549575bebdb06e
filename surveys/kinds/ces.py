"""Customer effort score: how easy did we make it for them?"""

from django.utils.translation import gettext_lazy as _

from surveys.domain.after_contact import Question, after_contact
from surveys.registry import SurveyKind, kinds

TEXTS = after_contact(
    ja=Question(
        question="今回のご用件は、どの程度簡単に解決できましたか。",
        lowest="非常に難しかった",
        highest="非常に簡単だった",
    ),
    en=Question(
        question="How easy was it to get done what you needed?",
        lowest="very hard",
        highest="very easy",
    ),
)

CES = kinds.register("ces")(
    SurveyKind(
        key="ces",
        label=_("CES"),
        scale=(1, 2, 3, 4, 5, 6, 7),
        content_from=5,
        asks_satisfaction=False,
        texts=TEXTS,
    )
)
