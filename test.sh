#!/usr/bin/env bash
# Installs what the tests need beyond the Rust toolchain, and runs all of them.
set -euo pipefail
cd "$(dirname "$0")"

# Python packages beside which results are held: frictionless checks the data packages, hydroeval and HydroErr compute
# the scores, duckdb, pandas, polars, pyarrow, netCDF4, scipy and xarray read the files of results, compliance-checker knows the
# CF conventions. They live below target/ and touch nothing else.
venv=target/python
packages=(
    "frictionless>=5.18,<6" hydroeval==0.1.0 HydroErr==1.24
    duckdb==2.0.0 pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1
    netCDF4==1.7.5.1.post1 scipy==1.17.1 xarray==2026.9.0 compliance-checker==6.1.0
)
imports="import frictionless, hydroeval, HydroErr, duckdb, pandas, polars, pyarrow, netCDF4, scipy, xarray, compliance_checker"
if ! "$venv/bin/python" -c "$imports" 2>/dev/null; then
    if ! command -v python3 >/dev/null || ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        sudo=$([ "$(id -u)" = 0 ] || echo sudo)
        $sudo apt-get update -qq
        $sudo apt-get install -y -qq python3 python3-venv
    fi
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "${packages[@]}"
fi
export FRICTIONLESS="$PWD/$venv/bin/frictionless" PYTHON="$PWD/$venv/bin/python"

rustup component add rustfmt clippy 2>/dev/null || true
cargo fmt --check
cargo clippy --locked --all-targets --quiet -- -D warnings
cargo test --locked -- --include-ignored
