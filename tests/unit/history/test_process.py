"""Which process wrote an entry, and whether it still lives."""

import subprocess
import sys

from workbench.core.history.process import is_alive, this_process

MARK = (
    "from workbench.core.history.process import this_process; print(this_process(), flush=True); "
)


def test_this_process_lives() -> None:
    assert is_alive(this_process())


def test_another_process_lives_until_it_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", MARK + "input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        mark = child.stdout.readline().strip()
        assert mark != this_process()
        assert is_alive(mark)
        child.kill()
        child.wait()
        assert not is_alive(mark)


def test_a_reused_process_id_is_another_process() -> None:
    boot, pid, began = this_process().split(":")
    assert not is_alive(f"{boot}:{pid}:{int(began) + 1}")


def test_a_process_of_another_boot_is_dead() -> None:
    _, pid, began = this_process().split(":")
    assert not is_alive(f"another-boot:{pid}:{began}")


def test_nonsense_is_dead() -> None:
    for mark in ("", ":", "::", "x:y:z"):
        assert not is_alive(mark)
