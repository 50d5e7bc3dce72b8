"""Runs each statement given, and prints its rows with tabs between their columns: query.py HOST PORT STATEMENT..."""

import sys

from trino.dbapi import connect

host, port, *statements = sys.argv[1:]
with connect(host=host, port=int(port), user="analyst", source="test") as connection:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
        for row in cursor.fetchall():
            print("\t".join(str(value) for value in row))
