"""Text files in the instance's bucket: what EXPORT and INSERT INTO FILES write, others read, and FILES() and LOAD read what others wrote."""

import csv
import datetime
import gzip
import io
import json
import time
from decimal import Decimal

import pyarrow.csv

from bucket.access import BUCKET, arrow_files, connect, duck, expect, rows, s3, step
from bucket.value import ODD

SEPARATORS = str.maketrans({"\t": "⇥", "\n": "⏎", "\r": "␍", "\\": "⧵"})


def keys(prefix):
    return [each["Key"] for each in s3().list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


def text_of(key):
    body = s3().get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return (gzip.decompress(body) if key.endswith(".gz") else body).decode()


def put(key, text):
    s3().put_object(Bucket=BUCKET, Key=key, Body=text if isinstance(text, bytes) else text.encode())


PLAIN = "id INT, ok BOOLEAN, big BIGINT, huge LARGEINT, exact DOUBLE, fine DECIMAL(38, 20), day DATE, moment DATETIME, name VARCHAR(5000), doc JSON"
WANTED = [
    (1, True, -(2**63), str(-(2**127)), 0.1, Decimal("-0.00000000000000000001"), datetime.date(1, 1, 1), datetime.datetime(1, 1, 1), ODD.translate(SEPARATORS), '{"a": [1, null, "ü"]}'),
    (2, False, 2**63 - 1, str(2**127 - 1), -1.7976931348623157e308, Decimal("999999999999999999.99999999999999999999"), datetime.date(9999, 12, 31), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), "", "[]"),
    (3,) + (None,) * 9,
]


def sql_text(value):
    """As StarRocks spells a value in a text file."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def load_rows(connection):
    rows(connection, "CREATE DATABASE lake")
    connection.select_db("lake")
    rows(connection, f"CREATE TABLE plain ({PLAIN}) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)")
    for row in WANTED:
        rows(connection, "INSERT INTO plain VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, parse_json(%s))", row)
    expect(read(connection, "plain"), WANTED, "the rows read back")
    step("the instance has rows of texts, numbers and moments")


def read(connection, source):
    return [(row[0], None if row[1] is None else bool(row[1]), *row[2:]) for row in rows(connection, f"SELECT * FROM {source} ORDER BY 1")]


def lines(text, separator):
    parts = [line.split(separator) for line in text.removesuffix("\n").split("\n")]
    return sorted(parts, key=lambda part: part[0])


def same_text(found, what):
    for part, row in zip(found, WANTED, strict=True):
        for text, value in zip(part, row, strict=True):
            if isinstance(value, float):
                expect(float(text), value, what)
            elif isinstance(value, str) and value[:1] in "[{" and value:
                expect(json.loads(text), json.loads(value), what)
            else:
                expect(text, sql_text(value), what)


def written_by_emrys(connection):
    rows(connection, f"EXPORT TABLE plain TO 'oss://{BUCKET}/export/a_' WITH SYNC MODE")
    (key,) = keys("export/a_")
    same_text(lines(text_of(key), "\t"), "what EXPORT wrote")
    rows(connection, f"EXPORT TABLE plain TO 'oss://{BUCKET}/export/b_' PROPERTIES ('column_separator' = '|#|')")
    for _ in range(600):
        state = [row[2] for row in rows(connection, "SHOW EXPORT") if row[5].startswith(f"oss://{BUCKET}/export/")][-1]
        if state in ("FINISHED", "CANCELLED") and keys("export/b_"):
            break
        time.sleep(0.1)
    same_text(lines(text_of(keys("export/b_")[0]), "|#|"), "what EXPORT wrote by itself")
    for codec in ["uncompressed", "gzip"]:
        rows(connection, f"INSERT INTO FILES('path' = 'oss://{BUCKET}/text/{codec}/', 'format' = 'csv', 'compression' = '{codec}') SELECT * FROM plain")
        (key,) = keys(f"text/{codec}/")
        same_text(lines(text_of(key), "\t"), f"what INSERT INTO FILES wrote, {codec}")
    by_arrow = pyarrow.csv.read_csv(
        arrow_files().open_input_stream(f"{BUCKET}/{keys('text/uncompressed/')[0]}"),
        read_options=pyarrow.csv.ReadOptions(column_names=[str(at) for at in range(10)]),
        parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=pyarrow.csv.ConvertOptions(column_types={"8": pyarrow.string()}, null_values=["\\N"], strings_can_be_null=True),
    ).sort_by("0")
    expect(by_arrow.column("8").to_pylist(), [row[8] for row in WANTED], "the texts, by pyarrow")
    by_duck = duck().execute(
        f"""SELECT * FROM read_csv('s3://{BUCKET}/text/gzip/*', delim = '\t', quote = '', escape = '', header = false, nullstr = '\\N', all_varchar = true)
            ORDER BY column0"""
    )
    expect([row[8] for row in by_duck.fetchall()], [row[8] for row in WANTED], "the texts, by DuckDB")
    step("pyarrow, DuckDB and plain Python read what EXPORT and INSERT INTO FILES wrote")


def written_by_others(connection):
    target = io.StringIO()
    # Quoted as everybody quotes: a separator, a quote and a line break may stand in a value.
    writer = csv.writer(target, delimiter=",", quotechar='"', lineterminator="\n")
    writer.writerow(["a header", "of", "three"])
    odd = [["1", 'one, "two"', "line\nbreak"], ["2", "", "tab\there"], ["3", "ü 你好 \U0001f418", "  spaces  "]]
    writer.writerows(odd)
    put("in/quoted.csv", target.getvalue())
    found = rows(
        connection,
        f"""SELECT * FROM FILES('path' = 'oss://{BUCKET}/in/quoted.csv', 'format' = 'csv', 'csv.column_separator' = ',', 'csv.enclose' = '"',
            'csv.escape' = '"', 'csv.skip_header' = '1') ORDER BY 1""",
    )
    expect([[str(value) for value in row] for row in found], odd, "what csv.writer wrote")
    table = pyarrow.table({"k": [1, 2, None], "v": ["a", "ü", None], "n": [0.5, -1e300, None]})
    pyarrow.csv.write_csv(
        table,
        arrow_files().open_output_stream(f"{BUCKET}/in/arrow.csv"),
        pyarrow.csv.WriteOptions(include_header=False, delimiter="|", quoting_style="none"),
    )
    rows(connection, "CREATE TABLE arrow (k INT, v VARCHAR(10), n DOUBLE) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k)")
    rows(
        connection,
        f"LOAD LABEL lake.from_arrow (DATA INFILE ('oss://{BUCKET}/in/arrow.csv') INTO TABLE arrow COLUMNS TERMINATED BY '|' FORMAT AS 'CSV' (k, v, n)) WITH BROKER",
    )
    state, why = loaded(connection, "from_arrow")
    expect(state, "FINISHED", why)
    expect(rows(connection, "SELECT * FROM arrow ORDER BY k DESC LIMIT 2"), ((2, "ü", -1e300), (1, "a", 0.5)), "what pyarrow wrote")
    put("in/again.tsv", text_of(keys("export/a_")[0]))
    rows(connection, "CREATE TABLE again LIKE plain")
    rows(connection, f"INSERT INTO again SELECT * FROM FILES('path' = 'oss://{BUCKET}/in/again.tsv', 'format' = 'csv')")
    expect(read(connection, "again"), WANTED, "an exported table read back")
    step("FILES() and LOAD read what Python and pyarrow wrote; an exported table comes back")


def loaded(connection, label):
    for _ in range(600):
        ((state, why),) = rows(connection, "SELECT STATE, ERROR_MSG FROM information_schema.loads WHERE LABEL = %s", (label,))
        if state in ("FINISHED", "CANCELLED"):
            return state, why
        time.sleep(0.1)
    raise AssertionError(f"{label} does not end")


def main():
    connection = connect()
    load_rows(connection)
    written_by_emrys(connection)
    written_by_others(connection)


main()
