"""What Python folds and what the database folds are one."""

import pytest
from django.db.models import Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.domain.names import fold_for_search
from accounts.models import Organisation
from config.lib.folding import Folded
from config.lib.kanji import GROUPS

pytestmark = pytest.mark.django_db
TEXTS = st.text(
    st.sampled_from("ＡbÉ ｱあアゔ１㈱株\uf9c4\u2fd3" + GROUPS.replace(" ", "")), max_size=30
)


def folded(text):
    Organisation.objects.get_or_create(pk=1)
    return Organisation.objects.values_list(Folded(Value(text)), flat=True)[0]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_the_database_folds_as_search_does(text):
    assert " ".join(folded(text).split()) == fold_for_search(text)


def test_every_shape_of_a_kanji_is_folded():
    shapes = GROUPS.replace(" ", "")
    assert folded(shapes) == fold_for_search(shapes)
    assert len(set(folded(shapes))) == len(GROUPS.split())
