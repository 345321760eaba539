#!/usr/bin/env python3
"""Finds which functions a screen needs and writes `src/order.ld`, which lays them next to each other in the program.

    python3 tests/order.py

A system loads a program in stretches of 64 KiB. The functions behind a screen are a quarter of the program and lie all
over it, so that without an order nearly all of it is loaded. Builds the program with its symbols, drives it with keys
under callgrind in a terminal, and writes down what ran. Names that the program no longer has do no harm: then a little
more is loaded, and it is time to run this again. Needs valgrind and nm; takes about five minutes.
"""
import collections
import fcntl
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import tempfile
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORDER = ROOT / "src" / "order.ld"
# Along each slider: what everybody needs, which comes first. Then once through the views and the help.
SLIDERS = ["\x1b[C", "\x1b[D", "\x1b[B", "\x1b[C", "\x1b[B", "\x1b[C", "\x1b[B", "\x1b[C", "\x1b[B", "\x1b[C"]
VIEWS = ["2", "3", "4", "5", "6", "7", "8", "9", "0", "1", "?", "\x1b"]
# Instances of one generic function differ in a hash alone. One that brings more than this many bytes of others with it
# stays where it is.
MOST_BROUGHT = 200_000
HEAD = """/* Written by tests/order.py: what a screen needs, next to each other, so that a third less of the program is loaded. */
"""


def built(directory: pathlib.Path) -> pathlib.Path:
    environment = {**os.environ, "CARGO_PROFILE_RELEASE_STRIP": "false", "RUSTFLAGS": "--cfg=rustix_use_libc"}
    command = ["cargo", "build", "--release", "--locked", "--target-dir", str(directory)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return directory / "release" / "whichbox"


def quiet(terminal: int, seconds: float) -> None:
    """Reads until nothing came for so long."""
    while select.select([terminal], [], [], seconds)[0]:
        try:
            if not os.read(terminal, 65536):
                return
        except OSError:
            return


def ran(program: pathlib.Path, directory: pathlib.Path, keys: list[str]) -> set[int]:
    """The addresses of the program's instructions that are executed from its start to its end with these keys."""
    out = directory / "callgrind.out"
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", XDG_STATE_HOME=str(directory))
        callgrind = ["valgrind", "--tool=callgrind", "--dump-instr=yes", f"--callgrind-out-file={out}"]
        os.execvp("valgrind", [*callgrind, str(program)])
    quiet(terminal, 6)
    for key in [*keys, "q"]:
        os.write(terminal, key.encode())
        quiet(terminal, 2)
    os.waitpid(pid, 0)
    addresses, objects, ours, at = set(), {}, False, 0
    for line in out.read_text().splitlines():
        if named := re.match(r"(c?)ob=\((\d+)\)(?: (.*))?", line):
            objects[named[2]] = named[3] or objects[named[2]]
            ours = objects[named[2]] == str(program) if not named[1] else ours
        elif moved := re.match(r"(0x[0-9a-f]+|[+-]\d+|\*) ", line):
            step = moved[1]
            at = int(step, 16) if step.startswith("0x") else at + (0 if step == "*" else int(step))
            if ours:
                addresses.add(at)
    return addresses


def glob(name: str) -> str:
    """A function's name without what changes with every compiler and place of building: a hash or a number at its end."""
    return re.sub(r"(17h)[0-9a-f]{16}E.*$|\.\d+$", r"\1*", name)


def order(program: pathlib.Path, addresses: set[int]) -> list[str]:
    listed = subprocess.run(["nm", "-S", str(program)], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    symbols = sorted({(int(row[0], 16), int(row[1], 16), row[3]) for row in rows if len(row) == 4 and row[2] in "tT"})
    needed, all_of = collections.Counter(), collections.Counter()
    executed = sorted(addresses)
    place = 0
    for start, size, name in symbols:
        all_of[glob(name)] += size
        while place < len(executed) and executed[place] < start:
            place += 1
        if place < len(executed) and executed[place] < start + size:
            needed[glob(name)] += size
    return sorted(name for name, size in needed.items() if all_of[name] - size <= max(MOST_BROUGHT, size))


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        program = built(pathlib.Path(os.environ.get("CARGO_TARGET_DIR", directory)))
        first = order(program, ran(program, pathlib.Path(directory), SLIDERS))
        all_of_them = order(program, ran(program, pathlib.Path(directory), SLIDERS + VIEWS))
        names = first + [name for name in all_of_them if name not in first]
    # What is seldom called stands in sections of its own.
    lines = "".join(f"    *(.text.{name} .text.unlikely.{name})\n" for name in names)
    ORDER.write_text(f"{HEAD}SECTIONS\n{{\n  .text.screen :\n  {{\n{lines}  }}\n}}\nINSERT BEFORE .text;\n")
    print(f"{len(names)} functions in {ORDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
