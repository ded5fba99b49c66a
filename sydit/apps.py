from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.auth.signals import user_logged_in
from django.core.signals import setting_changed
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class SyditConfig(AppConfig):
    name = "sydit"
    verbose_name = "Användare"
    default = True

    def ready(self) -> None:
        from sydit import alphabet, change_marks, kept, models  # they need the applications

        post_migrate.connect(change_marks.install, sender=self)
        setting_changed.connect(kept.forget)
        connection_created.connect(alphabet.prepare)
        # In the place of Django's own receiver, which stands under this name: that one would leave a row of history.
        user_logged_in.connect(models.note_login, dispatch_uid="update_last_login")


class AdminConfig(admin.AdminConfig):
    default = False
    default_site = "sydit.admin_site.AdminSite"
