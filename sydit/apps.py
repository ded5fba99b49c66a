from django.apps import AppConfig
from django.contrib.admin import apps as admin


class SyditConfig(AppConfig):
    name = "sydit"
    verbose_name = "Användare"
    default = True


class AdminConfig(admin.AdminConfig):
    default = False
    default_site = "sydit.admin_site.AdminSite"
