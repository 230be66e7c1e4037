#!/usr/bin/env bash
# Holds the tests' GitLab server against python-gitlab; without Python or the package it says so and passes.
set -euo pipefail
cd "$(dirname "$0")/../.."

environment=target/python-gitlab
if ! { [ -x "$environment/bin/python" ] || python3 -m venv "$environment"; } >/dev/null 2>&1 ||
  ! { "$environment/bin/python" -c 'import gitlab' || "$environment/bin/pip" install --quiet 'python-gitlab>=6,<9'; } >/dev/null 2>&1; then
  echo 'not checked: the fake server against python-gitlab, because it cannot be installed'
  exit 0
fi

cargo build --quiet --example fake-gitlab
exec 3< <(exec target/debug/examples/fake-gitlab --state tests/fake/state.json)
server=$!
trap 'kill "$server"' EXIT
read -r address <&3
"$environment/bin/python" tests/fake/check.py "${address%/api/v4}"
