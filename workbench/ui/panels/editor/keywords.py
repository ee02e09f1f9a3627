"""The words that the editor colours, of all the SQL dialects together.

Pure data; any thread. For colours only: whether a word is reserved in an engine is its own
business.
"""

_WORDS = """
    abort add after all alter always analyze and anti any array as asc asof at attach
    authorization autoincrement before begin between bigint binary blob bool boolean both by
    bytea call cascade case cast change char character check checkpoint cluster collate
    column columns comment commit concurrently conflict constraint copy create cross cube
    current current_date current_role current_time current_timestamp current_user cursor
    cycle data database databases date datetime deallocate decimal declare default
    deferrable deferred delete delimiter desc describe detach distinct do double drop each
    else elseif enable end engine enum escape except exclude execute exists exit explain
    export extension external false fetch filter first float following for force foreign
    format from full function generated glob global go grant group grouping groups having
    hugeint if ignore ilike immediate import in including index indexed inherits initially
    inner inout insert install instead int int2 int4 int8 integer intersect interval into is
    isnull join json jsonb key last lateral leading left level like limit load local lock
    macro map match materialized mediumint merge minus modify natural next no not nothing
    notnull null nulls numeric of offset on only open optimize or order ordinality out outer
    over overwrite partition partitions percent pivot plan positional pragma preceding
    prepare primary privileges procedure qualify raise range read real recursive references
    refresh regexp reindex release rename repeat repeatable replace reset respect restrict
    return returning returns revoke right rlike role rollback rollup row rows sample
    savepoint schema schemas security select semi separator sequence serial session set sets
    settings show similar smallint some start statement stored straight_join string struct
    summarize table tables tablesample temp temporary text then ties time timestamp
    timestamptz tinyint to top trailing transaction trigger true truncate type ubigint
    uinteger unbounded union unique unlogged unnest unpivot update use user using usmallint
    utinyint uuid vacuum values varbinary varchar variable varying vector verbose view views
    virtual when where while window with within without work write xml zone
"""
# Functions too, where a parenthesis follows at once: left(x, 3), date(x).
_CALLED = """
    cast char date datetime format if ignore insert left map match repeat replace right row
    struct time timestamp truncate unnest
"""

KEYWORDS = frozenset(_WORDS.split())
ALSO_FUNCTIONS = frozenset(_CALLED.split())
