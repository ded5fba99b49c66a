"""Static files in production: compressed, and named by their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A script that another one imports is asked for by its content's name too, so that nobody runs a new one with an
    old one out of the browser's memory."""

    support_js_module_import_aggregation = True
