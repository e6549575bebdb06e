"""Rules every template keeps: no inline style or script, only icons that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = [path for path in sorted(ROOT.rglob("*.html")) if "emails" not in path.parts]
SPRITE = (ROOT / "components/sprite.html").read_text()
ICON_USES = re.compile(
    r'href="#([ib]-[a-z0-9-]+)"|<c-icon name="([a-z0-9-]+)"| icon="([a-z0-9-]+)"'
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
class TestEveryTemplate:
    def test_has_no_style_attribute_and_no_inline_handler(self, path: Path) -> None:
        assert not re.search(r'<[^>]*\s(style|on[a-z]+)=["\']', path.read_text())

    def test_has_no_inline_script_or_style(self, path: Path) -> None:
        text = path.read_text()
        assert "<style" not in text
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)

    def test_draws_each_pick_around_one_input(self, path: Path) -> None:
        # The input of a pick lies over all of it: two in one box, and only the last can be clicked.
        picks = re.findall(r'<(\w+) class="y-pick[ "]', path.read_text())
        assert set(picks) <= {"label"}

    def test_uses_only_icons_of_the_sprite(self, path: Path) -> None:
        used = {
            whole or f"i-{first or second}"
            for whole, first, second in ICON_USES.findall(path.read_text())
        }
        known = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
        assert used <= known
