#!/usr/bin/env python3
"""Mutation testing of the estimation module and the loaders, on a random sample.

A copy of the layers from `units` to `answer`, with the tests that need no more, is built for every mutant: the whole
program would take minutes for each. What this copy's tests miss is tried again with `--again`, in the copy with tests that
were put there since, and with `--whole`, with the tests of the whole program but those in a terminal.

    python3 tests/mutants.py --sample 160 --seed 1 --work DIRECTORY
    python3 tests/mutants.py --again --work DIRECTORY
    python3 tests/mutants.py --whole --work DIRECTORY

Needs cargo-mutants and cargo-nextest. Takes one to two hours on one core.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ["units", "spec", "estimate", "ron_file", "catalog", "calibrate", "scenario", "answer"]
TESTS = ["ask", "by_hand", "catalog", "catalog_faults", "flips", "hostile", "invariants", "knobs", "money", "saving"]
TESTS += ["scenarios", "trace", "verdict", "what_if"]
# The layers whose mutants are drawn: what computes, and what reads files.
DRAWN = ["src/model/units/", "src/model/facts/", "src/model/estimate/", "src/model/ron_file/", "src/model/catalog/", "src/model/scenario/"]

# Tests in a terminal of their own, and the longest ones, say little of a mutant and take minutes.
UNATTENDED = "not (test(pty) | test(endurance) | test(fuzz) | test(session) | test(recovery) | test(screens) | test(explorer))"


def copy_the_layers(crate: pathlib.Path) -> None:
    (crate / "src").mkdir(parents=True)
    (crate / "tests" / "suite").mkdir(parents=True)
    for layer in LAYERS:
        source = ROOT / "src" / layer
        (shutil.copytree if source.is_dir() else shutil.copy)(source, crate / "src" / layer)
    for directory in ["assets", "scenarios", "tests/fixtures"]:
        shutil.copytree(ROOT / directory, crate / directory)
    (crate / "src" / "lib.rs").write_text("".join(f"pub mod {layer.removesuffix('.rs')};\n" for layer in LAYERS))
    for test in TESTS:
        shutil.copy(ROOT / "tests" / "suite" / f"{test}.rs", crate / "tests" / "suite")
    (crate / "tests" / "suite" / "mod.rs").write_text("".join(f"mod {test};\n" for test in TESTS))
    (crate / "tests" / "main.rs").write_text("#![allow(warnings)]\nmod suite;\n")
    manifest = (ROOT / "Cargo.toml").read_text()
    manifest = re.sub(r"\[\[(bin|bench)\]\]\n(?:.+\n)+\n?", "", manifest)
    manifest = manifest.replace('debug = "line-tables-only"', "debug = 0")
    (crate / "Cargo.toml").write_text(manifest)
    for file in ["Cargo.lock", "build.rs"]:
        shutil.copy(ROOT / file, crate)


def mutants_of(crate: pathlib.Path) -> dict[str, str]:
    """The mutants of the drawn layers by name, each as a patch."""
    listed = subprocess.run(
        ["cargo", "mutants", "--list", "--json", "--diff"], cwd=crate, check=True, capture_output=True, text=True
    ).stdout
    drawn = (mutant for mutant in json.loads(listed) if mutant["file"].startswith(tuple(DRAWN)))
    return {mutant["name"]: mutant["diff"] for mutant in drawn}


def tried(crate: pathlib.Path, patch: str, tests: list[str]) -> str:
    """What becomes of one mutant: "caught", "missed", or "unviable" where it does not compile."""
    file = crate / patch.split("\n", 1)[0].removeprefix("--- ")
    before = file.read_text()
    subprocess.run(["patch", "--quiet", "-p0"], cwd=crate, input=patch, check=True, text=True)
    try:
        built = subprocess.run(["cargo", "nextest", "run", "--no-run"], cwd=crate, capture_output=True, check=False)
        if built.returncode != 0:
            return "unviable"
        ran = subprocess.run(["cargo", "nextest", "run", *tests], cwd=crate, capture_output=True, check=False, timeout=900)
        return "caught" if ran.returncode != 0 else "missed"
    except subprocess.TimeoutExpired:
        return "caught"
    finally:
        file.write_text(before)


def outcomes(results: pathlib.Path) -> dict[str, str]:
    lines = results.read_text().splitlines() if results.exists() else []
    return {line["name"]: line["result"] for line in map(json.loads, lines)}


def run(crate: pathlib.Path, mutants: dict[str, str], results: pathlib.Path, tests: list[str]) -> None:
    """Tries each mutant that `results` does not have yet, and counts."""
    done = outcomes(results)
    if subprocess.run(["cargo", "nextest", "run", *tests], cwd=crate, capture_output=True, check=False).returncode != 0:
        raise SystemExit(f"the tests fail in {crate} as it is: nothing can be said of mutants")
    for name in mutants.keys() - done.keys():
        done[name] = tried(crate, mutants[name], tests)
        print(f"{done[name]:9}{name}", flush=True)
        with results.open("a") as file:
            file.write(json.dumps({"name": name, "result": done[name]}) + "\n")
    counts = collections.Counter(done.values())
    print(dict(counts))
    viable = counts["caught"] + counts["missed"]
    if viable:
        print(f"caught: {100 * counts['caught'] / viable:.1f} % of {viable}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=160)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--again", action="store_true", help="try what was missed again, with tests that were put into the copy")
    parser.add_argument("--whole", action="store_true", help="try what is still missed with the whole program and all its tests")
    options = parser.parse_args()
    work = options.work.resolve()
    crate, whole, results = work / "layers", work / "whole", work / "sample.jsonl"
    if options.again or options.whole:
        before = work / "again.jsonl" if options.whole and (work / "again.jsonl").exists() else results
        missed = {name for name, result in outcomes(before).items() if result == "missed"}
        source, tries = (whole, work / "whole.jsonl") if options.whole else (crate, work / "again.jsonl")
        tests = ["-E", UNATTENDED] if options.whole else []
        run(source, {name: patch for name, patch in mutants_of(source).items() if name in missed}, tries, tests)
        return
    if not whole.exists():
        copy_the_layers(crate)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(whole)], check=True)
    mutants = mutants_of(crate)
    drawn = random.Random(options.seed).sample(sorted(mutants), min(options.sample, len(mutants)))
    print(f"{len(drawn)} of {len(mutants)} mutants, seed {options.seed}", flush=True)
    run(crate, {name: mutants[name] for name in drawn}, results, [])


if __name__ == "__main__":
    main()
