"""The story against `make demo` itself, and Ctrl-C at its end."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from config.demo.staff import PASSWORD
from config.services.addresses import ROOT, server_environment, socket_directory
from config.services.stack import stack_in
from tests.config.services.test_demo_run import processes_of, wait_until_none
from tests.flows.story import Keys, walk_story
from tests.live import Site, free_port, outside, wait_until

pytestmark = pytest.mark.flow

#: Ends a demo that hangs; how long it takes is measured by `benchmarks/bench_demo.py`.
READY_WITHIN = 900
LOGIN = "saeki"


class Demo(Site):
    """`make demo` with its data in a directory of its own."""

    place: Path
    run: subprocess.Popen[bytes]

    def said(self) -> str:
        return (self.place / "demo.log").read_text(errors="replace")

    def is_announced(self) -> bool:
        assert self.run.poll() is None, self.said()
        return "Ready: " in self.said()

    def press_ctrl_c(self) -> int:
        os.killpg(self.run.pid, signal.SIGINT)
        return self.run.wait(60)


@pytest.fixture
def demo() -> Iterator[Demo]:
    place = Path(tempfile.mkdtemp(prefix="yorisoi-demo-", dir="/tmp")).resolve()
    port = free_port()
    environment = {
        **outside(),
        **server_environment(socket_directory(place)),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATA_DIR": str(place),
    }
    site = Demo(f"http://localhost:{port}", environment)
    site.place = place
    with (place / "demo.log").open("wb") as log:
        site.run = subprocess.Popen(
            ["make", "demo"],
            cwd=ROOT,
            env={**outside(), "DATA_DIR": str(place), "PORT": str(port), "DEMO_ACCOUNTS": "60"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield site
    with suppress(ProcessLookupError):
        os.killpg(site.run.pid, signal.SIGKILL)
    site.run.wait()
    stack_in(place).stop()
    subprocess.run(["rm", "-rf", str(place)], check=True)


def test_the_demo_is_ready_in_time_tells_the_story_and_ends_with_ctrl_c(
    demo: Demo, browser: Browser
) -> None:
    wait_until("the demo is ready", demo.is_announced, seconds=READY_WITHIN)
    keys = Keys(
        token=demo.manage("create_api_token", LOGIN, "--scope", "write"),
        write_key=demo.manage("create_write_key", "story"),
        login=LOGIN,
        password=PASSWORD,
    )
    walk_story(site=demo, browser=browser, keys=keys)
    assert demo.press_ctrl_c() in (0, -signal.SIGINT), demo.said()[-2000:]
    assert wait_until_none(demo.place), processes_of(demo.place)
    assert not socket_directory(demo.place).exists()
