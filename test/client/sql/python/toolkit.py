"""A running instance, with SQLAlchemy on PyMySQL (PyPI: sqlalchemy, pymysql).

Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
exits with 1 at the first step that goes wrong.
"""

import datetime
import os
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    URL,
    create_engine,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

DAY = datetime.date(2024, 2, 29)
ROWS_MANY = 300_000


def url(**more):
    return URL.create(
        "mysql+pymysql",
        **{
            "username": os.environ["EMRYS_SQL_USER"],
            "password": os.environ["EMRYS_SQL_PASSWORD"],
            "host": os.environ["EMRYS_SQL_HOST"],
            "port": int(os.environ["EMRYS_SQL_PORT"]),
            "query": {"charset": "utf8mb4"},
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


class Base(DeclarativeBase):
    pass


class Customer(Base):
    """Made by hand, as StarRocks wants its own clauses; mapped as any other."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str | None] = mapped_column(String(64))
    balance: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))


def main():
    engine = create_engine(url(), pool_pre_ping=True)
    with engine.connect() as connection:
        expect(connection.scalar(text("SELECT current_user()")), "'admin'@'%'", "who logged in")
        connection.execute(text("CREATE DATABASE shop"))
    refused(OperationalError, 1045, lambda: create_engine(url(password="wrong")).connect())
    step("logs in, and not with a wrong password")

    engine = create_engine(url(database="shop"), pool_pre_ping=True, pool_size=2)
    table = Table(
        "orders",
        MetaData(),
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("name", String(64)),
        Column("price", Numeric(18, 2)),
        Column("ratio", Double),
        Column("day", Date),
        Column("moment", DateTime),
        Column("ok", Boolean),
    )
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE orders (id INT NOT NULL, name VARCHAR(64), price DECIMAL(18, 2), ratio DOUBLE, day DATE,"
                " moment DATETIME, ok BOOLEAN) PRIMARY KEY (id) DISTRIBUTED BY HASH (id)"
            )
        )
        connection.execute(
            text(
                "CREATE TABLE customer (id BIGINT NOT NULL, name VARCHAR(64), balance DECIMAL(18, 4))"
                " PRIMARY KEY (id) DISTRIBUTED BY HASH (id)"
            )
        )
    moment = datetime.datetime(2024, 2, 29, 12, 34, 56)
    given = [
        {"id": 1, "name": "grüße 你好", "price": Decimal("10.50"), "ratio": 0.1, "day": DAY, "moment": moment, "ok": True},
        {"id": 2, "name": None, "price": None, "ratio": None, "day": None, "moment": None, "ok": None},
    ]
    with engine.begin() as connection:
        connection.execute(table.insert(), given)
        back = connection.execute(select(table).order_by(table.c.id)).mappings().all()
        expect([dict(row) for row in back], given, "the rows read back")
        query = select(table.c.day, func.sum(table.c.price).label("sum")).group_by(table.c.day).having(func.count() == 1)
        expect(connection.execute(query.where(table.c.id < 2)).all(), [(DAY, Decimal("10.50"))], "a grouped sum")
        connection.execute(table.update().where(table.c.id == 2).values(name="two"))
        connection.execute(table.delete().where(table.c.id == 1))
        expect(connection.execute(select(table.c.id, table.c.name)).all(), [(2, "two")], "what is left")
    step("expressions are read as SQL, and rows come back as they went in")

    with Session(engine) as session:
        session.add_all([Customer(id=number, name=f"c{number}", balance=Decimal(number)) for number in range(1, 21)])
        session.commit()
        found = session.scalars(select(Customer).where(Customer.name.like("c1%")).order_by(Customer.id)).all()
        expect([customer.id for customer in found], [1, *range(10, 20)], "customers by name")
        found[0].name = "renamed"
        session.delete(found[1])
        session.commit()
        expect(session.get(Customer, 1).name, "renamed", "a customer renamed")
        expect(session.scalar(select(func.count()).select_from(Customer)), 19, "customers left")
    step("objects are kept")

    seen = inspect(engine)
    expect(sorted(seen.get_table_names()), ["customer", "orders"], "tables")
    expect("shop" in seen.get_schema_names(), True, "schemas")
    expect(seen.has_table("orders"), True, "a table that is there")
    expect(seen.has_table("nowhere"), False, "a table that is not")
    columns = seen.get_columns("orders")
    expect([column["name"] for column in columns], [column.name for column in table.columns], "columns")
    expect(columns[0]["nullable"], False, "the key's nullability")
    # StarRocks writes DECIMAL(18, 2) with a space, which MySQL's dialect does not read the digits of.
    expect(isinstance(columns[2]["type"], Numeric), True, "the price's type")
    expect(isinstance(columns[3]["type"], Float), True, "the ratio's type")
    with engine.begin() as connection:
        connection.execute(text("CREATE VIEW cheap AS SELECT id FROM orders WHERE price < 20"))
    expect(inspect(engine).get_view_names(), ["cheap"], "views")
    step("reflects tables, views and columns")

    with engine.connect().execution_options(stream_results=True, yield_per=1000) as connection:
        series = text("SELECT generate_series FROM TABLE(generate_series(1, :many))")
        total = sum(row[0] for row in connection.execute(series, {"many": ROWS_MANY}))
        expect(total, ROWS_MANY * (ROWS_MANY + 1) // 2, "the sum of many rows")
    step("many rows, read as they come")

    def ask(sql):
        with engine.connect() as connection:
            result = connection.execute(text(sql))
            return result.all() if result.returns_rows else []

    refused(ProgrammingError, 1064, lambda: ask("SELEC 1"))
    refused(ProgrammingError, 1146, lambda: ask("SELECT * FROM nowhere"))
    refused(OperationalError, 1054, lambda: ask("SELECT nothing FROM orders"))
    step("refusals have their numbers")

    pooled = create_engine(url(database="shop"), pool_pre_ping=True, pool_size=1)
    with pooled.connect() as connection:
        victim = connection.scalar(text("SELECT connection_id()"))
    ask(f"KILL {victim}")
    with pooled.connect() as connection:
        expect(connection.scalar(text("SELECT connection_id()")) != victim, True, "another connection")
        connection.execute(text("DROP DATABASE shop FORCE"))
    step("connects again after it was killed")


main()
