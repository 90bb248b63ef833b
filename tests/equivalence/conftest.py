"""The engines, each started once for all tests; Spark's tests are skipped, with the reason, where it cannot start."""

from __future__ import annotations

import gc
import shutil
import warnings
from collections.abc import Iterator

import pytest
from pytest_socket import enable_socket

from forefend.errors import StoreError
from forefend.store.engine import Engine, open_engine


@pytest.fixture(autouse=True)
def _swept() -> Iterator[None]:
    """Let go of the sockets that py4j leaves to the collector here, not in whatever test comes next."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Engine]:
    """DuckDB with little memory, so that what should spill does."""
    with open_engine("duckdb", memory_gb=0.5) as engine:
        yield engine


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    """Spark on this machine; it talks to its Java process over the loopback address."""
    pytest.importorskip("pyspark", reason="pyspark is not installed (pip install 'forefend[spark]')")
    if not shutil.which("java"):
        pytest.skip("Java 17 is not installed")
    enable_socket()
    try:
        opened = open_engine("spark", memory_gb=1)
        engine = opened.__enter__()
    except StoreError as refusal:
        pytest.skip(str(refusal))
    yield engine
    enable_socket()
    opened.__exit__(None, None, None)
