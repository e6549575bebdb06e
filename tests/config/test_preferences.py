"""Language and theme are kept with the person, and switching keeps the page."""

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    user = make_user(language="ja", theme="auto")
    client.force_login(user)
    return user


def test_switching_the_language_stores_it_and_keeps_the_page(client: Client, reader: User) -> None:
    response = client.post("/preferences/", {"language": "en", "next": "/menu/?q=1"})
    reader.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, "/menu/?q=1")
    assert reader.language == "en"
    assert '<html lang="en"' in client.get("/menu/").content.decode()


def test_the_users_language_wins_over_the_browsers(client: Client, reader: User) -> None:
    page = client.get("/menu/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="ja"' in page
    assert "メニュー" in page
    assert 'value="en" lang="en">English</button>' in page


def test_the_theme_is_stored_and_written_by_the_server(client: Client, reader: User) -> None:
    client.post("/preferences/", {"theme": "dark", "next": "/menu/"})
    assert 'data-bs-theme="dark"' in client.get("/menu/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_switching_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    assert client.post("/preferences/", {"language": "ja", "next": elsewhere})["Location"] == "/"


def test_an_invented_language_or_theme_changes_nothing(client: Client, reader: User) -> None:
    client.post("/preferences/", {"language": "xx", "theme": "pink"})
    reader.refresh_from_db()
    assert (reader.language, reader.theme) == ("ja", "auto")


def test_a_signed_out_reader_is_remembered_by_a_cookie(client: Client) -> None:
    client.post("/preferences/", {"language": "ja", "next": "/auth/login/"})
    assert '<html lang="ja"' in client.get("/auth/login/").content.decode()


def test_a_page_needs_a_signed_in_user(client: Client) -> None:
    assert client.get("/menu/")["Location"] == "/auth/login/?next=/menu/"


def test_a_page_shows_today_in_the_readers_zone(client: Client) -> None:
    far_east, far_west = (
        make_user(username=zone, email=f"{index}@team.example", time_zone=zone, language="en")
        for index, zone in enumerate(["Pacific/Kiritimati", "Pacific/Pago_Pago"])
    )
    pages = []
    for user in (far_east, far_west):
        client.force_login(user)
        pages.append(client.get("/styleguide/").content.decode().split("¥1.28B")[1][:200])
    assert pages[0] != pages[1]


def test_a_zone_the_machine_does_not_know_falls_back(client: Client) -> None:
    client.force_login(make_user(time_zone="Mars/Olympus"))
    assert client.get("/menu/").status_code == 200


def test_who_opens_the_address_itself_is_led_to_the_menu(client: Client, reader: User) -> None:
    response = client.get("/preferences/")
    assert response["Location"] == "/menu/"
    assert 'name="theme"' in client.get("/menu/").content.decode()


def test_a_browser_that_asks_for_the_icon_by_itself_is_given_it(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].endswith("mark.svg")
    assert client.head("/favicon.ico").status_code == 302
