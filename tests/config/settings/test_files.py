import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRINTS = "from config.settings import base; print(base.MEDIA_ROOT)"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, settings.BASE_DIR / ".data" / "media"),
        ({"DATA_DIR": "/srv/yorisoi"}, Path("/srv/yorisoi/media")),
        ({"DATA_DIR": "elsewhere"}, settings.BASE_DIR / "elsewhere" / "media"),
        ({"DATA_DIR": "/srv/yorisoi", "MEDIA_ROOT": "/srv/files"}, Path("/srv/files")),
    ],
)
def test_files_lie_with_the_other_data_unless_told_otherwise(
    given: dict[str, str], expected: Path
) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in {"DATA_DIR", "MEDIA_ROOT"}}

    done = subprocess.run(
        [sys.executable, "-c", PRINTS], cwd=settings.BASE_DIR, env=kept | given,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == str(expected)
