"""A running instance, with the project of examples/dbt as it stands there: built and tested by dbt, and asked by SQL.

Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
exits with 1 at the first step that goes wrong.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

# A file beside this one is called as the package that it is about.
sys.path.pop(0)

import pymysql
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).parents[4] / "examples" / "dbt"


def main():
    with tempfile.TemporaryDirectory() as folder:
        # dbt writes into it.
        copy = shutil.copytree(PROJECT, Path(folder) / "dbt")
        done = dbtRunner().invoke(["--quiet", "build", "--project-dir", str(copy), "--profiles-dir", str(copy)])
    results = getattr(done.result, "results", [])
    failed = [(one.node.name, one.message) for one in results if one.status not in ("success", "pass")]
    if not done.success or failed:
        raise AssertionError(f"dbt build: {done.exception or failed or done.result}")
    names = [one.node.name for one in results]
    if not {"sales", "orders", "revenue"} <= set(names) or len(names) != 7:
        raise AssertionError(f"what was built and tested: {names}")
    print(f"ok  {len(names)} nodes built and tested", flush=True)
    address = {"host": os.environ["EMRYS_SQL_HOST"], "port": int(os.environ["EMRYS_SQL_PORT"])}
    user, password = os.environ["EMRYS_SQL_USER"], os.environ["EMRYS_SQL_PASSWORD"]
    with pymysql.connect(**address, user=user, password=password, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT orders, cast(revenue AS double) FROM shop_example.revenue ORDER BY day")
        found = cursor.fetchall()
        if found != ((2, 6.25),):
            raise AssertionError(f"the view has {found}")
        cursor.execute("DROP DATABASE shop_example FORCE")
    print("ok  the view has what was paid", flush=True)


main()
