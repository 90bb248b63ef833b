"""Serves the workbench on the loopback address: one process, one worker, no other address.

There are no accounts, so nothing but this machine may reach it.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep

from forefend.errors import SettingsError

ADDRESS = "127.0.0.1"
TARGET = "forefend.web.project.wsgi:application"
THREADS = 4  # pages are made in Python, one at a time; more threads would only wait
PATIENCE_SECONDS = 60


def address_of(port: int) -> str:
    """Return the address a reader opens."""
    return f"http://{ADDRESS}:{port}/"


def check_port(port: int) -> None:
    """Raise SettingsError with a sentence when the port cannot be listened on."""
    if not 0 < port < 65536:
        raise SettingsError(f"Port {port} does not exist. Give a number from 1 to 65535.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(
                    f"Port {port} is in use, perhaps by another workbench: open {address_of(port)}, or choose a port with --port."
                ) from None
            raise SettingsError(f"Port {port} cannot be used: {error.strerror}. Choose another one with --port.") from None


def serve(port: int, *, on_ready: Callable[[], None]) -> None:
    """Serve until stopped; ``on_ready`` is called once when the first page can be asked for."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ["DJANGO_SETTINGS_MODULE"] = "forefend.web.project.settings"
    server = Server(
        TARGET,
        address=ADDRESS,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
        process_name=None,
    )
    Thread(target=_tell_when_ready, args=(port, on_ready), daemon=True).start()
    server.serve()


def _tell_when_ready(port: int, on_ready: Callable[[], None]) -> None:
    ends = monotonic() + PATIENCE_SECONDS
    while monotonic() < ends:
        try:
            with socket.create_connection((ADDRESS, port), timeout=1):
                break
        except OSError:
            sleep(0.05)
    on_ready()
