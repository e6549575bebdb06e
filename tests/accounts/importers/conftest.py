import pytest

from tests.factories import make_organisation, make_team


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    """Files of tests never lie among those of the installation."""
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def team(db):
    make_organisation()
    return make_team(name="営業一課", name_en="Sales 1")
