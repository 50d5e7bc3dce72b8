"""An instance and the bucket that it works with, each as its own clients reach it: PyMySQL here, boto3, pyarrow and DuckDB there.

The addresses and keys come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER, EMRYS_SQL_PASSWORD, EMRYS_BUCKET, and the variables of
AWS' clients, as `emrys object-storage --env` prints them.
"""

import importlib.util
import math
import os
import pathlib
from urllib.parse import urlsplit

import boto3
import duckdb
import pyarrow.fs
import pymysql
from pymysql.cursors import Cursor

BUCKET = os.environ["EMRYS_BUCKET"]


def connect(**more):
    return pymysql.connect(
        **{
            "host": os.environ["EMRYS_SQL_HOST"],
            "port": int(os.environ["EMRYS_SQL_PORT"]),
            "user": os.environ["EMRYS_SQL_USER"],
            "password": os.environ["EMRYS_SQL_PASSWORD"],
            "charset": "utf8mb4",
            "autocommit": True,
            "cursorclass": Cursor,
            **more,
        }
    )


def s3():
    return boto3.client("s3")


def arrow_files():
    address = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    return pyarrow.fs.S3FileSystem(
        access_key=os.environ["AWS_ACCESS_KEY_ID"],
        secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        endpoint_override=address.netloc,
        scheme=address.scheme,
        region=os.environ["AWS_REGION"],
        force_virtual_addressing=False,
    )


def duck():
    """DuckDB's module for S3 comes as a package too: nothing is fetched from elsewhere."""
    connection = duckdb.connect()
    package = pathlib.Path(importlib.util.find_spec("duckdb_extension_httpfs").origin).parent
    (module,) = package.glob("**/httpfs.duckdb_extension")
    connection.execute(f"LOAD '{module}'")
    address = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    connection.execute(
        f"""CREATE SECRET (TYPE s3, KEY_ID '{os.environ["AWS_ACCESS_KEY_ID"]}', SECRET '{os.environ["AWS_SECRET_ACCESS_KEY"]}',
            ENDPOINT '{address.netloc}', USE_SSL false, URL_STYLE 'path', REGION '{os.environ["AWS_REGION"]}')"""
    )
    return connection


def step(text):
    print(f"ok  {text}", flush=True)


def same(actual, wanted):
    """NaN is itself here, and zero has a sign."""
    if isinstance(wanted, float) and isinstance(actual, float):
        if math.isnan(wanted):
            return math.isnan(actual)
        return actual == wanted and math.copysign(1, actual) == math.copysign(1, wanted)
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return actual.keys() == wanted.keys() and all(same(actual[key], value) for key, value in wanted.items())
    if isinstance(wanted, (list, tuple)) and isinstance(actual, (list, tuple)):
        return len(actual) == len(wanted) and all(same(one, other) for one, other in zip(actual, wanted))
    return type(actual) is type(wanted) and actual == wanted


def expect(actual, wanted, what):
    if not same(actual, wanted):
        raise AssertionError(f"{what}: expected {wanted!r}, got {actual!r}")


def rows(connection, sql, parameters=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
