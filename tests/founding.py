"""What an empty installation needs before a story can begin in it; run inside the installation."""

import json

from accounts.choices import TokenScope
from accounts.models import Organisation
from accounts.services.teams import create_team
from accounts.services.tokens import create_api_token
from accounts.services.users import create_user
from config.lib.clock import app_now
from playbooks.services.playbooks import install_starter_playbooks, switch_playbook
from scoring.services.write_keys import create_write_key

LOGIN = "tachibana"
PASSWORD = "a quiet harbour at dawn"


def found() -> None:
    """Make organisation, team, colleague and keys, switch the playbooks on; print the keys."""
    at = app_now()
    Organisation.objects.update_or_create(
        pk=1,
        defaults={
            "name": "株式会社ハルカゼクラウド",
            "product_name": "Monorhythm",
            "contact_address": "cs@harukaze.example",
            "time_zone": "Asia/Tokyo",
        },
    )
    team = create_team(name="東日本チーム", name_en="East", country="JP")
    user = create_user(
        email=f"{LOGIN}@harukaze.example",
        username=LOGIN,
        password=PASSWORD,
        family_name="橘",
        given_name="美咲",
        family_name_latin="Tachibana",
        given_name_latin="Misaki",
        role="member",
        language="ja",
        teams=[team],
        at=at,
    )
    for playbook in install_starter_playbooks(at=at):
        switch_playbook(playbook=playbook, is_active=True, at=at)
    token = create_api_token(user=user, name="story", scopes=[TokenScope.WRITE], at=at)
    _, write_key = create_write_key(name="Monorhythm")
    print(json.dumps({"token": token.text, "write_key": write_key}))  # noqa: T201
