"""Completion knows what is visible at the caret, in half-typed text, from memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.catalog.nodes import column, database, schema, table, view
from workbench.core.adapter.contract import Node
from workbench.core.catalog.cache import CatalogCache
from workbench.core.sql.complete import LIMIT, Completions, Item, complete


def catalog() -> CatalogCache:
    cache = CatalogCache()
    main = ("shop", "main")
    cache.put((), [database("shop"), database("archive")])
    cache.put(("shop",), [schema(*main), schema("shop", "marketing")])
    cache.put(("archive",), [schema("archive", "main")])
    tables = ["customers", "orders", "order_items", "Odd names"]
    cache.put(main, [*(table(*main, name) for name in tables), view(*main, "monthly_revenue")])
    cache.put(("shop", "marketing"), [table("shop", "marketing", "campaigns", bare=False)])
    cache.put(("archive", "main"), [table("archive", "main", "orders", bare=False)])
    known = {
        "customers": ["customer_id", "name", "country", "select"],
        "orders": ["order_id", "customer_id", "ordered_at", "amount"],
        "Odd names": ["Größe", "with space"],
    }
    for name, columns in known.items():
        cache.put((*main, name), [column(*main, name, each) for each in columns])
    return cache


def at(text: str, dialect: str = "duckdb", cache: CatalogCache | None = None) -> Completions:
    return complete(text.replace("|", ""), text.index("|"), dialect, cache or catalog())


def labels(text: str, *kinds: str, dialect: str = "duckdb") -> list[str]:
    found = at(text, dialect).items
    return [item.label for item in found if not kinds or item.kind in kinds]


CUSTOMERS = ["customer_id", "name", "country", "select"]
ORDERS = ["order_id", "customer_id", "ordered_at", "amount"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select | from customers", CUSTOMERS),
        ("select * from customers where |", CUSTOMERS),
        ("select c.| from customers c", CUSTOMERS),
        ("select c.| from customers as c", CUSTOMERS),
        ("select c.|\nfrom customers c", CUSTOMERS),
        ("select * from customers c join orders o on c.|", CUSTOMERS),
        ("select * from customers c join orders o on o.|", ORDERS),
        ("select * from orders join customers using (|", [*ORDERS, *CUSTOMERS[1:]]),
        ("select O.| from main.orders O", ORDERS),
        ("select orders.| from shop.main.orders", ORDERS),
        ("select main.orders.| from main.orders", ORDERS),
        ("select orders.|", ORDERS),
        ("update orders set |", ORDERS),
        ("insert into orders (|", ORDERS),
        ("insert into orders (order_id, |) values (1, 2)", ORDERS),
        ("delete from orders where |", ORDERS),
        ("select * from customers group by |", CUSTOMERS),
        ("select count(|) from orders", ORDERS),
        ("select * from customers where customer_id in (select | from orders)",
         [*ORDERS, *(name for name in CUSTOMERS if name != "customer_id")]),
        ("select | from orders union all select 1 from customers", ORDERS),
        ("select 1 from orders union all select | from customers", CUSTOMERS),
        ("select 1 from customers; select | from orders; select 2 from customers", ORDERS),
        ('select "Odd names".| from "Odd names"', ["Größe", "with space"]),
        ("select (a + |) from orders", ORDERS),
        ("select case when | then 1 end from orders", ORDERS),
    ],
)  # fmt: skip
def test_the_columns_of_the_visible_tables(text: str, expected: list[str]) -> None:
    assert labels(text, "column") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with q as (select order_id, amount * 2 as twice from orders) select | from q",
         ["order_id", "twice"]),
        ("with q (x, y) as (select 1, 2) select | from q", ["x", "y"]),
        ("with q as (select * from orders), r as (select q.*, 1 as one from q) select r.| from r",
         [*ORDERS, "one"]),
        ("with q as (select 1 as a union select 2 as b) select | from q", ["a"]),
        ("with recursive q as (select 1 as n union all select n + 1 from q) select | from q",
         ["n"]),
        ("select | from (select order_id id, count(*), max(amount) from orders) as s", ["id"]),
        ("select s.| from (select * from (select name from customers) i) s", ["name"]),
        ("with q as (select |) select 1", []),
    ],
)  # fmt: skip
def test_the_columns_of_ctes_and_subqueries(text: str, expected: list[str]) -> None:
    assert labels(text, "column") == expected


@pytest.mark.parametrize(
    "text",
    ["select * from ord|", "select * from customers join ord|", "insert into ord|", "update ord|",
     "select 1 from customers, ord|", "select (select 1 from ord|", "drop table if exists ord|"],
)  # fmt: skip
def test_tables_where_a_table_is_due(text: str) -> None:
    found = at(text)
    assert [item.label for item in found.items[:3]] == ["order_items", "orders", "orders"]
    assert text[found.start :] == "ord|"


def test_tables_of_a_schema_and_schemas_of_a_database() -> None:
    assert labels("select * from marketing.|") == ["campaigns"]
    assert labels("select * from archive.main.|") == ["orders"]
    assert labels("select * from shop.|", "schema") == ["main", "marketing"]


def test_a_cte_is_offered_as_a_table() -> None:
    assert labels("with quarters as (select 1) select * from qu|")[0] == "quarters"


def test_after_a_table_s_name_come_keywords_and_no_tables() -> None:
    found = at("select * from orders wh|").items
    assert found[0] == Item("where", "WHERE", "keyword")
    assert {item.kind for item in found} == {"keyword"}


def test_an_empty_editor_offers_what_a_statement_begins_with() -> None:
    assert "SELECT" in labels("|")
    assert labels("sel|")[0] == "SELECT"
    assert labels("select 1; sel|")[0] == "SELECT"
    assert "column" not in {item.kind for item in at("select * from orders; |").items}


def test_keywords_follow_the_case_that_is_typed() -> None:
    assert at("select 1 fr|").items[0].text == "from"
    assert at("SELECT 1 FR|").items[0].text == "FROM"


def test_a_name_that_needs_quotes_gets_them() -> None:
    items = {item.label: item.text for item in at('select | from "Odd names", customers').items}
    assert items["with space"] == '"with space"'
    assert items["select"] == '"select"'
    assert items["name"] == "name"
    cache = catalog()
    found = complete("select with from `Odd names`", 11, "mysql", cache).items
    assert "`with space`" in {item.text for item in found}


def test_an_open_quote_is_completed_and_replaced() -> None:
    found = at('select "wi| from "Odd names"')
    assert found.start == len("select ")
    assert [item.text for item in found.items] == ['"with space"']


@pytest.mark.parametrize(
    "text", ["select 'ord|", "select 'ord|' from orders", "-- ord|", "/* ord| */", "select 12|"]
)
def test_nothing_in_strings_comments_and_numbers(text: str) -> None:
    assert at(text).items == ()


def test_prefixes_come_before_inner_words_and_letters_in_order() -> None:
    names = [label for label in labels("select * from m|") if label[0].islower()]
    assert names[:3] == ["monthly_revenue", "main", "marketing"]
    assert labels("select * from re|", "table", "view")[0] == "monthly_revenue"
    assert labels("select odat| from orders", "column") == ["ordered_at"]


def test_columns_come_before_keywords_and_functions() -> None:
    kinds = [item.kind for item in at("select o| from orders").items]
    assert kinds.index("column") < kinds.index("table") < kinds.index("keyword")


def test_columns_not_loaded_are_asked_for_in_the_background() -> None:
    cache = catalog()
    found = at("select | from order_items", cache=cache)
    assert found.incomplete
    assert cache.take_wanted() == (("shop", "main", "order_items"),)
    assert not at("select | from orders", cache=cache).incomplete


def test_functions_come_with_their_parenthesis() -> None:
    assert Item("count(", "count", "function") in at("select cou| from orders").items


def test_the_start_counts_from_the_script_s_beginning() -> None:
    script = "select 'é🦆';\n" * 20_000 + "select * from ord"
    found = complete(script, len(script), "duckdb", catalog())
    assert found.start == len(script) - 3
    assert "orders" in {item.label for item in found.items}


SOUP = st.lists(
    st.sampled_from(
        [
            *(
                "select ",
                "from ",
                "orders ",
                "o",
                ".",
                ",",
                "(",
                ")",
                "with ",
                "as ",
                "*",
                "'",
                '"',
            ),
            *(
                "join ",
                "on ",
                ";",
                "\n",
                "--",
                "/*",
                "union ",
                "case ",
                "é",
                "\x00",
                "[",
                "$$",
                "`",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(SOUP, st.integers(0, 80), st.sampled_from(["duckdb", "sqlite", "mysql", ""]))
def test_any_half_typed_text_is_survived(text: str, caret: int, dialect: str) -> None:
    caret = min(caret, len(text))
    found = complete(text, caret, dialect, catalog())
    assert 0 <= found.start <= caret
    assert len(found.items) <= LIMIT


class _Counting(CatalogCache):
    """Counts how often the list of tables is asked for."""

    asked = 0

    def tables(self):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().tables()


def test_five_thousand_tables_are_walked_a_few_times_only() -> None:
    cache = _Counting()
    nodes: list[Node] = [table("db", f"table_{number:04}") for number in range(5000)]
    cache.put((), [database("db")])
    cache.put(("db",), nodes)
    found = complete("select * from table_42", 22, "duckdb", cache)
    assert found.items[0].label == "table_4200"
    assert cache.asked <= 3
