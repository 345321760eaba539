#!/usr/bin/env python3
"""How fast whichbox starts and answers a key, beside other terminal programs, in one run.

    python3 tests/speed.py [--rounds 5] [--size 120x40 --size 200x60] [--only whichbox,btop]

Each program is started in a terminal of its own, the programs in turn, round after round, and driven with cursor keys:
what counts are the ratios within one run. Prints Markdown: medians over the rounds, then each bar with what was
reached. Build first: cargo build --release --locked. Programs that are not installed are left out and named.
"""
import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import termios
import time

QUIET = 0.06  # seconds without a byte that end an answer
START_QUIET = 0.4
RIGHT, DOWN = b"\x1b[C", b"\x1b[B"
# The command and the key that makes it draw most of its screen anew: btop resorts its list, llmfit moves its selection.
PROGRAMS = {
    "whichbox": (["target/release/whichbox"], RIGHT),
    "btop": (["btop"], RIGHT),
    "llmfit": (["llmfit"], DOWN),
    "htop": (["htop"], DOWN),
}


def ticks(pid):
    """Processor time that a process has taken, in ticks of the clock."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def memory(pid, field="VmRSS"):
    """MiB that a process holds, or held at the most with `VmHWM`."""
    line = next(line for line in open(f"/proc/{pid}/status") if line.startswith(field))
    return int(line.split()[1]) / 1024


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, command, columns, rows):
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", LC_ALL="C.UTF-8")
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, quiet, longest=15.0):
        """What comes until nothing came for `quiet` seconds, and when the last of it did."""
        data, last, end = b"", None, time.perf_counter() + longest
        while time.perf_counter() < end:
            if not select.select([self.fd], [], [], quiet)[0]:
                break
            try:
                piece = os.read(self.fd, 1 << 16)
            except OSError:
                break
            if not piece:
                break
            data, last = data + piece, time.perf_counter()
        return data, last

    def key(self, key):
        """Presses a key; seconds to the last byte of the answer and its bytes."""
        begun = time.perf_counter()
        os.write(self.fd, key)
        data, last = self.read(QUIET)
        return (last - begun if last else None), data

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        self.read(0.2, 2.0)
        for _ in range(100):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            time.sleep(0.02)
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def run(command, key, size):
    """One start, 20 keys, an idle spell and a burst of 200 keys."""
    columns, rows = (int(part) for part in size.split("x"))
    terminal = Terminal(command, columns, rows)
    try:
        _, last = terminal.read(START_QUIET)
        found = {"start ms": (last - terminal.started) * 1e3 if last else None}
        answers = [terminal.key(key) for _ in range(20)]
        times = sorted(seconds * 1e3 for seconds, _ in answers if seconds is not None)
        sizes = sorted(len(data) for _, data in answers)
        if times:
            found["key ms"] = statistics.median(times)
            found["key p95 ms"] = times[min(len(times) - 1, int(len(times) * 0.95))]
        found["bytes a key"] = statistics.median(sizes)
        before = ticks(terminal.pid)
        idle, _ = terminal.read(3.0, 3.0)
        found["idle bytes"] = len(idle)
        found["idle ticks"] = ticks(terminal.pid) - before
        _, burst = terminal.key(key * 200)
        found["burst bytes"] = len(burst)
        found["burst frames"] = burst.count(b"\x1b[?2026h")
        found["RSS MiB"] = memory(terminal.pid)
        return found
    finally:
        terminal.end()


def table(size, medians):
    figures = list(medians["whichbox"])
    print(f"\n### {size}\n\n| program | " + " | ".join(figures) + " |\n|" + "---|" * (len(figures) + 1))
    for name, found in medians.items():
        cells = [f"{found[figure]:.1f}" if found.get(figure) is not None else "-" for figure in figures]
        print(f"| {name} | " + " | ".join(cells) + " |")
    own = medians["whichbox"]
    most = 3000 if size == "120x40" else 6000
    print("\n| bar | reached | wanted |\n|---|---|---|")
    for other, figure, wanted in [
        ("btop", "start ms", 1.5),
        ("htop", "start ms", 0.2),
        ("btop", "key ms", 0.35),
        ("btop", "key p95 ms", 0.5),
        ("btop", "bytes a key", 0.5),
        ("llmfit", "start ms", None),
        ("llmfit", "key ms", None),
        ("llmfit", "bytes a key", None),
    ]:
        if medians.get(other, {}).get(figure):
            bar = f"at most {wanted}" if wanted else "no bar"
            print(f"| {figure} over {other}'s | {own[figure] / medians[other][figure]:.2f} | {bar} |")
    print(f"| bytes a key | {own['bytes a key']:.0f} | at most {most} |")
    print(f"| bytes while idle | {own['idle bytes']:.0f} | 0 |")
    print(f"| frames of a burst of 200 keys | {own['burst frames']:.0f} | 1 or 2 |")
    print(f"| RSS, MiB | {own['RSS MiB']:.1f} | at most 16 |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", action="append")
    parser.add_argument("--only", default=",".join(PROGRAMS))
    asked = parser.parse_args()
    wanted = [name for name in asked.only.split(",") if name in PROGRAMS]
    present = [name for name in wanted if shutil.which(PROGRAMS[name][0][0])]
    missing = [name for name in wanted if name not in present]
    print(f"{asked.rounds} rounds, medians; load {os.getloadavg()[0]:.1f} at the start")
    if missing:
        print(f"not installed, left out: {', '.join(missing)}")
    for size in asked.size or ["120x40", "200x60"]:
        rounds = {name: [] for name in present}
        for _ in range(asked.rounds):
            for name in present:
                rounds[name].append(run(*PROGRAMS[name], size))
        medians = {}
        for name, runs in rounds.items():
            figures = {figure for found in runs for figure in found}
            values = {figure: [found[figure] for found in runs if found.get(figure) is not None] for figure in figures}
            ordered = [figure for figure in runs[0]]
            medians[name] = {figure: statistics.median(values[figure]) for figure in ordered if values.get(figure)}
        table(size, medians)


if __name__ == "__main__":
    main()
