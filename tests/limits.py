#!/usr/bin/env python3
"""What whichbox takes of time, memory and bytes where a test must not measure: at its limits.

    python3 tests/limits.py [--soak MINUTES]

Prints a Markdown table: what was tried, the figure and the bar. Build first: cargo build --release --locked.
With --soak only random keys are pressed, 30 a second for so long.
"""
import argparse
import fcntl
import os
import pathlib
import random
import select
import struct
import subprocess
import tempfile
import termios
import time

from speed import RIGHT, Terminal, memory, ticks

PROGRAM = str(pathlib.Path("target/release/whichbox").resolve())
FRAME = b"\x1b[?2026h"
MIB = 1 << 20


def started(columns=120, rows=40, arguments=()):
    terminal = Terminal([PROGRAM, *arguments], columns, rows)
    terminal.read(0.4)
    return terminal


def pour(terminal, data):
    """Writes much, reading meanwhile what the program says to it."""
    os.set_blocking(terminal.fd, False)
    while data:
        ready, free, _ = select.select([terminal.fd], [terminal.fd], [], 10)
        if not ready and not free:
            raise TimeoutError("the program takes nothing any more")
        if ready:
            os.read(terminal.fd, 1 << 16)
        if free:
            data = data[os.write(terminal.fd, data[:4096]) :]
    os.set_blocking(terminal.fd, True)


def processor(pid):
    """Seconds of processor time that a process has taken."""
    return ticks(pid) / os.sysconf("SC_CLK_TCK")


def vanished():
    """A terminal that goes away without a hangup: seconds until the program ends, and its processor time since."""
    master, slave = os.openpty()
    child = subprocess.Popen([PROGRAM], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                             env={**os.environ, "TERM": "xterm-256color"})
    os.close(slave)
    while select.select([master], [], [], 0.4)[0]:
        os.read(master, 1 << 16)
    before, since = processor(child.pid), time.perf_counter()
    os.close(master)
    _, _, usage = os.wait4(child.pid, 0)
    return time.perf_counter() - since, usage.ru_utime + usage.ru_stime - before


def after_garbage():
    """A million bytes of noise on the keyboard: milliseconds from the next key to its answer."""
    terminal = started()
    random.seed(7)
    # Bytes of broken sequences and of no character: none of them is a key that leaves.
    noise = [b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b[999;999;999~", b"\x1b[M\xff\xff\xff", b"\xf0\x9f", b"\xc3(", b"\xff\xfe\x80"]
    data = b""
    while len(data) < 1_000_000:
        data += random.choice(noise)
    pour(terminal, data)
    pour(terminal, b"\x1b[201~\x1b\\")
    terminal.read(0.6)
    since = time.perf_counter()
    os.write(terminal.fd, RIGHT)
    _, last = terminal.read(0.3)
    terminal.end()
    return (last - since) * 1e3 if last else None


def paste():
    """A paste of 10 MB: seconds until the next key is answered, and MiB more than before at the most."""
    terminal = started()
    before, since = memory(terminal.pid, "VmHWM"), time.perf_counter()
    pour(terminal, b"\x1b[200~" + b"a line of text\n" * 700_000 + b"\x1b[201~" + RIGHT)
    _, last = terminal.read(0.6)
    more = memory(terminal.pid, "VmHWM") - before
    terminal.end()
    return (last - since if last else None), more


def through_cat():
    """Seconds that the terminal itself takes for as much as is pasted."""
    terminal = Terminal(["sh", "-c", "stty raw -echo; echo; exec cat >/dev/null"], 120, 40)
    terminal.read(0.4)
    since = time.perf_counter()
    pour(terminal, b"a line of text\n" * 700_000)
    terminal.end()
    return time.perf_counter() - since


def run(arguments):
    """Seconds, MiB and exit code of a command."""
    since = time.perf_counter()
    child = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while child.poll() is None:
        # What the kernel says of an ended child counts this program's own memory before it became the child.
        try:
            peak = max(peak, memory(child.pid, "VmHWM"))
        except (OSError, StopIteration):
            pass
        time.sleep(0.002)
    return time.perf_counter() - since, peak, child.returncode


def largest_files(directory):
    """The costliest files that are read: of the largest size that is allowed, and right."""
    row = '(id: "r{0}", machine: "dgx-spark", model: "gpt-oss-20b", format: "q4_k_m", runtime: "llama.cpp", kv_format: "kv-f16", test: Decode, ' \
          'concurrency: 1, tok_s: 1.5, date: "2026-01-01", source: "s", tier: C),\n'
    rows = "".join(row.format(at) for at in range(int(MIB * 0.97 / len(row))))
    source = '(id: "s", title: "t", date: "2026-01-01")'
    files = {
        "a catalog of 1 MiB of measurements": f"Catalog(sources: [{source}], measurements: [{rows}])",
        "a scenario of 1 MiB of comments": "(schema: 1, /*" + "/**/" * int(MIB / 4 - 20) + "*/)",
        "a scenario of 1 MiB of blanks": "(schema: 1," + " \n" * int(MIB / 2 - 20) + ")",
    }
    for what, text in files.items():
        file = directory / f"{len(text)}-{what.split()[1]}-{what.split()[-1]}.ron"
        file.write_text(text)
        yield what, run(["check", str(file)])


def many_scenarios(directory, count):
    """Seconds to check so many small scenarios in one command, and one alone."""
    for at in range(count):
        (directory / f"s{at}.ron").write_text(
            f'(schema: 1, title: "scenario {at}", model: Catalog("llama-3.3-70b"), concurrency: {at % 64 + 1}, context: 8192,'
            ' note: "one of many, of two hundred bytes, as a person would keep them in a directory of their own")\n')
    files = [str(directory / f"s{at}.ron") for at in range(count)]
    return min(run(["check", *files])[0] for _ in range(3)), min(run(["check", files[0]])[0] for _ in range(3))


def large_screen():
    """At 500x200: milliseconds of processor time a frame, MiB, and frames of a change to that size."""
    terminal = started(120, 40)
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 500, 0, 0))
    data, _ = terminal.read(0.5)
    frames, before = data.count(FRAME), processor(terminal.pid)
    for at in range(200):
        os.write(terminal.fd, RIGHT if at % 40 < 20 else b"\x1b[D")
        terminal.read(0.02)
    spent = (processor(terminal.pid) - before) * 1e3 / 200
    held = memory(terminal.pid)
    terminal.end()
    return spent, held, frames


def transition(columns, rows):
    """A change of step while presenting: bytes, frames, and the longest gap between two frames in milliseconds."""
    terminal = started(columns, rows, ["present", "which-box"])
    for _ in range(4):
        os.write(terminal.fd, b" ")
        terminal.read(0.5)
    os.write(terminal.fd, b" ")
    data, times, end = b"", [], time.perf_counter() + 2
    while time.perf_counter() < end and select.select([terminal.fd], [], [], 0.5)[0]:
        data += os.read(terminal.fd, 1 << 16)
        times.append(time.perf_counter())
    terminal.end()
    gaps = [after - before for before, after in zip(times, times[1:])]
    return len(data), data.count(FRAME), max(gaps, default=0) * 1e3


def soak(minutes):
    """Random keys, 30 a second: their number, MiB after each minute, and open files at the end."""
    keys = [b"\x1b[A", b"\x1b[B", RIGHT, b"\x1b[D", b"\t", b"\x1b", *(bytes([key]) for key in b"uUz12345?om")]
    random.seed(1)
    terminal = started()
    pressed, held, end = 0, [], time.perf_counter() + 60
    while len(held) < minutes:
        os.write(terminal.fd, random.choice(keys))
        pressed += 1
        terminal.read(1 / 30, 1 / 30)
        if time.perf_counter() >= end:
            held.append(memory(terminal.pid))
            end += 60
    files = len(os.listdir(f"/proc/{terminal.pid}/fd"))
    terminal.end()
    return pressed, held, files


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--soak", type=int, metavar="MINUTES")
    minutes = parser.parse_args().soak
    if minutes:
        pressed, held, files = soak(minutes)
        print(f"{pressed} keys in {minutes} minutes: {held[0]:.1f} MiB after the first, {held[-1]:.1f} at the end, "
              f"{max(held):.1f} at the most; {files} open files")
        return
    print("| what | reached | wanted |\n|---|---|---|")

    def row(what, reached, wanted):
        print(f"| {what} | {reached} | {wanted} |", flush=True)

    seconds, spent = vanished()
    row("the terminal vanishes: until the program ends, and processor time", f"{seconds:.2f} s, {spent:.2f} s", "1.5 s, 0.05 s")
    answered = after_garbage()
    row("the next key after a million bytes of garbage", f"{answered:.0f} ms" if answered else "no answer", "100 ms")
    seconds, more = paste()
    row("10 MB through a terminal to `cat`, which does nothing with them", f"{through_cat():.2f} s", "")
    row("a paste of 10 MB, until the key after it is answered, and memory", f"{seconds:.2f} s, {more:.1f} MiB more", "1 s, 8 MiB more")
    with tempfile.TemporaryDirectory() as directory:
        for what, (seconds, peak, code) in largest_files(pathlib.Path(directory)):
            row(f"{what}, checked (exit {code})", f"{seconds:.2f} s, {peak:.0f} MiB", "0.35 s, 32 MiB")
        many, one = many_scenarios(pathlib.Path(directory), 100)
        row("100 scenarios of 200 bytes, checked, over one", f"{(many - one) * 1e3:.0f} ms", "20 ms")
        many, one = many_scenarios(pathlib.Path(directory), 1000)
        row("1,000 scenarios, checked and answered, over one", f"{(many - one) * 1e3:.0f} ms", "")
    spent, held, frames = large_screen()
    row("a key at 500x200: processor time, memory", f"{spent:.1f} ms, {held:.1f} MiB", "4 ms, 24 MiB")
    row("frames of a change to 500x200", frames, "1")
    for columns, rows, most in [(120, 40, 61_450), (200, 60, 76_604)]:
        size, frames, gap = transition(columns, rows)
        row(f"a transition at {columns}x{rows}: bytes, frames, longest gap", f"{size}, {frames}, {gap:.0f} ms", f"{most}, , 50 ms")


if __name__ == "__main__":
    main()
