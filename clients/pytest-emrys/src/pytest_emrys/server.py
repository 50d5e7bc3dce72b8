"""Servers of a test suite, by `emrys test-servers`: lines of JSON to a process beside the suite, which ends with its input."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Mapping, Optional, Sequence, Union

Setting = Union[str, int, float, bool]

# Moving the clock does all the work that falls due on the way before it answers.
_ANSWER_SECONDS = 300
_END_SECONDS = 10


class EmrysError(Exception):
    """What the server refused, in its words."""


@dataclass(frozen=True)
class CloudAccess:
    """What a client of a cloud has to be given. The key is that of the root of an account."""

    endpoint: str
    protocol: str
    region: str
    account: str
    key_id: str
    secret: str


class Servers:
    """Starts servers in one process, which it starts with the first of them and ends when it is closed."""

    def __init__(self, command: Sequence[str] = ("emrys",)):
        self._command = list(command)
        self._process: Optional[subprocess.Popen] = None
        self._lock = threading.Lock()
        self._number = 0

    def start(self, settings: Optional[Mapping[str, Setting]] = None) -> "Emrys":
        """A server with nothing in it, on a port of its own."""
        answer = self._ask({"start": {"settings": dict(settings or {})}}, begins=True)
        return Emrys(self, answer["server"])

    def close(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.stdin.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _end(self, url: str) -> None:
        self._ask({"end": url}, begins=False)

    def _ask(self, request: Mapping[str, Any], begins: bool) -> Mapping[str, Any]:
        with self._lock:
            answer = self._exchange(request)
            # An idle process ends after a while, perhaps just then.
            if answer is None and begins and self._process is not None:
                self._process.kill()
                self._process.communicate()
                self._process = None
                answer = self._exchange(request)
        if answer is None:
            if begins:
                raise EmrysError(f"`{' '.join(self._command)} test-servers` ended; what it printed says why")
            return {}
        if "problem" in answer:
            raise EmrysError(answer["problem"])
        return answer

    def _exchange(self, request: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
        """None when the process has ended."""
        if self._process is None:
            if "end" in request:
                return None
            self._process = self._begin()
        self._number += 1
        line = json.dumps({"id": self._number, **request}) + "\n"
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except (BrokenPipeError, OSError):
            return None
        answer = self._process.stdout.readline()
        return json.loads(answer) if answer else None

    def _begin(self) -> subprocess.Popen:
        try:
            return subprocess.Popen(
                [*self._command, "test-servers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        except FileNotFoundError as problem:
            raise EmrysError(
                f"there is no command {self._command[0]}; install it with `npm install -g emrys`, or name it in EMRYS_COMMAND"
            ) from problem


class Emrys:
    """A server of the suite."""

    def __init__(self, servers: Servers, described: Mapping[str, Any]):
        self._servers = servers
        self._open = True
        self.url: str = described["url"]
        self.admin_token: str = described["adminToken"]
        self.alibaba = _access(described["alibaba"])
        self.tencent = _access(described["tencent"])
        self.clock = Clock(self)
        self.faults = Faults(self)

    @property
    def env(self) -> Mapping[str, str]:
        """The variables by which `emrys` and the clouds' own command lines find server and key."""
        return {
            "EMRYS_URL": self.url,
            "EMRYS_ADMIN_TOKEN": self.admin_token,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.alibaba.key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.alibaba.secret,
            "ALIBABA_CLOUD_ENDPOINT_STARROCKS": self.alibaba.endpoint,
            "TENCENTCLOUD_SECRET_ID": self.tencent.key_id,
            "TENCENTCLOUD_SECRET_KEY": self.tencent.secret,
        }

    def admin(self, method: str, page: str, members: Optional[Mapping[str, Any]] = None) -> Any:
        """A page below `/_emrys/`, as `/_emrys/openapi` describes them."""
        request = urllib.request.Request(f"{self.url}/_emrys/{page}", method=method)
        request.add_header("Authorization", f"Bearer {self.admin_token}")
        if members is not None:
            request.data = json.dumps(members).encode()
            request.add_header("Content-Type", "application/json")
        # No proxy: the server listens on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_ANSWER_SECONDS) as answer:
                text = answer.read().decode()
                return json.loads(text) if "json" in answer.headers["content-type"] else text
        except urllib.error.HTTPError as problem:
            raise EmrysError(f"{method} /_emrys/{page}: {_sentence(problem)}") from problem

    def settle(self) -> None:
        """Returns when all that takes no time has been done: clusters of the pace `immediate` run then."""
        self.admin("POST", "clock", {"advanceMs": 0})

    def reset(self) -> None:
        """Removes every cluster, operation and order, and every fault. Time stays where it was moved to."""
        self.admin("POST", "reset", {})
        self.faults.off()

    def close(self) -> None:
        """Ends it and removes all that it kept."""
        if self._open:
            self._open = False
            self._servers._end(self.url)

    def __enter__(self) -> "Emrys":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Clock:
    def __init__(self, emrys: Emrys):
        self._emrys = emrys

    def now(self) -> datetime:
        return _time(self._emrys.admin("GET", "clock"))

    def advance(self, by: Optional[timedelta] = None, **units: float) -> datetime:
        """Moves time forward, with all that falls due on the way: `advance(hours=1)`, or by a timedelta."""
        span = by if by is not None else timedelta(**units)
        return _time(self._emrys.admin("POST", "clock", {"advanceMs": round(span.total_seconds() * 1000)}))


class Faults:
    def __init__(self, emrys: Emrys):
        self._emrys = emrys

    def on(self, dependency: str, mode: str, **more: Any) -> None:
        """`mode` is gateway, service or latency; `more` is probability, times, latencyMs or action."""
        self._emrys.admin("PUT", "faults", {"dependency": dependency, "mode": mode, **more})

    def off(self, dependency: Optional[str] = None) -> None:
        self._emrys.admin("DELETE", "faults" if dependency is None else f"faults/{dependency}")


def _access(described: Mapping[str, str]) -> CloudAccess:
    return CloudAccess(
        endpoint=described["endpoint"],
        protocol=described["protocol"],
        region=described["region"],
        account=described["account"],
        key_id=described["keyId"],
        secret=described["secret"],
    )


def _time(answer: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(answer["nowMs"] / 1000, timezone.utc)


def _sentence(problem: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(problem.read().decode())["error"])
    except (ValueError, KeyError):
        return f"status {problem.code}"
