#!/usr/bin/env python3
"""Checks the project's English: types are noun phrases, functions start with a verb, and riddle words are not used.

Prints `file:line: phrase: advice` for each finding and exits with 1 if there is one.
"""
import re
import subprocess
import sys

ADVICE = [
    (re.compile(r"^\s*//[/!] (What|Whether|Why|How|Where|Which)\b"), "start with a noun or a verb in the third person"),
    (re.compile(r"\b(anew|manieth)\b", re.I), "say 'again'"),
    (re.compile(r"\bso many\b", re.I), "say the number or name it"),
    (re.compile(r"\bthe person\b", re.I), "say 'the user'"),
    (re.compile(r"\b(nobody|somebody)\b", re.I), "say who, or rewrite without"),
]
SCOPE = ["src/*.rs", "tests/*.rs", "benches/*.rs", "examples/*.rs", "*.md", "assets/docs/*.md"]


def main():
    files = subprocess.run(["git", "ls-files", "--", *SCOPE], check=True, text=True, capture_output=True).stdout.split("\n")
    found = 0
    for name in filter(None, files):
        if name == "CHANGELOG.md":
            continue
        with open(name, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if name.startswith("tests/") and not line.lstrip().startswith("//"):
                    continue  # Inputs of tests are not the project's words.
                for pattern, advice in ADVICE:
                    match = pattern.search(line)
                    if match:
                        found += 1
                        print(f"{name}:{number}: {match[0].strip()!r}: {advice}")
    if found:
        print(f"{found} phrases to rewrite; CONTRIBUTING.md, Style", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
