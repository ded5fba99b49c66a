"""The measures of the plan for a balanced budget, in the same shape as decisions and investments."""

from followup.measures.actions import MeasureEntry, add, carry_forward, change, put_back, remove

__all__ = ["MeasureEntry", "add", "carry_forward", "change", "put_back", "remove"]
