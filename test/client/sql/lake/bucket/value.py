"""Values of every type of StarRocks that a file can hold: the smallest, the largest, the oddest, and none."""

import datetime
import json
import struct
from decimal import Decimal

COLUMNS = {
    "id": "INT",
    "ok": "BOOLEAN",
    "tiny": "TINYINT",
    "small": "SMALLINT",
    "big": "BIGINT",
    "huge": "LARGEINT",
    "ratio": "FLOAT",
    "exact": "DOUBLE",
    "price": "DECIMAL(9, 2)",
    "rate": "DECIMAL(18, 6)",
    "fine": "DECIMAL(38, 20)",
    "whole": "DECIMAL(38, 0)",
    "day": "DATE",
    "moment": "DATETIME",
    "code": "CHAR(10)",
    "name": "VARCHAR(65533)",
    "raw": "VARBINARY",
    "doc": "JSON",
    "numbers": "ARRAY<BIGINT>",
    "words": "ARRAY<VARCHAR(100)>",
    "tags": "MAP<VARCHAR(100), INT>",
    "place": "STRUCT<x DOUBLE, label VARCHAR(100)>",
    "deep": "ARRAY<STRUCT<n INT, words ARRAY<VARCHAR(100)>>>",
}

# Nested values as JSON: StarRocks' own texts of them have no escapes.
SELECTED = ", ".join(
    f"to_json(named_struct('value', `{name}`))" if "<" in type else f"`{name}`"
    for name, type in COLUMNS.items()
)

TABLE = f"CREATE TABLE %s ({', '.join(f'`{name}` {type}' for name, type in COLUMNS.items())}) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)"

# Of DECIMAL(38, …): a LARGEINT goes into files as one, so its own largest values, of 39 digits, do not.
NINES = 10**38 - 1

ODD = (
    "tab\there\nline\r\nwindows\rmac \\N \\\\ '' \"\" `\x01\x1f\x7f\u0085\u00a0\u2028\u2029\ufeff\ufffd"
    " ‮rtl‬ e\u0301é ß\u0130ı 你好 \U0001f418\U0001f469\u200d\U0001f4bb \U0010fffd %s {} $1 ,;|"
)

DOCUMENT = {"a": [1, -2.5, None, True, {"b": "ü\n\"\\"}], "": {}, "n": 9007199254740993}

ROWS = [
    {
        "id": 1,
        "ok": False,
        "tiny": -128,
        "small": -32768,
        "big": -(2**63),
        "huge": -NINES,
        "ratio": -3.4028234663852886e38,
        "exact": -1.7976931348623157e308,
        "price": Decimal("-9999999.99"),
        "rate": Decimal("-999999999999.999999"),
        "fine": Decimal("-999999999999999999.99999999999999999999"),
        "whole": Decimal(-NINES),
        "day": datetime.date(1, 1, 1),
        "moment": datetime.datetime(1, 1, 1, 0, 0, 0),
        "code": "",
        "name": "",
        "raw": b"",
        "doc": {},
        "numbers": [],
        "words": [],
        "tags": {},
        "place": {"x": -0.0, "label": ""},
        "deep": [],
    },
    {
        "id": 2,
        "ok": True,
        "tiny": 127,
        "small": 32767,
        "big": 2**63 - 1,
        "huge": NINES,
        "ratio": 1.401298464324817e-45,
        "exact": 5e-324,
        "price": Decimal("9999999.99"),
        "rate": Decimal("999999999999.999999"),
        "fine": Decimal("999999999999999999.99999999999999999999"),
        "whole": Decimal(NINES),
        "day": datetime.date(9999, 12, 31),
        "moment": datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
        "code": "ünïcöd",
        "name": ODD,
        "raw": bytes(range(256)),
        "doc": DOCUMENT,
        "numbers": [-(2**63), None, 2**63 - 1],
        "words": [ODD, "", None, "null", "NULL", "a,b", "]"],
        "tags": {"": 0, "ü\"'\\": -(2**31), "none": None},
        "place": {"x": 0.1, "label": ODD},
        "deep": [{"n": 1, "words": ["a", None]}, None, {"n": None, "words": None}, {"n": 2, "words": []}],
    },
    {
        "id": 3,
        "ok": True,
        "tiny": 0,
        "small": 0,
        "big": 0,
        "huge": 0,
        "ratio": 0.5,
        "exact": 0.1,
        "price": Decimal("0.00"),
        "rate": Decimal("0.000001"),
        "fine": Decimal("0.00000000000000000001"),
        "whole": Decimal(0),
        "day": datetime.date(1970, 1, 1),
        "moment": datetime.datetime(1969, 12, 31, 23, 59, 59, 1),
        "code": " lead",
        "name": "x" * 60_000,
        "raw": b"\xff\xfe\x00",
        "doc": [1, "two"],
        "numbers": [1],
        "words": ["one"],
        "tags": {"one": 1},
        "place": {"x": None, "label": None},
        "deep": None,
    },
    {"id": 4} | {name: None for name in COLUMNS if name != "id"},
]


def columns(rows):
    """The same values, a list for each column."""
    return {name: [row[name] for row in rows] for name in COLUMNS}


def read_json(value):
    return None if value is None else json.loads(value)


def literal(connection, value, type):
    """As SQL: what has no literal of its own is made by its function."""
    if value is None:
        return "NULL"
    if type == "JSON":
        return f"parse_json({connection.escape(json.dumps(value, ensure_ascii=False))})"
    if isinstance(value, dict) and type.startswith("MAP"):
        pairs = [f"{connection.escape(key)}: {literal(connection, item, '')}" for key, item in value.items()]
        return f"CAST(map{{{', '.join(pairs)}}} AS {type})"
    if isinstance(value, dict):
        items = [literal(connection, item, "") for item in value.values()]
        return f"row({', '.join(items)})"
    if isinstance(value, list):
        return f"[{', '.join(literal(connection, item, '') for item in value)}]"
    if isinstance(value, bytes):
        return f"to_binary('{value.hex()}', 'hex')"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    if isinstance(value, Decimal):
        return f"CAST('{value}' AS {type})"
    if isinstance(value, (datetime.date, datetime.datetime)):
        return f"'{value.isoformat(' ') if isinstance(value, datetime.datetime) else value.isoformat()}'"
    return connection.escape(value)


def from_sql(row):
    """A row as PyMySQL gives it, with the values that were meant: nested ones (SELECTED) and LARGEINT travel as text."""
    value = dict(zip(COLUMNS, row))
    for name, type in COLUMNS.items():
        if value[name] is None:
            continue
        if type == "BOOLEAN":
            value[name] = bool(value[name])
        elif type == "LARGEINT":
            value[name] = int(value[name])
        elif type == "FLOAT":
            # Its text has as many digits as tell it from every other FLOAT.
            (value[name],) = struct.unpack("f", struct.pack("f", value[name]))
        elif type == "JSON":
            value[name] = json.loads(value[name])
        elif "<" in type:
            value[name] = json.loads(value[name])["value"]
    return value
