"""Lake tables in the instance's bucket: pyiceberg and delta-rs write them, and the instance's external catalogs read them; files that the
instance wrote become tables of theirs."""

import json
import os
import tempfile
from decimal import Decimal

import deltalake
import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog

from bucket.access import BUCKET, connect, expect, rows, s3, step
from bucket.value import COLUMNS, ROWS, SELECTED, columns, from_sql

NAMES = ", ".join(f"`{name}`" for name in COLUMNS)

DELTA = {
    "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
    "AWS_REGION": os.environ["AWS_REGION"],
    "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
    "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
    "AWS_ALLOW_HTTP": "true",
    "AWS_S3_ALLOW_UNSAFE_RENAME": "true",
}

# Neither Iceberg nor Parquet's readers of it know smaller whole numbers, LARGEINT or JSON.
FIELDS = {
    "id": pa.int32(),
    "ok": pa.bool_(),
    "tiny": pa.int32(),
    "small": pa.int32(),
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
    "name": pa.string(),
    "raw": pa.binary(),
    "doc": pa.string(),
    "numbers": pa.list_(pa.int64()),
    "words": pa.list_(pa.string()),
    "tags": pa.map_(pa.string(), pa.int32()),
    "place": pa.struct({"x": pa.float64(), "label": pa.string()}),
    "deep": pa.list_(pa.struct({"n": pa.int32(), "words": pa.list_(pa.string())})),
}

# pyiceberg 0.12 writes no NULL for a list of structs, but an empty one: so do pyarrow and DuckDB read its files.
WRITTEN = [row | {"deep": row["deep"] or []} for row in ROWS]


def table_of(some):
    values = columns(some)
    values["huge"] = [None if value is None else Decimal(value) for value in values["huge"]]
    values["doc"] = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values["doc"]]
    values["tags"] = [None if value is None else list(value.items()) for value in values["tags"]]
    return pa.table({name: pa.array(values[name], type) for name, type in FIELDS.items()})


def compare(connection, source, wanted):
    found = [from_sql(row) for row in rows(connection, f"SELECT {SELECTED} FROM {source} ORDER BY id")]
    expect([row["id"] for row in found], [row["id"] for row in wanted], f"the rows of {source}")
    for row, other in zip(found, wanted):
        for name in COLUMNS:
            expect(row[name], other[name], f"{name} of row {other['id']} of {source}")


def iceberg_catalog(folder):
    return SqlCatalog(
        "own",
        uri=f"sqlite:///{folder}/catalog.db",
        warehouse=f"s3://{BUCKET}/ice",
        **{
            "s3.endpoint": os.environ["AWS_ENDPOINT_URL"],
            "s3.region": os.environ["AWS_REGION"],
            "s3.access-key-id": os.environ["AWS_ACCESS_KEY_ID"],
            "s3.secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"],
            "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
        },
    )


def publish(table, version):
    """Under the names of Iceberg's catalog of folders, which pyiceberg has not."""
    source = table.metadata_location.removeprefix(f"s3://{BUCKET}/")
    folder = table.location().removeprefix(f"s3://{BUCKET}/") + "/metadata"
    body = s3().get_object(Bucket=BUCKET, Key=source)["Body"].read()
    s3().put_object(Bucket=BUCKET, Key=f"{folder}/v{version}.metadata.json", Body=body)
    s3().put_object(Bucket=BUCKET, Key=f"{folder}/version-hint.text", Body=str(version).encode())


def iceberg(connection, own):
    own.create_namespace("sales")
    arrow = table_of(ROWS)
    table = own.create_table("sales.every", schema=arrow.schema, location=f"s3://{BUCKET}/ice/sales/every")
    table.append(table_of(ROWS[:2]))
    first = table.current_snapshot().snapshot_id
    publish(table, 1)
    rows(
        connection,
        f"""CREATE EXTERNAL CATALOG ice PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "hadoop",
            "iceberg.catalog.warehouse" = "oss://{BUCKET}/ice")""",
    )
    expect(rows(connection, "SHOW DATABASES FROM ice"), (("information_schema",), ("sales",)), "databases")
    expect(rows(connection, "SHOW TABLES FROM ice.sales"), (("every",),), "tables")
    compare(connection, "ice.sales.every", WRITTEN[:2])
    table.append(table_of(ROWS[2:]))
    publish(table, 2)
    compare(connection, "ice.sales.every", WRITTEN)
    table.delete("id = 1")
    publish(table, 3)
    compare(connection, "ice.sales.every", WRITTEN[1:])
    compare(connection, f"ice.sales.every FOR VERSION AS OF {first}", WRITTEN[:2])
    step("a catalog reads what pyiceberg wrote, added and deleted, each value as it was, and an earlier snapshot")


def delta(connection):
    address = f"s3://{BUCKET}/delta/sales/every"
    deltalake.write_deltalake(address, table_of(ROWS[:2]), storage_options=DELTA)
    rows(
        connection,
        f"""CREATE EXTERNAL CATALOG delta PROPERTIES ("type" = "deltalake", "deltalake.catalog.type" = "hadoop",
            "deltalake.catalog.warehouse" = "oss://{BUCKET}/delta/")""",
    )
    compare(connection, "delta.sales.every", ROWS[:2])
    deltalake.write_deltalake(address, table_of(ROWS[2:]), mode="append", storage_options=DELTA)
    compare(connection, "delta.sales.every", ROWS)
    deltalake.DeltaTable(address, storage_options=DELTA).delete("id = 1")
    compare(connection, "delta.sales.every", ROWS[1:])
    step("a catalog reads what delta-rs wrote, added and deleted, each value as it was")


def files_of_the_instance(connection, own):
    """Loaded from the one catalog, written as Parquet, and taken over as tables without being written again."""
    rows(connection, "CREATE DATABASE lake")
    rows(connection, f"CREATE TABLE lake.every AS SELECT {NAMES} FROM ice.sales.every FOR VERSION AS OF {own.load_table('sales.every').snapshots()[1].snapshot_id}")
    compare(connection, "lake.every", WRITTEN)
    rows(connection, f"INSERT INTO FILES('path' = 'oss://{BUCKET}/taken/', 'format' = 'parquet') SELECT {NAMES} FROM lake.every")
    (key,) = [each["Key"] for each in s3().list_objects_v2(Bucket=BUCKET, Prefix="taken/")["Contents"]]
    wanted = sorted(table_of(WRITTEN).to_pylist(), key=lambda row: row["id"])
    taken = own.create_table("sales.taken", schema=table_of(ROWS).schema, location=f"s3://{BUCKET}/ice/sales/taken")
    taken.add_files([f"s3://{BUCKET}/{key}"])
    expect(json.loads(json.dumps(taken.scan().to_arrow().sort_by("id").to_pylist(), default=repr)), json.loads(json.dumps(wanted, default=repr)), "by pyiceberg")
    deltalake.convert_to_deltalake(f"s3://{BUCKET}/taken", storage_options=DELTA)
    found = pa.table(deltalake.DeltaTable(f"s3://{BUCKET}/taken", storage_options=DELTA).to_pyarrow_table()).sort_by("id")
    expect(json.loads(json.dumps(found.to_pylist(), default=repr)), json.loads(json.dumps(wanted, default=repr)), "by delta-rs")
    step("pyiceberg and delta-rs take files that the instance wrote over as tables")


def main():
    connection = connect()
    with tempfile.TemporaryDirectory() as folder:
        own = iceberg_catalog(folder)
        iceberg(connection, own)
        delta(connection)
        files_of_the_instance(connection, own)


main()
