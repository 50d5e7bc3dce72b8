"""The DAG of examples/airflow, without Airflow: its tasks run one after the other as their arguments and `>>` say, against a server.

    python airflow-dag.py http://127.0.0.1:4580

What the DAG imports of Airflow is stood in for: a task is run when it is called, a sensor until it is done, and the hook sends by
`requests` as that of apache-airflow-providers-http does (a prepared request, signed by `auth_type(login, password)`, and an error for
status 400 and above). The keys come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. Prints one line a step; exits with 1 at
the first step that goes wrong.
"""

import os
import runpy
import sys
import time
import types
from pathlib import Path

import requests

DAG = Path(__file__).parents[3] / "examples" / "airflow" / "emr_cluster.py"
TIMEOUT_SECONDS = 120
PAUSE_SECONDS = 0.1
ran = []


class Done:
    """What a task gave. Tasks run in the order of their calls, so that what is wanted of the order is shown already."""

    def __init__(self, name, value):
        self.name, self.value = name, value

    def __rshift__(self, other):
        if ran.index(self.name) > ran.index(other.name):
            raise AssertionError(f"{other.name} ran before {self.name}")
        return other


def task(function=None, **options):
    if function is None:
        return lambda named: task(named, **options)
    if not set(options) <= {"trigger_rule"}:
        raise AssertionError(f"options of a task that are not known: {options}")

    def call(*given):
        value = function(*[each.value for each in given])
        ran.append(function.__name__)
        print(f"ok  {function.__name__}: {value}", flush=True)
        return Done(function.__name__, value)

    return call


def sensor(**options):
    if set(options) != {"poke_interval", "timeout", "mode"}:
        raise AssertionError(f"options of a sensor: {options}")

    def named(function):
        def call(*given):
            end = time.monotonic() + TIMEOUT_SECONDS
            pokes = 0
            while time.monotonic() < end:
                pokes += 1
                value = function(*[each.value for each in given])
                if value.is_done:
                    ran.append(function.__name__)
                    print(f"ok  {function.__name__} after {pokes} looks", flush=True)
                    return Done(function.__name__, value.xcom_value)
                time.sleep(PAUSE_SECONDS)
            raise AssertionError(f"{function.__name__}: not within {TIMEOUT_SECONDS} seconds")

        return call

    return named


task.sensor = sensor


class PokeReturnValue:
    def __init__(self, is_done, xcom_value=None):
        self.is_done, self.xcom_value = is_done, xcom_value


class HttpHook:
    def __init__(self, method, http_conn_id, auth_type):
        if http_conn_id != "emr":
            raise AssertionError(f"there is no connection {http_conn_id}")
        self.method = method
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth_type(
            os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
        )

    def run(self, endpoint, data, headers):
        request = requests.Request(self.method, sys.argv[1] + endpoint, data=data, headers=headers)
        answer = self.session.send(self.session.prepare_request(request))
        answer.raise_for_status()
        return answer


def dag(schedule, catchup, tags):
    return lambda function: function


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made


for parent in ["airflow", "airflow.providers", "airflow.providers.http", "airflow.providers.http.hooks"]:
    module(parent)
module("airflow.providers.http.hooks.http", HttpHook=HttpHook)
module("airflow.sdk", dag=dag, task=task, PokeReturnValue=PokeReturnValue)

runpy.run_path(str(DAG))
if ran != ["create", "runs", "work", "terminate", "gone"]:
    raise AssertionError(f"the tasks that ran: {ran}")
