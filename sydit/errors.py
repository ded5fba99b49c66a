"""What a user did that we can explain."""

from __future__ import annotations


class Refused(Exception):
    """An action was refused, and nothing has changed. The message is a Swedish sentence for the user.

    At the edge it becomes a form error, a message on the page, or exit code 2 on the command line.
    """


NO_DATABASE = "Databasen går inte att läsa. Kontrollera DATABASE_URL, och kör ”manage.py migrate” om den är ny."


class StaleEdit(Refused):
    """Somebody else changed the same thing after this user opened it. The message says who, when and what."""
