"""The project's settings as tests want them: no HTTPS, quick passwords, static files straight from the source."""

import os

os.environ.update(DEBUG="false", HTTPS="false", SECRET_KEY="only-for-tests")

from sydit.settings import *
from sydit.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# A real hash takes a tenth of a second on purpose, for every user that a test creates.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for tests: the live server finds the files, and WhiteNoise has nothing to serve.
WHITENOISE_AUTOREFRESH = True
