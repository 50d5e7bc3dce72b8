"""A client of Hive's protocol by PyHive, for the benchmark of EMR clusters.

For each line of its standard input, which names a HOST: prints `there` once a row was written to a table there and read again, or `absent`.
"""

import logging
import sys

from pyhive import hive
from thrift.transport.TTransport import TTransportException

logging.disable()  # Thrift's, of every attempt.


def first(host):
    connection = hive.connect(host=host, port=10_000, username="hadoop")
    try:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE IF NOT EXISTS first (number INT)")
        cursor.execute("INSERT INTO first VALUES (1)")
        cursor.execute("SELECT number FROM first LIMIT 1")
        return cursor.fetchall() == [(1,)]
    finally:
        connection.close()


for line in sys.stdin:
    try:
        found = first(line.strip())
    except (TTransportException, hive.OperationalError, OSError):  # It does not work there yet.
        found = False
    print("there" if found else "absent", flush=True)
