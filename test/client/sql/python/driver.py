"""A running instance, with PyMySQL (PyPI: pymysql).

Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
exits with 1 at the first step that goes wrong.
"""

import datetime
import os
from decimal import Decimal

import pymysql
from pymysql.constants import CLIENT
from pymysql.cursors import DictCursor, SSCursor

MOMENT = datetime.datetime(2024, 2, 29, 12, 34, 56, 789000)
HUGE = 170141183460469231731687303715884105727
ROWS_MANY = 1_000_000


def connect(**more):
    return pymysql.connect(
        **{
            "host": os.environ["EMRYS_SQL_HOST"],
            "port": int(os.environ["EMRYS_SQL_PORT"]),
            "user": os.environ["EMRYS_SQL_USER"],
            "password": os.environ["EMRYS_SQL_PASSWORD"],
            "charset": "utf8mb4",
            "autocommit": True,
            **more,
        }
    )


def step(text):
    print(f"ok  {text}", flush=True)


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {actual!r}")


def refused(errno, call):
    try:
        call()
    except pymysql.MySQLError as problem:
        expect(problem.args[0], errno, f"the number of {problem}")
        return problem
    raise AssertionError(f"expected the refusal {errno}, but it went through")


def rows(connection, sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def main():
    connection = connect()
    expect(rows(connection, "SELECT current_user()"), (("'admin'@'%'",),), "who logged in")
    refused(1045, lambda: connect(password="wrong"))
    refused(1045, lambda: connect(password=""))
    refused(1045, lambda: connect(user="nobody"))
    refused(1049, lambda: connect(database="nowhere"))
    step("logs in, and not with a wrong password")

    rows(connection, "CREATE DATABASE shop")
    connection.select_db("shop")
    rows(
        connection,
        """CREATE TABLE types (
             id BIGINT NOT NULL, name VARCHAR(64), ok BOOLEAN, tiny TINYINT, small SMALLINT, whole INT, huge LARGEINT,
             ratio FLOAT, exact DOUBLE, price DECIMAL(38, 10), day DATE, moment DATETIME, doc JSON, raw VARBINARY
           ) PRIMARY KEY (id) DISTRIBUTED BY HASH (id)""",
    )
    first = (1, "grüße 你好 🐘 '\"\\", True, -128, 32767, -2147483648, HUGE, 1.5, 0.1)
    second = (Decimal("1234567890123456789.0123456789"), MOMENT.date(), MOMENT, '{"a": [1, 2]}', b"\x00\xff'")
    with connection.cursor() as cursor:
        sign = ", ".join(["%s"] * 14)
        expect(cursor.execute(f"INSERT INTO types VALUES ({sign})", first + second), 1, "rows inserted")
        many = [(number, f"n{number}") for number in range(2, 102)]
        expect(cursor.executemany("INSERT INTO types (id, name) VALUES (%s, %s)", many), 100, "rows of many")
    back = rows(connection, "SELECT * FROM types WHERE id = %s", (1,))
    # LARGEINT has no number of MySQL's: it travels as text.
    expect(back, ((*first[:6], str(HUGE), *first[7:], *second),), "the row read back")
    expect(rows(connection, "SELECT name, price, day, doc FROM types WHERE id = 2"), (("n2", None, None, None),), "NULLs")
    step("every type goes in and comes back")

    with connect(cursorclass=DictCursor, database="shop") as named:
        expect(rows(named, "SELECT count(*) AS n, max(moment) AS last FROM types"), [{"n": 101, "last": MOMENT}], "by name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, price, moment, name FROM types LIMIT 0")
        expect([field[0] for field in cursor.description], ["id", "price", "moment", "name"], "names")
        expect(cursor.description[1][5], 10, "digits of the price")
    step("results have names and types")

    connection.autocommit(False)
    for end, wanted in ((connection.rollback, 0), (connection.commit, 1)):
        connection.begin()
        rows(connection, "INSERT INTO types (id) VALUES (1000)")
        end()
        expect(rows(connection, "SELECT count(*) FROM types WHERE id = 1000"), ((wanted,),), "rows of a transaction")
    connection.autocommit(True)
    step("transactions")

    with connect(cursorclass=SSCursor) as streaming, streaming.cursor() as cursor:
        cursor.execute("SELECT generate_series, repeat('x', 50) FROM TABLE(generate_series(1, %s))", (ROWS_MANY,))
        total = sum(number for number, _ in cursor)
        expect(total, ROWS_MANY * (ROWS_MANY + 1) // 2, "the sum of a million rows")
    step("a million rows, read as they come")

    expect(rows(connection, "SHOW TABLES"), (("types",),), "SHOW TABLES")
    found = rows(
        connection,
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'shop' AND table_name = 'types' ORDER BY ordinal_position LIMIT 2",
    )
    expect(found, (("id", "bigint", "NO"), ("name", "varchar", "YES")), "information_schema.columns")
    step("what is there")

    refused(1064, lambda: rows(connection, "SELEC 1"))
    refused(1064, lambda: rows(connection, "SELECT 1; SELECT 2"))
    refused(1054, lambda: rows(connection, "SELECT nothing FROM types"))
    refused(1146, lambda: rows(connection, "SELECT * FROM nowhere"))
    refused(1064, lambda: rows(connection, "INSERT INTO types (id, day) VALUES (1, 'no day')"))
    with connect(client_flag=CLIENT.MULTI_STATEMENTS) as several, several.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT 2, 3")
        expect(cursor.fetchall(), ((1,),), "the first of two")
        expect(cursor.nextset(), True, "more to come")
        expect(cursor.fetchall(), ((2, 3),), "the second of two")
    step("refusals have their numbers; several statements only for who asked")

    with connect() as other:
        rows(other, "SET @x = 5")
        rows(connection, "KILL %s", (other.thread_id(),))
        try:
            rows(other, "SELECT 1")
            raise AssertionError("a killed connection still answers")
        except pymysql.MySQLError:
            pass
        other.connect()
        expect(rows(other, "SELECT @x"), ((None,),), "a variable of the connection that was killed")
    step("connects again after it was killed")

    rows(connection, "CREATE USER reader IDENTIFIED BY 'Reader-1-pass'")
    rows(connection, "GRANT SELECT ON TABLE shop.types TO USER reader")
    with connect(user="reader", password="Reader-1-pass", database="shop") as reader:
        expect(rows(reader, "SELECT count(*) FROM types"), ((102,),), "what a reader sees")
        refused(5203, lambda: rows(reader, "DELETE FROM types WHERE id = 1"))
    rows(connection, "ALTER USER reader IDENTIFIED BY 'Other-1-pass'")
    refused(1045, lambda: connect(user="reader", password="Reader-1-pass"))
    rows(connection, "DROP USER reader")
    rows(connection, "DROP DATABASE shop FORCE")
    step("users and grants")


main()
