import re
from pathlib import Path

from django.conf import settings

#: Set by continuous integration and by the tests themselves, never by who installs.
OURS = {"CI", "TEST_TEMPLATE"}
READ = re.compile(r'(?:env(?:\.\w+)?|environ\.get)\(\s*"([A-Z_]+)"')


def test_every_variable_the_code_reads_is_in_the_example() -> None:
    root = Path(settings.BASE_DIR)
    config = root / "config"
    sources = [*(config / "settings").glob("*.py"), *(config / "services").glob("*.py")]
    read = {name for source in sources for name in READ.findall(source.read_text())}
    example = (root / ".env.example").read_text()
    assert "DATABASE_URL" in read
    assert read - OURS <= set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
