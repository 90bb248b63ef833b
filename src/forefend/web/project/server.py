"""Serves the workbench: one process, one worker, on the loopback address unless the settings name another."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep

from forefend.errors import SettingsError

TARGET = "forefend.web.project.wsgi:application"
THREADS = 4  # pages are made in Python, one at a time; more threads would only wait
PATIENCE_SECONDS = 60
LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared; where to listen is said by the settings


def address_of(port: int, *, host: str = LOOPBACK) -> str:
    """Return the address a reader on this machine opens."""
    reached = LOOPBACK if host in EVERYWHERE else host
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port}/"


def check_port(port: int, *, host: str = LOOPBACK) -> None:
    """Raise SettingsError with a sentence when the port cannot be listened on."""
    if not 0 < port < 65536:
        raise SettingsError(f"Port {port} does not exist. Give a number from 1 to 65535.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                opened = address_of(port, host=host)
                raise SettingsError(
                    f"Port {port} is in use, perhaps by another workbench: open {opened}, or choose a port with --port."
                ) from None
            what = f"Port {port}" if host == LOOPBACK else f"Port {port} of the address {host}"
            raise SettingsError(f"{what} cannot be used: {error.strerror}. Choose another one with --port or --address.") from None


def serve(port: int, *, host: str = LOOPBACK, on_ready: Callable[[], None]) -> None:
    """Serve until stopped; ``on_ready`` is called once when the first page can be asked for."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ["DJANGO_SETTINGS_MODULE"] = "forefend.web.project.settings"
    server = Server(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
        process_name=None,
    )
    Thread(target=_tell_when_ready, args=(port, host, on_ready), daemon=True).start()
    server.serve()


def _tell_when_ready(port: int, host: str, on_ready: Callable[[], None]) -> None:
    reached = LOOPBACK if host in EVERYWHERE else host
    ends = monotonic() + PATIENCE_SECONDS
    while monotonic() < ends:
        try:
            with socket.create_connection((reached, port), timeout=1):
                break
        except OSError:
            sleep(0.05)
    on_ready()
