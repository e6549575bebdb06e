import pytest

from tests.factories import make_organisation, make_user


@pytest.fixture
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def officer():
    return make_user(role="privacy_officer")
