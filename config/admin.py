"""The operators' admin wears the product's name and signs in as the product does."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = "Yorisoi"
admin.site.site_title = "Yorisoi"
admin.site.index_title = _("For operators")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
