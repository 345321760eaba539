# The tasks of the project; `just` lists them.
default:
    @just --list

# Style, lints and documentation, as a commit needs them.
check:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps
    python3 tests/english.py

# All tests.
test:
    cargo test --locked

# Shows snapshots that changed, to be read before they are accepted.
review:
    cargo insta test --review --test main -- screens::

# Writes the pages that follow from tables: the reference of files and the list of formulas.
docs:
    INSTA_UPDATE=always WHICHBOX_WRITE_DOCS=1 cargo test --locked --test main -- docs:: reference::

# The program as it is shipped.
dist:
    cargo build --locked --profile dist
