#!/usr/bin/env bash
# Installs the tools that proclint is compared with into a folder, each from its ordinary registry; says what is left out.
#
#   benches/install-peers.sh [FOLDER]      default: target/peers
#
# mado is not among them: the crate of that name is another program. One on PATH is compared.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/target/peers}
mkdir -p "$folder/bin"
folder=$(realpath "$folder")

left_out() { echo "not installed: $1" >&2; }
link() { for program in "$@"; do [ -e "$program" ] && ln -sf "$program" "$folder/bin/"; done; }

command -v rg >/dev/null || cargo install --quiet --root "$folder" ripgrep || left_out ripgrep

if python3 -m venv "$folder/python"; then
  "$folder/python/bin/pip" install --quiet typos rumdl proselint || left_out 'typos, rumdl, proselint'
  link "$folder"/python/bin/{typos,rumdl,proselint}
else
  left_out 'typos, rumdl, proselint: no python3 with venv'
fi

if command -v npm >/dev/null; then
  npm install --silent --no-fund --no-audit --prefix "$folder/node" markdownlint-cli2 textlint textlint-rule-no-todo \
    remark-cli remark-preset-lint-recommended @commitlint/cli danger || left_out 'the tools from npm'
  link "$folder"/node/node_modules/.bin/{markdownlint-cli2,textlint,remark,commitlint,danger}
else
  left_out 'markdownlint-cli2, textlint, remark, commitlint, danger: no npm'
fi

if command -v go >/dev/null; then
  # The last release under this path; later ones moved.
  GOBIN="$folder/bin" go install github.com/errata-ai/vale/v3/cmd/vale@v3.19.0 || left_out vale
else
  left_out 'vale: no go'
fi
