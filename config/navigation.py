"""Pages of the frame: what stands under the person, and the phone's menu."""

from django.utils.translation import gettext_lazy as _

from config.lib.addresses import address
from config.lib.navigation import Entry, entries, register_entry


def _pages_of_settings() -> tuple[str, ...]:
    """Return below which addresses the settings are the current entry: those it leads to."""
    led_to = [entry for entry in entries() if entry.place == "settings"]
    return tuple(start for entry in led_to for start in (address(entry.url_name), *entry.holds()))


register_entry(
    Entry("security", _("Sign-in and security"), "mfa_index", "shield-lock", 10, "person")
)
register_entry(
    Entry(
        "admin",
        _("Administration"),
        "admin:index",
        "settings",
        300,
        "settings",
        allows=lambda user: user.is_staff,
        section=_("Operation"),
        about=_("Every table as it is stored, for whoever runs this installation."),
    )
)
register_entry(Entry("menu", _("Menu"), "menu", "menu-2", 100, "menu"))
register_entry(
    Entry(
        "settings",
        _("Settings"),
        "settings",
        "settings",
        100,
        "settings_home",
        holds=_pages_of_settings,
    )
)
