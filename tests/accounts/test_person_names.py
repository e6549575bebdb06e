"""A person's name in the order of the reader's language, or of its own script."""

import pytest
from django.utils import translation

from accounts.models.names import person_name


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("ja", ("林", "さくら", "Hayashi", "Sakura"), "林 さくら"),
        ("en", ("林", "さくら", "Hayashi", "Sakura"), "Sakura Hayashi"),
        ("en", ("林", "さくら", "", ""), "林 さくら"),
        ("ja", ("Osei", "Daniel", "Osei", "Daniel"), "Daniel Osei"),
        ("ja", ("Osei", "Daniel", "", ""), "Daniel Osei"),
        ("ja", ("김", "민준", "", ""), "김 민준"),
        ("ja", ("Osei", "", "", ""), "Osei"),
        ("en", ("", "", "", ""), ""),
    ],
)
def test_a_name_is_said_in_the_order_of_its_script(language, name, said):
    with translation.override(language):
        assert person_name(*name) == said
