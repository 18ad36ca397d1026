"""Does what the README tells a newcomer: starts the demo, asks its queries, and compares the answers it prints."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

__all__: list[str] = []

README = Path(__file__).parents[1] / "README.md"
READY = "http://127.0.0.1:8000/health/ready"
START_S, STOP_S = 90.0, 20.0


def blocks(language: str) -> list[str]:
    """The README's fenced blocks in *language*, without their last line break."""
    return re.findall(rf"^```{language}\n(.*?)\n```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def wait_until_ready(demo: subprocess.Popen[bytes]) -> None:
    """Come back when the gateway answers.

    Raises:
        SystemExit: it ended, or took too long.
    """
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            with urllib.request.urlopen(READY, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"the demo was not ready within {START_S:g} s")


def ask(command: str, expected: str) -> None:
    """Run one of the README's queries, and compare.

    Raises:
        SystemExit: the answer is another than the README shows.
    """
    answer = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout.decode()
    if json.loads(answer) != json.loads(expected):
        sys.exit(f"the README shows another answer than\n{answer}\nto\n{command}")


def has_living(group: int) -> bool:
    """Whether a process of *group* still runs; zombies do not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, own = stat.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue
        if int(own) == group and state != "Z":
            return True
    return False


def end(demo: subprocess.Popen[bytes]) -> None:
    """Ask the demo to end, and wait until nothing of it runs.

    Raises:
        SystemExit: it had to be killed.
    """
    os.killpg(demo.pid, signal.SIGTERM)
    demo.wait(STOP_S)
    deadline = time.monotonic() + STOP_S
    while has_living(demo.pid):
        if time.monotonic() > deadline:
            os.killpg(demo.pid, signal.SIGKILL)
            sys.exit(f"the demo did not end within {STOP_S:g} s")
        time.sleep(0.1)


def main() -> None:
    """Run the demo from start to end."""
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    queries = [line for line in commands if line.startswith("curl ")]
    demo_command = next(line for line in commands if line.endswith("crm-gateway demo"))
    demo = subprocess.Popen(["bash", "-c", demo_command], start_new_session=True)
    try:
        wait_until_ready(demo)
        for command, expected in zip(queries, blocks("json"), strict=True):
            ask(command, expected)
    finally:
        end(demo)
    sys.stdout.write(f"{demo_command}: ready, and {len(queries)} answers as the README shows them, ended\n")


if __name__ == "__main__":
    main()
