"""A running instance, with StarRocks' own dialect of SQLAlchemy, Alembic and pandas (PyPI: starrocks, sqlalchemy, alembic, pandas).

Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
exits with 1 at the first step that goes wrong.
"""

import datetime
import importlib.resources
import os
import tempfile
from argparse import Namespace
from decimal import Decimal
from pathlib import Path

import pandas
from alembic import command
from alembic.autogenerate import produce_migrations
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Column, Computed, MetaData, Table, URL, create_engine, func, inspect, literal, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from starrocks import (
    ARRAY,
    BIGINT,
    BITMAP,
    BOOLEAN,
    CHAR,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    FLOAT,
    HLL,
    INTEGER,
    JSON,
    LARGEINT,
    MAP,
    SMALLINT,
    STRING,
    STRUCT,
    TINYINT,
    VARBINARY,
    VARCHAR,
)
from starrocks.alembic import include_object_for_view_mv, render_column_type
from starrocks.sql.schema import MaterializedView, View

OPTIONS = {"render_item": render_column_type, "include_object": include_object_for_view_mv}
MOMENT = datetime.datetime(2024, 2, 29, 12, 34, 56)


def url(database="", **more):
    return URL.create(
        "starrocks",
        **{
            "username": os.environ["EMRYS_SQL_USER"],
            "password": os.environ["EMRYS_SQL_PASSWORD"],
            "host": os.environ["EMRYS_SQL_HOST"],
            "port": int(os.environ["EMRYS_SQL_PORT"]),
            "database": database,
            **more,
        },
    )


def step(text):
    print(f"ok  {text}", flush=True)


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {actual!r}")


def refused(kind, errno, call):
    try:
        call()
    except kind as problem:
        expect(problem.orig.args[0], errno, f"the number of {problem}")
        return
    raise AssertionError(f"expected the refusal {errno}, but it went through")


# What each type is declared as, what is stored, and what comes back. LARGEINT is text on the wire, as from StarRocks.
VALUES = {
    "yes": (BOOLEAN(), True, True),
    "tiny": (TINYINT(), -1, -1),
    "small": (SMALLINT(), 2, 2),
    "plain": (INTEGER(), 3, 3),
    "big": (BIGINT(), 4, 4),
    "large": (LARGEINT(), 2**100, str(2**100)),
    "single": (FLOAT(), 0.5, 0.5),
    "double": (DOUBLE(), 0.25, Decimal("0.25")),
    "price": (DECIMAL(20, 4), Decimal("1.5"), Decimal("1.5")),
    "code": (CHAR(8), "ab", "ab"),
    "name": (VARCHAR(30), "grüße 你好", "grüße 你好"),
    "story": (STRING(), "it's % long" * 100, "it's % long" * 100),
    "raw": (VARBINARY(), b"\x00\xff'", b"\x00\xff'"),
    "day": (DATE(), MOMENT.date(), MOMENT.date()),
    "moment": (DATETIME(), MOMENT, MOMENT),
    "document": (JSON(), {"a": [1, None, "x"]}, {"a": [1, None, "x"]}),
    "numbers": (ARRAY(INTEGER()), text("[1, 2]"), [1, 2]),
    "words": (ARRAY(ARRAY(VARCHAR(5))), text("[['a'], NULL]"), [["a"], None]),
    "prices": (MAP(VARCHAR(10), DECIMAL(10, 2)), text("map('a', 1.25)"), {"a": Decimal("1.25")}),
    "pair": (STRUCT(("a", INTEGER()), ("b", ARRAY(STRING()))), text("row(1, ['q'])"), {"a": 1, "b": ["q"]}),
}


def tables(metadata):
    """One of every model, way of partitioning and kind of column."""
    hashed = {"starrocks_distributed_by": "HASH(id)"}
    Table(
        "typed",
        metadata,
        Column("id", BIGINT(), nullable=False),
        *[Column(name, kind) for name, (kind, _, _) in VALUES.items()],
        comment="it's every type",
        starrocks_primary_key="id",
        starrocks_distributed_by="HASH(id) BUCKETS 3",
        starrocks_order_by="id",
        starrocks_properties={"replication_num": "1"},
    )
    Table(
        "counted",
        metadata,
        Column("id", BIGINT(), nullable=False),
        Column("visitors", BITMAP(), nullable=False, starrocks_agg_type="BITMAP_UNION"),
        Column("pages", HLL(), nullable=False, starrocks_agg_type="HLL_UNION"),
        Column("hits", BIGINT(), starrocks_agg_type="SUM"),
        starrocks_aggregate_key="id",
        **hashed,
    )
    Table(
        "event",
        metadata,
        Column("id", INTEGER(), nullable=False),
        Column("day", DATE(), nullable=False),
        Column("note", VARCHAR(20), server_default="x", comment="it's a note"),
        Column("made", DATETIME(), server_default=text("CURRENT_TIMESTAMP")),
        starrocks_duplicate_key="id,day",
        starrocks_partition_by="RANGE(day) (PARTITION p1 VALUES LESS THAN ('2024-02-01'), PARTITION p2 VALUES LESS THAN ('2024-03-01'))",
        starrocks_order_by="day,id",
        **hashed,
    )
    Table(
        "daily",
        metadata,
        Column("id", INTEGER(), nullable=False),
        Column("moment", DATETIME(), nullable=False),
        starrocks_primary_key="id,moment",
        starrocks_partition_by="date_trunc('day', moment)",
        **hashed,
    )
    Table(
        "local",
        metadata,
        Column("id", INTEGER(), nullable=False),
        Column("city", VARCHAR(20), nullable=False),
        starrocks_unique_key="id,city",
        starrocks_partition_by="LIST(city) (PARTITION pa VALUES IN ('a', 'b'))",
        **hashed,
    )
    Table(
        "person",
        metadata,
        Column("id", BIGINT(), primary_key=True, autoincrement=True),
        Column("name", VARCHAR(20)),
        starrocks_primary_key="id",
        **hashed,
    )
    Table(
        "doubled",
        metadata,
        Column("id", BIGINT(), nullable=False),
        Column("twice", BIGINT(), Computed("id * 2")),
        starrocks_duplicate_key="id",
        starrocks_distributed_by="RANDOM",
    )


def main():
    with create_engine(url()).begin() as connection:
        connection.execute(text("CREATE DATABASE shop"))
    refused(OperationalError, 1045, lambda: create_engine(url(password="wrong")).connect())
    engine = create_engine(url("shop"))
    with create_engine(url("default_catalog.shop")).connect() as connection:
        expect(connection.scalar(text("SELECT database()")), "shop", "the database of a URL that names the catalog")
        expect(connection.dialect.server_version_info[0] >= 3, True, "the version")
    step("logs in, by database and by catalog.database")

    metadata = MetaData()
    tables(metadata)
    rows(engine, metadata.tables)
    reflection(engine)
    metadata.drop_all(engine)
    migrations(engine, metadata)
    frames(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP DATABASE shop FORCE"))


def rows(engine, table):
    for each in table.values():
        each.create(engine)
    typed = table["typed"]
    plain = {name: given for name, (_, given, _) in VALUES.items() if not hasattr(given, "text")}
    nested = {name: given for name, (_, given, _) in VALUES.items() if hasattr(given, "text")}
    with engine.begin() as connection:
        connection.execute(typed.insert(), {"id": 1, **plain})
        connection.execute(typed.insert(), [{"id": 2, "plain": 5}, {"id": 3, "plain": 10}])
        connection.execute(typed.update().where(typed.c.id == 1).values(nested))
        back = connection.execute(select(typed).where(typed.c.id == 1)).mappings().one()
        for name, (_, _, wanted) in VALUES.items():
            expect(back[name], wanted, f"{name} read back")
        expect(connection.scalar(select(func.sum(typed.c.plain)).where(typed.c.plain.between(3, 9))), 8, "a sum")
        page = select(typed.c.id).order_by(typed.c.id.desc()).limit(1).offset(1)
        expect(connection.scalars(page).all(), [2], "a page")
        connection.execute(typed.delete().where(typed.c.id.in_([1, 3])))
        expect(connection.scalars(select(typed.c.id)).all(), [2], "what is left")
        # Without a condition the dialect empties the table.
        connection.execute(typed.delete())
        expect(connection.scalar(select(func.count()).select_from(typed)), 0, "what is left of all")
    step("rows of every type are inserted, read, updated and deleted")

    counted, person, doubled = table["counted"], table["person"], table["doubled"]
    with engine.begin() as connection:
        for visitor in (5, 6, 6):
            values = [literal(1), func.to_bitmap(visitor), func.hll_hash("x"), literal(3)]
            connection.execute(counted.insert().from_select(["id", "visitors", "pages", "hits"], select(*values)))
        sums = select(func.bitmap_union_count(counted.c.visitors), func.hll_union_agg(counted.c.pages), func.sum(counted.c.hits))
        expect(connection.execute(sums).one(), (2, 1, 9), "sketches")
        connection.execute(person.insert(), [{"name": "Ada"}, {"name": "Bob"}])
        expect(connection.scalar(select(func.count(person.c.id.distinct()))), 2, "numbered rows")
        connection.execute(doubled.insert(), [{"id": 4}])
        expect(connection.execute(select(doubled)).one(), (4, 8), "a computed column")
    step("aggregates, numbered rows, computed columns")


def reflection(engine):
    seen = inspect(engine)
    expect(sorted(seen.get_table_names()), ["counted", "daily", "doubled", "event", "local", "person", "typed"], "tables")
    expect((seen.has_table("typed"), seen.has_table("nowhere")), (True, False), "whether a table is there")

    columns = {column["name"]: column for column in seen.get_columns("typed")}
    for name, (kind, _, _) in VALUES.items():
        # What it wrote as STRING is a VARCHAR of 65533, and reads as such.
        wanted = VARCHAR if isinstance(kind, STRING) else type(kind)
        expect(type(columns[name]["type"]) if not isinstance(columns[name]["type"], type) else columns[name]["type"], wanted, name)
    expect((columns["price"]["type"].precision, columns["price"]["type"].scale), (20, 4), "a decimal's digits")
    inner = columns["prices"]["type"].value_type
    expect((inner.precision, inner.scale), (10, 2), "a decimal's digits inside a map")
    expect([name for name, _ in columns["pair"]["type"].field_tuples], ["a", "b"], "a struct's fields")
    sketches = [(column["type"].__class__, column["dialect_options"]) for column in seen.get_columns("counted")[1:]]
    wanted = [(BITMAP, "BITMAP_UNION"), (HLL, "HLL_UNION"), (BIGINT, "SUM")]
    expect(sketches, [(kind, {"starrocks_agg_type": word}) for kind, word in wanted], "sketches")
    key, name = seen.get_columns("person")
    expect((key["autoincrement"], key["nullable"], key["dialect_options"]), (True, False, {}), "a numbered column")
    computed = seen.get_columns("doubled")[1]
    expect((computed["computed"]["sqltext"].replace("`", ""), computed["dialect_options"]), ("id * 2", {}), "a computed column")
    note, made = seen.get_columns("event")[2:]
    expect((note["default"], note["comment"]), ("'x'", "it's a note"), "a default and a comment")
    expect(made["default"], "CURRENT_TIMESTAMP", "a default that is computed")
    step("reflects columns of every type")

    typed = Table("typed", MetaData(), autoload_with=engine)
    expect(typed.comment, "it's every type", "the comment")
    options = {name.removeprefix("starrocks_"): value for name, value in typed.dialect_kwargs.items()}
    expect(options.pop("properties")["replication_num"], "1", "a property")
    wanted = {"engine": "OLAP", "primary_key": "id", "distributed_by": "HASH(`id`) BUCKETS 3", "order_by": "`id`"}
    expect(options, wanted, "options")
    partitions = {
        name: str(seen.get_table_options(name)["starrocks_partition_by"]).split(" (")[0] for name in ("event", "daily", "local")
    }
    wanted = {"event": "RANGE(`day`)", "daily": "date_trunc('day', moment)", "local": "LIST(`city`)"}
    expect(partitions, wanted, "partitions")
    for name, option in {"event": "duplicate_key", "counted": "aggregate_key", "local": "unique_key"}.items():
        expect(f"starrocks_{option}" in seen.get_table_options(name), True, f"the {option} of {name}")
    step("reflects tables' options")


def migrations(engine, metadata):
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder), engine, metadata)
        project.upgrade("tables")
        expect(project.differences(), [], "differences after the tables")
        with engine.begin() as connection:
            connection.execute(metadata.tables["person"].insert(), [{"name": "Ada"}])
        step("Alembic creates every table, and finds no difference after it")

        # The dialect creates views before tables: they take a revision of their own.
        View("short", metadata, definition="SELECT id, name FROM shop.person WHERE id < 20", comment="few")
        MaterializedView(
            "per_city",
            metadata,
            definition="SELECT city, count(*) AS n FROM shop.local GROUP BY city",
            starrocks_refresh="MANUAL",
            starrocks_distributed_by="HASH(city)",
            starrocks_properties={"replication_num": "1"},
        )
        project.upgrade("views")
        expect(project.differences(), [], "differences after the views")
        seen = inspect(engine)
        expect(seen.get_view_names(), ["short"], "views")
        with engine.connect() as connection:
            expect(engine.dialect.get_materialized_view_names(connection), ["per_city"], "materialized views")
        expect("few" in str(seen.get_table_comment("short")), True, "a view's comment")
        with engine.begin() as connection:
            expect(connection.execute(text("SELECT name FROM short")).all(), [("Ada",)], "a view's rows")
            connection.execute(text("INSERT INTO `local` VALUES (1, 'a'), (2, 'a')"))
            connection.execute(text("REFRESH MATERIALIZED VIEW per_city WITH SYNC MODE"))
            expect(connection.execute(text("SELECT * FROM per_city")).all(), [("a", 2)], "a materialized view's rows")
        step("views and materialized views too")

        person = metadata.tables["person"]
        person.append_column(Column("age", INTEGER(), comment="in years"))
        person.c.name.type = VARCHAR(40)
        project.upgrade("change")
        expect(project.differences(), [], "differences after a change")
        with engine.begin() as connection:
            connection.execute(person.insert(), [{"name": "n" * 40, "age": 5}])
            expect(connection.scalar(select(func.count()).where(person.c.age.is_(None))), 1, "older rows")
        step("columns are added and widened")

        # The way back would shorten a column.
        refused(ProgrammingError, 1064, lambda: project.downgrade("-1"))
        with engine.begin() as connection:
            connection.execute(text("DROP MATERIALIZED VIEW per_city"))
            connection.execute(text("DROP VIEW short"))
            connection.execute(text("DROP TABLE alembic_version"))
        metadata.drop_all(engine, tables=[table for table in metadata.sorted_tables if table.name not in ("short", "per_city")])
        expect(inspect(engine).get_table_names(), [], "tables after all were dropped")
        step("and dropped")


ENVIRONMENT = """
from alembic import context

settings = context.config.attributes
with settings["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=settings["metadata"], **settings["options"])
    with context.begin_transaction():
        context.run_migrations()
"""


class Project:
    def __init__(self, folder, engine, metadata):
        self.engine, self.metadata = engine, metadata
        (folder / "versions").mkdir()
        (folder / "env.py").write_text(ENVIRONMENT)
        template = importlib.resources.files("alembic") / "templates" / "generic" / "script.py.mako"
        (folder / "script.py.mako").write_text(template.read_text())
        self.config = Config(cmd_opts=Namespace(quiet=True))
        self.config.set_main_option("script_location", str(folder))
        self.config.attributes.update(engine=engine, metadata=metadata, options=OPTIONS)

    def upgrade(self, message):
        command.revision(self.config, message=message, autogenerate=True)
        command.upgrade(self.config, "head")

    def downgrade(self, revision):
        command.downgrade(self.config, revision)

    def differences(self):
        with self.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"target_metadata": self.metadata, **OPTIONS})
            return produce_migrations(context, self.metadata).upgrade_ops.ops


def frames(engine):
    days = pandas.to_datetime(["2024-02-28 01:00:00", "2024-02-29 02:00:00", None])
    frame = pandas.DataFrame({"id": [1, 2, 3], "name": ["Ada", None, "你好"], "share": [0.5, 1.5, None], "day": days, "ok": [True, False, True]})
    frame.to_sql("frame", engine, index=False, method="multi", chunksize=2)
    back = pandas.read_sql("SELECT * FROM frame ORDER BY id", engine)
    expect(back["id"].tolist(), [1, 2, 3], "ids of a frame")
    expect([name if isinstance(name, str) else None for name in back["name"]], ["Ada", None, "你好"], "names of a frame")
    expect(back["share"].sum(), 2.0, "a sum of a frame")
    expect(back["day"].dropna().tolist(), days.dropna().tolist(), "moments of a frame")
    expect([bool(ok) for ok in back["ok"]], [True, False, True], "truths of a frame")
    frame.to_sql("frame", engine, index=False, method="multi", if_exists="append")
    expect(len(pandas.read_sql_table("frame", engine, columns=["id"])), 6, "rows of a frame that was appended")
    frame.head(1).to_sql("frame", engine, index=False, method="multi", if_exists="replace")
    expect(pandas.read_sql("SELECT count(*) AS n FROM frame", engine)["n"].tolist(), [1], "rows of a frame that replaced")
    many = pandas.DataFrame({"id": range(20_000)})
    many.to_sql("many", engine, index=False, method="multi", chunksize=5_000)
    read = sum(len(part) for part in pandas.read_sql("SELECT id FROM many", engine, chunksize=3_000))
    expect(read, len(many), "rows of a big frame")
    step("pandas writes and reads frames")


main()
