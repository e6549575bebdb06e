import pytest

from scoring.models import Scorecard
from tests.scoring.factories import install_scorecards


@pytest.fixture
def standard():
    install_scorecards()
    return Scorecard.objects.get(key="standard")
