"""The cache answers from memory, drops late replies, and stays within its bounds."""

import threading

from tests.unit.catalog.nodes import column, database, schema, table, view
from workbench.core.catalog.cache import CatalogCache
from workbench.core.catalog.tree import Loading
from workbench.core.sql.complete import KnownColumn


def loaded() -> CatalogCache:
    cache = CatalogCache()
    cache.put((), [database("shop")])
    cache.put(("shop",), [schema("shop", "main")])
    cache.put(("shop", "main"), [table("shop", "main", "orders"), view("shop", "main", "recent")])
    return cache


def test_nothing_is_known_at_first() -> None:
    cache = CatalogCache()
    assert cache.branch().state is Loading.UNKNOWN
    assert cache.tables() == ()
    assert cache.unloaded() == ((),)


def test_a_branch_is_loading_and_then_known() -> None:
    cache = CatalogCache()
    ticket = cache.begin()
    assert cache.branch().state is Loading.LOADING
    assert cache.put((), [database("shop")], ticket)
    assert cache.branch().state is Loading.KNOWN
    assert [node.name for node in cache.branch().nodes] == ["shop"]


def test_a_failure_keeps_what_was_known() -> None:
    cache = loaded()
    assert cache.fail((), "connection lost", cache.begin())
    assert cache.branch().state is Loading.ERROR
    assert cache.branch().error == "connection lost"
    assert [node.name for node in cache.branch().nodes] == ["shop"]


def test_a_stopped_refresh_goes_back_to_what_was_known() -> None:
    cache = loaded()
    assert cache.abort((), cache.begin())
    assert cache.branch().state is Loading.UNKNOWN
    assert [node.name for node in cache.branch().nodes] == ["shop"]


def test_what_was_stopped_is_not_loaded_again_unasked() -> None:
    cache = loaded()
    for path in ((), ("shop", "main"), ("shop", "main", "orders")):
        cache.abort(path, cache.begin(path))
    assert cache.unloaded() == ()
    assert cache.columns(("shop", "main", "orders")) is None
    assert cache.take_wanted() == ()


def test_a_refresh_forgets_that_something_was_stopped() -> None:
    cache = loaded()
    for path in ((), ("shop", "main")):
        cache.abort(path, cache.begin(path))
    cache.invalidate()
    assert cache.branch().error == ""
    assert set(cache.unloaded()) >= {("shop",), ("shop", "main")}


def test_a_reply_to_an_older_request_is_dropped() -> None:
    cache = CatalogCache()
    old, new = cache.begin(), cache.begin()
    assert not cache.put((), [database("old")], old)
    assert cache.put((), [database("new")], new)
    assert not cache.fail((), "late", old)
    assert [node.name for node in cache.branch().nodes] == ["new"]


def test_a_reply_that_was_under_way_when_everything_changed_is_dropped() -> None:
    cache = loaded()
    ticket = cache.begin(("shop", "main"))
    cache.invalidate(("shop",))
    assert not cache.put(("shop", "main"), [], ticket)
    assert cache.branch(("shop", "main")).state is Loading.UNKNOWN


def test_invalidating_touches_only_what_is_below() -> None:
    cache = loaded()
    cache.invalidate(("shop", "main"))
    assert cache.branch(("shop", "main")).state is Loading.UNKNOWN
    assert cache.branch(("shop",)).state is Loading.KNOWN
    assert len(cache.tables()) == 2  # completion goes on with what was known


def test_tables_that_are_gone_take_their_columns_along() -> None:
    cache = loaded()
    cache.put(("shop", "main", "orders"), [column("shop", "main", "orders", "id")])
    cache.put(("shop", "main"), [view("shop", "main", "recent")])
    assert cache.columns(("shop", "main", "orders")) is None
    assert [known.path[-1] for known in cache.tables()] == ["recent"]


def test_tables_are_found_by_name_in_any_case() -> None:
    cache = loaded()
    assert [known.path for known in cache.named("ORDERS")] == [("shop", "main", "orders")]
    assert [known.view for known in cache.named("recent")] == [True]
    assert cache.named("nothing") == ()


def test_columns_that_are_not_loaded_are_wanted_once() -> None:
    cache = loaded()
    path = ("shop", "main", "orders")
    assert cache.columns(path) is None
    assert cache.columns(path) is None
    assert cache.take_wanted() == (path,)
    assert cache.take_wanted() == ()
    ticket = cache.begin(path)
    assert cache.columns(path) is None
    assert cache.take_wanted() == ()  # they are on their way
    cache.put(path, [column(*path, "id", type="BIGINT")], ticket)
    assert cache.columns(path) == (KnownColumn("id", "BIGINT"),)


def test_columns_out_of_date_are_given_and_wanted_again() -> None:
    cache = loaded()
    path = ("shop", "main", "orders")
    cache.put(path, [column(*path, "id")])
    cache.invalidate()
    assert cache.columns(path) == (KnownColumn("id", "INTEGER"),)
    assert cache.take_wanted() == (path,)


def test_the_lists_of_tables_nobody_asked_for_are_named() -> None:
    cache = CatalogCache()
    cache.put((), [database("a"), database("b")])
    cache.put(("a",), [table("a", "t")])
    assert cache.unloaded() == (("b",),)


def test_a_node_is_found_by_its_path() -> None:
    cache = loaded()
    assert cache.node(("shop", "main", "orders")) == table("shop", "main", "orders")
    assert cache.node(("shop", "main", "gone")) is None


def test_columns_not_used_for_longest_make_room() -> None:
    cache = CatalogCache(node_limit=10)
    cache.put((), [table(name) for name in "abcd"])
    for name in "abc":
        cache.put((name,), [column(name, "x"), column(name, "y")])
    assert cache.columns(("a",))  # used again: "b" is the oldest now
    cache.put(("d",), [column("d", "x"), column("d", "y")])
    assert len(cache) == 10
    assert cache.columns(("b",)) is None
    assert cache.columns(("a",))
    assert len(cache.tables()) == 4  # tables are never forgotten


def test_a_list_longer_than_the_limit_is_cut_and_says_so() -> None:
    cache = CatalogCache(node_limit=10)
    cache.put((), [table(f"t{number}") for number in range(25)])
    assert len(cache.branch().nodes) == 10
    assert cache.branch().cut == 15


def test_listeners_hear_of_each_change_outside_of_the_lock() -> None:
    cache = CatalogCache()
    heard: list[tuple[tuple[str, ...], int]] = []
    end = cache.subscribe(lambda path: heard.append((path, len(cache.tables()))))
    cache.put((), [table("t")])
    end()
    cache.put((), [])
    assert heard == [((), 1)]


def test_many_threads_leave_the_count_right() -> None:
    cache = CatalogCache(node_limit=300)
    cache.put((), [table(f"t{number}") for number in range(20)])

    def work(seed: int) -> None:
        for step in range(300):
            name = f"t{(seed * 7 + step) % 20}"
            ticket = cache.begin((name,))
            cache.put((name,), [column(name, f"c{i}") for i in range(step % 40)], ticket)
            cache.columns((name,))
            if step % 50 == 0:
                cache.invalidate((name,))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = sum(len(cache.branch((f"t{number}",)).nodes) for number in range(20)) + 20
    assert len(cache) == held <= 300
