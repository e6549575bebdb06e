"""Pages of the frame: what stands under the person, and the phone's menu."""

from django.utils.translation import gettext_lazy as _

from config.lib.navigation import Entry, register_entry

register_entry(
    Entry("security", _("Sign-in and security"), "mfa_index", "shield-lock", 10, "person")
)
register_entry(
    Entry(
        "admin",
        _("Administration"),
        "admin:index",
        "settings",
        95,
        "settings",
        allows=lambda user: user.is_staff,
    )
)
register_entry(Entry("menu", _("Menu"), "menu", "menu-2", 100, "menu"))
