from hypothesis import given
from hypothesis import strategies as st

from followup.classify import BALANCE, UNASSIGNED, AccountMap, AccountSum, Kind, Place, place_sums

IT = Place(Kind.CATEGORY, "it")
LICENSES = Place(Kind.CATEGORY, "licenser")
ACTIVATION = Place(Kind.SET_ASIDE, reason="aktivering")
MAP = AccountMap({"74": IT, "74311": LICENSES, "7439": ACTIVATION}, frozenset({"91001"}))


def test_the_longest_prefix_wins() -> None:
    assert MAP.place("74500", "") == IT
    assert MAP.place("74311", "") == LICENSES


def test_a_registered_project_is_an_investment_whatever_its_account() -> None:
    for account in ["74311", "12100", "DIFF", "7439"]:
        assert MAP.place(account, "91001") == Place(Kind.PROJECT, "91001")


def test_a_project_code_that_is_not_registered_does_not_decide() -> None:
    assert MAP.place("74500", "55555") == IT


def test_a_balance_account_is_no_part_of_the_economy_whatever_a_rule_says() -> None:
    assert MAP.place("24900", "") == BALANCE
    assert AccountMap({"1": IT}).place("12100", "") == BALANCE


def test_what_no_rule_covers_is_unassigned() -> None:
    for account in ["35110", "0351", "DIFF", "9999"]:
        assert MAP.place(account, "") == UNASSIGNED


def test_a_rule_can_set_an_account_aside_with_its_reason() -> None:
    assert MAP.place("74391", "").reason == "aktivering"
    assert not MAP.place("74391", "").is_booked


def test_the_accounts_of_a_place_are_those_with_lines() -> None:
    placed = place_sums([AccountSum("74500", "", 1), AccountSum("74100", "", 2), AccountSum("74500", "91001", 4)], MAP)
    assert placed.accounts[IT] == ("74100", "74500")
    assert placed.amounts == {IT: 3, Place(Kind.PROJECT, "91001"): 4}


sums = st.lists(
    st.builds(
        AccountSum,
        st.text("0123456789D", min_size=1, max_size=6),
        st.sampled_from(["", "91001", "91002"]),
        st.integers(-(10**15), 10**15),
    )
)


@given(sums)
def test_every_ore_ends_in_exactly_one_place(rows: list[AccountSum]) -> None:
    assert sum(place_sums(rows, MAP).amounts.values()) == sum(row.amount for row in rows)
