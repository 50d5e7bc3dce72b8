"""A running instance, with dbt (PyPI: dbt-core, dbt-starrocks): a project of every kind of model, built twice.

Address and password come from EMRYS_SQL_HOST, EMRYS_SQL_PORT, EMRYS_SQL_USER and EMRYS_SQL_PASSWORD. Prints one line a step;
exits with 1 at the first step that goes wrong.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

# This file is called as the package that it is about.
sys.path.pop(0)

import pymysql
from dbt.cli.main import dbtRunner

ADDRESS = {"host": os.environ["EMRYS_SQL_HOST"], "port": int(os.environ["EMRYS_SQL_PORT"])}
USER, PASSWORD = os.environ["EMRYS_SQL_USER"], os.environ["EMRYS_SQL_PASSWORD"]

PROJECT = """
name: shop
version: "1.0"
profile: shop
flags: {send_anonymous_usage_stats: false}
"""

SCHEMA = """
models:
  - name: orders
    description: What was ordered
    columns:
      - name: id
        description: The number
        data_tests: [unique, not_null]
      - name: customer
        data_tests:
          - relationships: {arguments: {to: ref('customers'), field: id}}
      - name: state
        data_tests:
          - accepted_values: {arguments: {values: [new, paid]}}
"""

SNAPSHOT = """
{% snapshot customer_history %}
{{ config(target_schema='shop', unique_key='id', strategy='timestamp', updated_at='changed') }}
select id, name, changed from {{ ref('customers') }}
{% endsnapshot %}
"""

SEEDS = {
    "customers.csv": "id,name,changed\n1,Ada,2024-01-01 00:00:00\n2,Bob,2024-01-01 00:00:00\n",
    "sales.csv": "id,customer,state,price,day\n1,1,new,1.50,2024-01-01\n2,2,paid,2.25,2024-01-02\n3,1,paid,4.00,2024-01-02\n",
}

MODELS = {
    "orders.sql": """{{ config(materialized='table', keys=['id'], table_type='DUPLICATE', distributed_by=['id'], buckets=2,
        properties={'replication_num': '1'}, indexs=[{'columns': 'state'}]) }}
        select id, customer, state, cast(price as decimal(10, 2)) price, day from {{ ref('sales') }}""",
    "paid.sql": "{{ config(materialized='view') }} select * from {{ ref('orders') }} where state = 'paid'",
    "latest.sql": """{{ config(materialized='incremental', unique_key='id', table_type='PRIMARY', keys=['id'], distributed_by=['id']) }}
        select id, state, {{ 2 if is_incremental() else 1 }} as run from {{ ref('orders') }}
        {% if is_incremental() %} where id >= (select max(id) from {{ this }}) {% endif %}""",
    "appended.sql": "{{ config(materialized='incremental') }} select id, {{ 2 if is_incremental() else 1 }} as run from {{ ref('orders') }}",
    "daily.sql": """{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by=['day'],
        partition_type='Expr') }}
        select day, count(*) n, {{ 2 if is_incremental() else 1 }} as run from {{ ref('orders') }} group by day""",
    "moved.sql": """{{ config(materialized='incremental', incremental_strategy='dynamic_overwrite', partition_by=['day'],
        partition_type='Expr') }}
        select distinct day, {{ 2 if is_incremental() else 1 }} as run from {{ ref('orders') }}
        {% if is_incremental() %} where day = '2024-01-02' {% endif %}""",
    "totals.sql": """{{ config(materialized='materialized_view', refresh_method='manual', distributed_by=['customer']) }}
        select customer, sum(price) total from {{ ref('orders') }} group by customer""",
    "few.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('orders') }} where id < 3",
    "counted.sql": "select count(*) n from {{ ref('few') }}",
}


def step(text):
    print(f"ok  {text}", flush=True)


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {actual!r}")


def rows(sql):
    with pymysql.connect(**ADDRESS, user=USER, password=PASSWORD, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class Project:
    def __init__(self, folder):
        self.folder = folder
        self.write("dbt_project.yml", PROJECT)
        target = {"type": "starrocks", **ADDRESS, "username": USER, "password": PASSWORD, "schema": "shop", "threads": 2}
        # JSON is YAML too.
        self.write("profiles.yml", json.dumps({"shop": {"target": "it", "outputs": {"it": target}}}))
        self.write("models/schema.yml", SCHEMA)
        self.write("snapshots/customer_history.sql", SNAPSHOT)
        for name, text in SEEDS.items():
            self.write(f"seeds/{name}", text)
        for name, text in MODELS.items():
            self.write(f"models/{name}", text)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def dbt(self, *words):
        folder = str(self.folder)
        done = dbtRunner().invoke(["--quiet", *words, "--project-dir", folder, "--profiles-dir", folder])
        if not done.success:
            failed = [(one.node.name, one.message) for one in getattr(done.result, "results", []) if one.status in ("error", "fail")]
            raise AssertionError(f"dbt {' '.join(words)}: {done.exception or failed or done.result}")
        return getattr(done.result, "results", None)


def main():
    with tempfile.TemporaryDirectory() as folder:
        build(Project(Path(folder)))
    rows("DROP DATABASE shop FORCE")


def build(project):
    project.dbt("debug")
    step("debug")
    expect(len(project.dbt("seed")), 2, "seeds")
    expect(rows("SELECT count(*), sum(price) FROM shop.sales"), ((3, 7.75),), "the seed's rows")
    step("seeds")

    expect(len(project.dbt("run")), 8, "models")
    expect("INDEX idx_state" in rows("SHOW CREATE TABLE shop.orders")[0][1], True, "an index")
    expect(rows("SELECT id FROM shop.paid ORDER BY id"), ((2,), (3,)), "a view")
    expect(rows("SELECT n FROM shop.counted"), ((2,),), "an ephemeral model")
    step("tables, views, incremental ones, a materialized view")

    project.dbt("run")
    expect(rows("SELECT id, run FROM shop.latest ORDER BY id"), ((1, 1), (2, 1), (3, 2)), "by unique_key")
    expect(rows("SELECT run, count(*) FROM shop.appended GROUP BY run ORDER BY run"), ((1, 3), (2, 3)), "appended")
    expect(rows("SELECT n, run FROM shop.daily ORDER BY day"), ((1, 2), (2, 2)), "overwritten")
    expect(rows("SELECT run FROM shop.moved ORDER BY day"), ((1,), (2,)), "one partition overwritten")
    rows("REFRESH MATERIALIZED VIEW shop.totals WITH SYNC MODE")
    expect(rows("SELECT customer, cast(total AS DOUBLE) FROM shop.totals ORDER BY customer"), ((1, 5.5), (2, 2.25)), "refreshed")
    step("a second run adds to incremental models")
    project.dbt("run", "--full-refresh")
    expect(rows("SELECT min(run), max(run) FROM shop.latest"), ((1, 1),), "again")
    step("a full refresh starts over")

    expect(len(project.dbt("test")), 4, "tests")
    rows("INSERT INTO shop.orders SELECT * FROM shop.orders WHERE id = 1")
    try:
        project.dbt("test")
        raise AssertionError("a test passed over what it forbids")
    except AssertionError as problem:
        expect("unique_orders_id" in str(problem), True, f"the test that fails in {problem}")
    step("tests, and one that fails")

    project.dbt("snapshot")
    expect(rows("SELECT id, name FROM shop.customer_history ORDER BY id"), ((1, "Ada"), (2, "Bob")), "the snapshot")
    # The adapter's second run is `UPDATE t, (SELECT …)`, which StarRocks' grammar has not.
    step("a snapshot")

    project.dbt("docs", "generate")
    catalog = json.loads((project.folder / "target" / "catalog.json").read_text())["nodes"]
    orders = catalog["model.shop.orders"]["columns"]
    expect(list(orders), ["id", "customer", "state", "price", "day"], "columns of the catalog")
    step("documentation")


main()
