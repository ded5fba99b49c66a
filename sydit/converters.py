"""A month in an address: ``/uppfoljning/2024-10/``."""

from django.urls import register_converter

from sydit.periods import Month


class MonthConverter:
    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> Month:
        return Month.parse(value)  # its ValueError becomes a 404

    def to_url(self, value: Month) -> str:
        return str(value)


register_converter(MonthConverter, "month")
