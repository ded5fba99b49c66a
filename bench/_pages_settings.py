"""The application's own settings, with the constant page beside its pages."""

from sydit.settings import *  # noqa: F403

ROOT_URLCONF = "bench._pages_site"
