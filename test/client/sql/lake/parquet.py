"""Parquet files in the instance's bucket: what INSERT INTO FILES writes, pyarrow, DuckDB and boto3 read, and the other way round."""

import datetime
import json
import math
from decimal import Decimal

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from bucket.access import BUCKET, arrow_files, connect, duck, expect, rows, s3, step
from bucket.value import COLUMNS, ROWS, SELECTED, TABLE, columns, from_sql, literal, read_json

NAMES = ", ".join(f"`{name}`" for name in COLUMNS)


def load_rows(connection):
    rows(connection, "CREATE DATABASE lake")
    connection.select_db("lake")
    rows(connection, TABLE % "every")
    for row in ROWS:
        values = [literal(connection, row[name], type) for name, type in COLUMNS.items()]
        rows(connection, f"INSERT INTO every ({NAMES}) VALUES ({', '.join(values)})")
    back = [from_sql(row) for row in rows(connection, f"SELECT {SELECTED} FROM every ORDER BY id")]
    for row, wanted in zip(back, ROWS, strict=True):
        for name in COLUMNS:
            expect(row[name], wanted[name], f"{name} of row {wanted['id']} read back by SQL")
    step("the instance has a row of every type, of the smallest, the largest, the oddest values and of none")


def keys(prefix):
    return [each["Key"] for each in s3().list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


def written_by_emrys(connection):
    for codec in ["uncompressed", "snappy", "gzip", "zstd", "lz4"]:
        folder = f"out/{codec}/"
        rows(
            connection,
            f"INSERT INTO FILES('path' = 'oss://{BUCKET}/{folder}', 'format' = 'parquet', 'compression' = '{codec}') SELECT {NAMES} FROM every",
        )
        (key,) = keys(folder)
        head = s3().head_object(Bucket=BUCKET, Key=key)
        body = s3().get_object(Bucket=BUCKET, Key=key)["Body"].read()
        expect(head["ContentLength"], len(body), f"the size of {key}")
        expect((body[:4], body[-4:]), (b"PAR1", b"PAR1"), f"what {key} begins and ends with")
        table = ds.dataset(f"{BUCKET}/{folder}", format="parquet", filesystem=arrow_files()).to_table().sort_by("id")
        compare(table.to_pylist(maps_as_pydicts="strict"), f"pyarrow, {codec}")
        found = duck().execute(f"SELECT * FROM read_parquet('s3://{BUCKET}/{folder}*.parquet') ORDER BY id")
        names = [column[0] for column in found.description]
        compare([dict(zip(names, row)) for row in found.fetchall()], f"DuckDB, {codec}")
    schema = pq.read_schema(f"{BUCKET}/{keys('out/snappy/')[0]}", filesystem=arrow_files())
    expect(schema.field("huge").type, pa.decimal128(38, 0), "the type of LARGEINT in a file")
    expect(schema.field("fine").type, pa.decimal128(38, 20), "the type of DECIMAL(38, 20) in a file")
    expect(schema.field("moment").type, pa.timestamp("us"), "the type of DATETIME in a file")
    step("pyarrow, DuckDB and boto3 read what INSERT INTO FILES wrote, under every codec, each value as it was")


def compare(found, reader):
    for row, wanted in zip(found, ROWS, strict=True):
        for name, type in COLUMNS.items():
            value = row[name]
            if type == "JSON":
                value = read_json(value)
            elif type == "LARGEINT" and value is not None:
                value = int(value)
            expect(value, wanted[name], f"{reader}: {name} of row {wanted['id']}")


def partitions(connection):
    rows(
        connection,
        f"""INSERT INTO FILES('path' = 'oss://{BUCKET}/parts/', 'format' = 'parquet', 'partition_by' = 'g,h')
            SELECT n AS id, n % 3 AS g, if(n % 2 = 0, 'a b', 'ü=/%') AS h FROM TABLE(generate_series(1, 1000)) AS t(n)""",
    )
    table = ds.dataset(f"{BUCKET}/parts/", format="parquet", filesystem=arrow_files(), partitioning="hive").to_table()
    found = sorted((row["id"], row["g"], row["h"]) for row in table.to_pylist())
    expect(found, [(n, n % 3, "a b" if n % 2 == 0 else "ü=/%") for n in range(1, 1001)], "partitions by pyarrow")
    # StarRocks gives the folder's name as it is.
    again = rows(
        connection,
        f"""SELECT id, g, url_decode(h) FROM FILES('path' = 'oss://{BUCKET}/parts/*/*/*', 'format' = 'parquet', 'columns_from_path' = 'g,h') ORDER BY id""",
    )
    expect(again[0], (1, "1", "ü=/%"), "partitions by the instance")
    step("folders of partitions hold what their names say")


def from_pyarrow(connection):
    values = columns(ROWS)
    fields = {
        "id": pa.int32(),
        "ok": pa.bool_(),
        "tiny": pa.int8(),
        "small": pa.int16(),
        "big": pa.int64(),
        "huge": pa.decimal128(38, 0),
        "ratio": pa.float32(),
        "exact": pa.float64(),
        "price": pa.decimal128(9, 2),
        "rate": pa.decimal128(18, 6),
        "fine": pa.decimal128(38, 20),
        "whole": pa.decimal128(38, 0),
        "day": pa.date32(),
        "moment": pa.timestamp("us"),
        "code": pa.string(),
        "name": pa.large_string(),
        "raw": pa.binary(),
        "doc": pa.string(),
        "numbers": pa.list_(pa.int64()),
        "words": pa.list_(pa.string()),
        "tags": pa.map_(pa.string(), pa.int32()),
        "place": pa.struct({"x": pa.float64(), "label": pa.string()}),
        "deep": pa.list_(pa.struct({"n": pa.int32(), "words": pa.list_(pa.string())})),
    }
    values["huge"] = [None if value is None else Decimal(value) for value in values["huge"]]
    values["doc"] = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values["doc"]]
    values["tags"] = [None if value is None else list(value.items()) for value in values["tags"]]
    table = pa.table({name: pa.array(values[name], type) for name, type in fields.items()})
    for version, codec in [("1.0", "snappy"), ("2.0", "zstd"), ("2.0", "brotli"), ("1.0", "gzip"), ("1.0", "none")]:
        pq.write_table(
            table,
            f"{BUCKET}/in/{codec}.parquet",
            filesystem=arrow_files(),
            compression=codec,
            data_page_version=version,
            row_group_size=2,
        )
    # DuckDB keeps the type JSON in what it writes.
    duck().execute(
        f"COPY (SELECT * REPLACE (doc::JSON AS doc) FROM 's3://{BUCKET}/in/snappy.parquet') TO 's3://{BUCKET}/in/duck.parquet'"
    )
    for name in ["snappy", "zstd", "brotli", "gzip", "none", "duck"]:
        source = f"FILES('path' = 'oss://{BUCKET}/in/{name}.parquet', 'format' = 'parquet')"
        found = [from_sql(row) for row in rows(connection, f"SELECT {SELECTED} FROM {source} ORDER BY id")]
        for row, wanted in zip(found, ROWS, strict=True):
            for column in COLUMNS:
                expect(row[column], wanted[column], f"{column} of row {wanted['id']} in {name}.parquet")
        rows(connection, TABLE % f"from_{name}")
        rows(connection, f"INSERT INTO from_{name} SELECT * FROM {source}")
        loaded = [from_sql(row) for row in rows(connection, f"SELECT {SELECTED} FROM from_{name} ORDER BY id")]
        expect(loaded, ROWS, f"a table loaded from {name}.parquet")
    step("FILES() reads what pyarrow and DuckDB wrote, and tables loaded from it hold each value as it was")


def other_types(connection):
    """Types of Parquet that StarRocks has no word for, and numbers that SQL has no literal for."""
    utc = datetime.timezone.utc
    moment = datetime.datetime(2024, 2, 29, 23, 59, 59)
    late = moment.replace(microsecond=999999)
    numbers = [math.nan, math.inf, -math.inf, -0.0, 1.5, None]
    cases = {
        "f": (pa.float32(), numbers, numbers),
        "d": (pa.float64(), numbers, numbers),
        "u8": (pa.uint8(), [0, 255, None] * 2, [0, 255, None] * 2),
        "u16": (pa.uint16(), [0, 65535, None] * 2, [0, 65535, None] * 2),
        "u32": (pa.uint32(), [0, 2**32 - 1, None] * 2, [0, 2**32 - 1, None] * 2),
        "u64": (pa.uint64(), [0, 2**64 - 1, None] * 2, ["0", str(2**64 - 1), None] * 2),
        "ms": (pa.timestamp("ms"), [moment, None] * 3, [moment, None] * 3),
        "us": (pa.timestamp("us"), [late, None] * 3, [late, None] * 3),
        "ns": (pa.timestamp("ns"), [late, None] * 3, [late, None] * 3),
        "tz": (pa.timestamp("us", "UTC"), [late.replace(tzinfo=utc), None] * 3, [late + datetime.timedelta(hours=8), None] * 3),
        "d64": (pa.date64(), [moment.date(), None] * 3, [moment.date(), None] * 3),
        "dict": (pa.dictionary(pa.int8(), pa.string()), ["a", "b", None] * 2, ["a", "b", None] * 2),
        "fixed": (pa.binary(3), [b"\x00\xff'", None] * 3, [b"\x00\xff'", None] * 3),
        "nothing": (pa.null(), [None] * 6, [None] * 6),
    }
    table = pa.table({"n": pa.array(range(6), pa.int32())} | {name: pa.array(values, type) for name, (type, values, _) in cases.items()})
    pq.write_table(table, f"{BUCKET}/other.parquet", filesystem=arrow_files(), store_schema=False)
    rows(connection, "SET time_zone = 'Asia/Shanghai'")
    found = rows(
        connection,
        f"SELECT {', '.join(cases)} FROM FILES('path' = 'oss://{BUCKET}/other.parquet', 'format' = 'parquet') ORDER BY n",
    )
    for at, (name, (_, _, wanted)) in enumerate(cases.items()):
        expect([row[at] for row in found], wanted, f"the column {name}")
    rows(connection, "CREATE TABLE number (n INT, f FLOAT, d DOUBLE) DUPLICATE KEY (n) DISTRIBUTED BY HASH (n)")
    rows(connection, f"INSERT INTO number SELECT n, f, d FROM FILES('path' = 'oss://{BUCKET}/other.parquet', 'format' = 'parquet')")
    rows(connection, f"INSERT INTO FILES('path' = 'oss://{BUCKET}/number/', 'format' = 'parquet') SELECT * FROM number")
    again = ds.dataset(f"{BUCKET}/number/", format="parquet", filesystem=arrow_files()).to_table().sort_by("n").to_pydict()
    expect([again["f"], again["d"]], [numbers, numbers], "NaN, infinities and -0 there and back")
    step("FILES() reads types that StarRocks has no word for; NaN, infinities and the sign of zero come back")


def main():
    connection = connect()
    load_rows(connection)
    written_by_emrys(connection)
    partitions(connection)
    from_pyarrow(connection)
    other_types(connection)


main()
