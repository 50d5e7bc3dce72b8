"""TPC-DS: DuckDB's extension makes the data and has the texts of the 99 queries; the instance loads the one by Stream Load, answers the others, and
each answer is DuckDB's own."""

import datetime
import decimal
import json
import math
import os
import pathlib
import sys
import tempfile
import urllib.request

import duckdb
import duckdb_extension_tpcds
import pymysql

SCALE = 0.05
ORDER_OF_NULLS = "nulls_first_on_asc_last_on_desc"
SQL_MODE = "ONLY_FULL_GROUP_BY,PIPES_AS_CONCAT"
"""At this scale some have no rows."""
ANSWERED_MIN = 75
"""Of the extension, names of tables are the same in any case; StarRocks tells them apart."""
ALIASES = {49: ("CATALOG\n", "catalog\n")}

HOST, USER, PASSWORD = (os.environ[f"EMRYS_SQL_{name}"] for name in ["HOST", "USER", "PASSWORD"])


def made():
    database = duckdb.connect()
    folder = pathlib.Path(duckdb_extension_tpcds.__file__).parent
    (extension,) = folder.rglob("tpcds.duckdb_extension")
    database.execute(f"LOAD '{extension}'")
    database.execute(f"CALL dsdgen(sf = {SCALE})")
    database.execute(f"SET default_null_order = '{ORDER_OF_NULLS}'")
    return database


def columns_of(database, table):
    return database.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
    ).fetchall()


def load(database, connection, table):
    columns = columns_of(database, table)
    key = columns[0][0]
    definitions = ", ".join(f"{name} {'STRING' if kind == 'VARCHAR' else kind}" for name, kind in columns)
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE {table} ({definitions}) DUPLICATE KEY({key}) DISTRIBUTED BY HASH({key})")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        database.execute(f"COPY {table} TO '{file.name}' (DELIMITER '|', HEADER false, NULLSTR '\\N', QUOTE '')")
        answer = put(f"/api/ds/{table}/_stream_load", pathlib.Path(file.name).read_bytes())
    (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    if answer["Status"] != "Success" or answer["NumberLoadedRows"] != count:
        sys.exit(f"{table} of {count} rows: {answer}")
    return count


def put(path, body):
    """To the back end at once: urllib follows no redirect of a PUT."""
    address = f"http://{HOST}:{int(os.environ['EMRYS_HTTP_PORT']) + 10}{path}"
    password = urllib.request.HTTPPasswordMgrWithPriorAuth()
    password.add_password(None, address, USER, PASSWORD, is_authenticated=True)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(password))
    headers = {"column_separator": "|", "Expect": "100-continue"}
    with opener.open(urllib.request.Request(address, body, headers, method="PUT")) as answer:
        return json.load(answer)


def plain(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    return str(value) if isinstance(value, datetime.date) else value


def in_order(rows):
    """Numbers last: what they are written with differs."""
    found = [tuple(map(plain, row)) for row in rows]
    return sorted(found, key=lambda row: ([repr(each) for each in row if not isinstance(each, float)], [each for each in row if isinstance(each, float)]))


def is_same(one, other):
    """Averages of DECIMAL have more digits in one of them, and sums of DOUBLE depend on the order of their rows."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-5)
    return one == other


def compare(database, connection):
    answered, problems = 0, []
    for number, text in database.execute("SELECT query_nr, query FROM tpcds_queries()").fetchall():
        query = text.strip().rstrip(";").replace(*ALIASES.get(number, ("", "")))
        cursor = connection.cursor()
        try:
            cursor.execute(query)
        except pymysql.MySQLError as problem:
            problems.append(f"query {number} is refused: {problem}")
            continue
        found, wanted = in_order(cursor.fetchall()), in_order(database.execute(query).fetchall())
        answered += len(found) > 0
        pairs = zip(found, wanted)
        other = next((pair for pair in pairs if not all(map(is_same, *pair))), None)
        if other or len(found) != len(wanted):
            problems.append(f"query {number}: {len(found)} rows, DuckDB has {len(wanted)}; other rows: {other}")
    if answered < ANSWERED_MIN:
        problems.append(f"only {answered} queries have rows")
    return answered, problems


database = made()
connection = pymysql.connect(host=HOST, port=int(os.environ["EMRYS_SQL_PORT"]), user=USER, password=PASSWORD, autocommit=True)
connection.cursor().execute("CREATE DATABASE ds")
connection.select_db("ds")
connection.cursor().execute(f"SET sql_mode = '{SQL_MODE}'")
tables = [table for (table,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
rows = sum(load(database, connection, table) for table in tables)
print(f"{len(tables)} tables of {rows} rows are loaded")
answered, problems = compare(database, connection)
if problems:
    sys.exit("\n".join(problems))
print(f"99 queries are answered as DuckDB answers them, {answered} of them with rows")
