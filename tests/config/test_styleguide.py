"""Every component is shown in the style guide and renders in both languages."""

import re

import pytest
from django.conf import settings
from django.test import Client

COMPONENTS = settings.BASE_DIR / "templates/components"
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_style_guide_renders(client: Client, language: str) -> None:
    response = client.get("/styleguide/", headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
    assert "<c-" not in response.content.decode()


def test_every_component_is_used_by_the_style_guide_or_the_frame() -> None:
    pages = [*settings.BASE_DIR.glob("templates/**/*.html")]
    used = set(re.findall(r"<c-([a-z-]+)", "".join(path.read_text() for path in pages)))
    names = {path.stem.replace("_", "-") for path in COMPONENTS.glob("*.html")}
    assert names - used <= {"dialog", "fact", "wrong", "tabs", "tab", "glyph"}
