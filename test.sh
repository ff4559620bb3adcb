#!/usr/bin/env bash
# Installs what the tests need beyond the Rust toolchain, and runs all of them.
set -euo pipefail
cd "$(dirname "$0")"

# The Python package frictionless checks the data packages, hydroeval and HydroErr the scores; they live below
# target/ and touch nothing else.
venv=target/python
if ! "$venv/bin/python" -c 'import frictionless, hydroeval, HydroErr' 2>/dev/null; then
    if ! command -v python3 >/dev/null || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        sudo=$([ "$(id -u)" = 0 ] || echo sudo)
        $sudo apt-get update -qq
        $sudo apt-get install -y -qq python3 python3-venv
    fi
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "frictionless>=5.18,<6" "hydroeval==0.1.0" "HydroErr==1.24"
fi
export FRICTIONLESS="$PWD/$venv/bin/frictionless" PYTHON="$PWD/$venv/bin/python"

rustup component add rustfmt clippy 2>/dev/null || true
cargo fmt --check
cargo clippy --locked --all-targets --quiet -- -D warnings
cargo test --locked -- --include-ignored
