"""The workbench in full use: 500 people, 100 institutions, 10 rounds, 70,000 answers, 20,000 pieces of evidence.

Signed-in users walk through its pages at once, each with time to think between two requests; those whose institution still
answers also save while they write. It counts once each page was read and everybody has worked for a while, as results are
made in the first minute after a start. Limits: 95 of 100 requests of each page within 300 ms on PostgreSQL with 50 users, 500 ms
on SQLite with 20; a save within 150 ms; 512 MB of memory.

SQLite in a temporary folder; PostgreSQL with: FOREFEND_TEST_FSYNC=on sh scripts/postgres.sh .venv/bin/python bench/workbench.py
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from pages import free_port, memory_mb
from workload.data import Made, make
from workload.users import SAVING, Page, User, live, walk

BIN = Path(sys.executable).parent
USERS = {"SQLite": 20, "PostgreSQL": 50}
LIMIT_MS = {"SQLite": 500, "PostgreSQL": 300}
LIMIT_SAVING_MS = 150
LIMIT_MB = 512
FEWEST = 10  # a 95th percentile of fewer requests says nothing
READY_SECONDS = 120


def set_up() -> tuple[str, dict[str, str]]:
    """Open an empty workbench; returns which database it is on, and the environment of its server."""
    address = os.environ.get("FOREFEND_TEST_DATABASE", "")
    for name in [name for name in os.environ if name.startswith("FOREFEND_")]:
        del os.environ[name]
    given = {"FOREFEND_DATA_DIR": tempfile.mkdtemp(prefix="forefend-workbench-"), "FOREFEND_DATABASE": address}
    os.environ.update(given)
    from forefend.web.project.opening import open_database

    open_database()
    return "PostgreSQL" if address else "SQLite", dict(os.environ)


def session_of(person_id: int) -> str:
    """Sign a person in, with both factors; returns the key of the session."""
    from django.contrib.sessions.backends.db import SessionStore

    from forefend.web.accounts.models import Person

    session = SessionStore()
    session["_auth_user_id"] = str(person_id)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = Person.objects.get(pk=person_id).get_session_auth_hash()
    session["has_second_factor"] = True
    session.save()
    return str(session.session_key)


def users_of(made: Made, n: int) -> list[User]:
    """Return users as an installation has them: six in ten answer, two lead, two read."""
    from forefend.web.assessment.models import Answer, Assignment

    chance = random.Random(11)  # noqa: S311 - a load, not a secret
    last, found, seen = made.rounds[-1], [], set()
    answering = [person for person, institution in made.answering.items() if not (institution in seen or seen.add(institution))]
    for number in range(n):
        if number % 5 < 3:
            person = answering[number % len(answering)]
            parts = {"contribution__round": last, "contribution__institution": made.answering[person]}
            questions = list(Assignment.objects.filter(**parts).order_by("pk").values_list("question", flat=True))
            kinds = {
                question: (f"{kind}:{value:.0f}" if kind == "level" else kind, version)
                for question, kind, value, version in Answer.objects.filter(**parts).values_list("question", "kind", "value", "version")
            }
            pieces = evidence_of(person)
            found.append(User(session=session_of(person), pages=respondent(last, questions, pieces), answer=(last, kinds)))
        elif number % 5 == 3:
            leads = number % 10 == 3  # every other one reviews, and so keeps no list of people
            person = chance.choice(made.leads if leads else made.reviewers)
            more = (("people", "/en/people/"),) if leads else ()
            found.append(User(session=session_of(person), pages=lead(made.rounds, evidence_of(person), more)))
        else:
            person = chance.choice(made.readers)
            found.append(User(session=session_of(person), pages=reader(made.rounds, evidence_of(person))))
    return found


def evidence_of(person_id: int) -> list[int]:
    """Return some pieces a person may read."""
    from forefend.web.accounts.models import Person
    from forefend.web.evidence.reading import evidence_for

    return list(evidence_for(Person.objects.get(pk=person_id)).order_by("-added_at").values_list("pk", flat=True)[:100])


def respondent(last: int, questions: list[str], pieces: list[int]) -> Callable[[random.Random], Page]:
    """Pages of somebody who answers."""

    def pages(chance: random.Random) -> Page:
        return chance.choice(
            (
                ("rounds", "/en/rounds/"),
                ("own questions", f"/en/rounds/{last}/answer/"),
                ("own answer", f"/en/rounds/{last}/answer/{chance.choice(questions)}/"),
                ("own answer", f"/ar/rounds/{last}/answer/{chance.choice(questions)}/"),
                ("own answer", f"/en/rounds/{last}/answer/{chance.choice(questions)}/"),
                ("evidence", "/en/evidence/"),
                ("piece of evidence", f"/en/evidence/{chance.choice(pieces)}/"),
                ("add evidence", "/en/evidence/add/"),
                ("own page", "/en/me/"),
            )
        )

    return pages


def lead(rounds: tuple[int, ...], pieces: list[int], more: tuple[Page, ...]) -> Callable[[random.Random], Page]:
    """Pages of somebody who leads or reviews: mostly of the round that is open."""
    actions = all_actions()

    def pages(chance: random.Random) -> Page:
        one = rounds[-1] if chance.random() < 0.7 else chance.choice(rounds)
        action, question = chance.choice(actions)
        return chance.choice(
            (
                ("rounds", "/en/rounds/"),
                ("round", f"/en/rounds/{one}/"),
                ("action of a round", f"/en/rounds/{one}/actions/{action}/"),
                ("question of a round", f"/en/rounds/{one}/questions/{question}/"),
                ("institutions of a round", f"/en/rounds/{one}/institutions/"),
                ("to reconcile", f"/en/rounds/{one}/reconcile/"),
                ("checks", f"/en/rounds/{one}/checks/"),
                ("comparison", f"/en/rounds/{rounds[-1]}/compare/"),
                ("evidence", f"/en/evidence/?page={chance.randrange(1, 40)}"),
                ("evidence, found by words", "/en/evidence/?q=police"),
                ("piece of evidence", f"/en/evidence/{chance.choice(pieces)}/"),
                *more,
            )
        )

    return pages


def reader(rounds: tuple[int, ...], pieces: list[int]) -> Callable[[random.Random], Page]:
    """Pages of somebody who reads results."""
    actions = all_actions()

    def pages(chance: random.Random) -> Page:
        one = rounds[-1] if chance.random() < 0.5 else chance.choice(rounds)
        action, _ = chance.choice(actions)
        return chance.choice(
            (
                ("rounds", "/en/rounds/"),
                ("round", f"/en/rounds/{one}/"),
                ("round", f"/ar/rounds/{one}/"),
                ("action of a round", f"/en/rounds/{one}/actions/{action}/"),
                ("opportunities", f"/en/rounds/{one}/opportunities/"),
                ("evidence", "/en/evidence/"),
                ("piece of evidence", f"/en/evidence/{chance.choice(pieces)}/"),
            )
        )

    return pages


def all_actions() -> list[tuple[str, str]]:
    """Return every action with its first question."""
    from forefend.web.project.workbench import workbench

    return [(action.id, action.questions[0]) for action in workbench().catalog.actions.values()]


def serve(environment: dict[str, str], port: int) -> subprocess.Popen[str]:
    """Start the workbench and wait until it answers."""
    server = subprocess.Popen(
        [str(BIN / "forefend"), "start", "--no-browser", "--port", str(port)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    if "open at" not in server.stdout.readline():
        raise SystemExit("the workbench did not start")
    return server


def cpu_seconds(root: int) -> float:
    """Return the processor time a process and its workers took; 0 where the system does not say."""
    if not Path("/proc/self/stat").exists():
        return 0.0
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.split("\n")[1:]
    pairs = [tuple(int(cell) for cell in line.split()) for line in listed if line.strip()]
    family = {root, *(pid for pid, parent in pairs if parent == root)}
    taken = [Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split() for pid in family]
    return sum(int(cells[11]) + int(cells[12]) for cells in taken) / os.sysconf("SC_CLK_TCK")


def all_pages(users: list[User]) -> dict[str, tuple[User, str]]:
    """Return each page by its name, with a user who may read it."""
    chance, found = random.Random(3), {}  # noqa: S311 - a load, not a secret
    for user in users:
        for _ in range(60):
            name, address = user.pages(chance)
            found.setdefault(name, (user, address))
    return found


def work(users: list[User], port: int, *, seconds: float, think: float, seed: int) -> None:
    """Let all users work at once for so long."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(lambda at: live(at[1], port, until=until, think=think, seed=seed + at[0]), enumerate(users)))


def report(users: list[User], database: str) -> bool:
    """Print each page and tell whether one was over its limit."""
    by_name: dict[str, list[float]] = defaultdict(list)
    for user in users:
        for name, seconds in user.seconds:
            by_name[name].append(seconds * 1000)
    over = False
    print(f"{'page':28} {'n':>5} {'p50 ms':>8} {'p95 ms':>8} {'worst':>8}")
    for name, found in sorted(by_name.items(), key=lambda entry: entry[0]):
        ordered = sorted(found)
        p95 = ordered[int(0.95 * len(ordered))]
        limit = LIMIT_SAVING_MS if name == SAVING else LIMIT_MS[database]
        is_over = p95 > limit and len(ordered) >= FEWEST
        over |= is_over
        print(f"{name:28} {len(ordered):5d} {median(ordered):8.0f} {p95:8.0f} {ordered[-1]:8.0f}{f'  over {limit}' if is_over else ''}")
    return over


def main() -> None:
    """Make the data, start the server, let users in, print what they met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long users work")
    parser.add_argument("--before", type=float, default=30.0, help="how long they work before it counts")
    parser.add_argument("--think", type=float, default=5.0, help="seconds a person thinks between two requests, on average")
    parser.add_argument("--users", type=int, default=0, help="users at once; by default 20 on SQLite, 50 on PostgreSQL")
    given = parser.parse_args()
    database, environment = set_up()
    begun = time.monotonic()
    made = make()
    n_users = given.users or USERS[database]
    users = users_of(made, n_users)
    from django.db import connection

    if database == "PostgreSQL":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    connection.close()
    print(
        f"{database}: data made in {time.monotonic() - begun:.0f} s; {n_users} users, {given.think:.0f} s to think, {given.seconds:.0f} s"
    )
    port = free_port()
    server = serve(environment, port)
    try:
        for name, (user, address) in all_pages(users).items():
            walk(user, port, [(name, address)])
        print("first time:", ", ".join(f"{name} {s * 1000:.0f} ms" for user in users for name, s in user.seconds))
        work(users, port, seconds=given.before, think=given.think, seed=1000)
        for user in users:
            user.seconds.clear()
        rest, cpu = memory_mb(server.pid), cpu_seconds(server.pid)
        work(users, port, seconds=given.seconds, think=given.think, seed=0)
        used, cpu = memory_mb(server.pid), cpu_seconds(server.pid) - cpu
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    over = report(users, database)
    n_requests = sum(len(user.seconds) for user in users)
    print(
        f"{n_requests} requests, {n_requests / given.seconds:.1f} a second; the server computed {cpu / n_requests * 1000:.0f} ms for each"
    )
    wrong = [sentence for user in users for sentence in user.wrong]
    print(f"memory {rest:.0f} MB before, {used:.0f} MB after (limit {LIMIT_MB}); load of the machine {os.getloadavg()[0]:.1f}")
    print(f"wrong answers {len(wrong)}", *wrong[:5], sep="\n  ")
    sys.exit(over or bool(wrong) or used > LIMIT_MB)


if __name__ == "__main__":
    main()
