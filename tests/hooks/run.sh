#!/usr/bin/env bash
# The hooks as people use them: pre-commit, lefthook and a plain git hook, each in a repository of its own.
#
#   tests/hooks/run.sh [PROCLINT]     the program to test; without it target/debug/proclint is built
#
# pre-commit comes from PyPI and lefthook from npm; what cannot be had is said not to be checked. With
# PROCLINT_INSTALL=1 pre-commit also builds proclint itself, in release mode, which takes minutes.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

if [ $# -gt 0 ]; then
  program=$(realpath "$1")
else
  cargo build --quiet --manifest-path "$root/Cargo.toml"
  program=${CARGO_TARGET_DIR:-$root/target}/debug/proclint
fi

work=$(mktemp -d)
home=$HOME
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$program" "$work/bin/proclint"
export PATH="$work/bin:$PATH" HOME="$work" PRE_COMMIT_HOME="$work/cache" LC_ALL=C.UTF-8
while read -r name; do unset "$name"; done < <(compgen -e GIT_ || true)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.com

failures=0
fail() { echo "FAILED: $1"; sed 's/^/  | /' "$work/said"; failures=$((failures + 1)); }

# Commits with the message "$2"; the hook must let it pass.
passes() {
  if git commit --quiet --message "$2" >"$work/said" 2>&1; then echo "ok: $1"; else fail "$1"; fi
}

# Commits with the message "$2", and the options behind "$3"; the hook must stop it, and say "$3".
stops() {
  if git commit --quiet --message "$2" "${@:4}" >"$work/said" 2>&1; then
    fail "$1 (the commit was made)"
  elif grep -q -- "$3" "$work/said"; then
    echo "ok: $1"
  else
    fail "$1 (it did not say '$3')"
  fi
}

# A repository with an old page that nobody has mended, and a configuration that excludes a folder.
repository() {
  git init --quiet --initial-branch=main "$work/$1" && cd "$work/$1"
  echo 'exclude: [archive/]' >.proclint.yml
  echo 'Old, see #21549.' >old.md
  git add --all && git commit --quiet --no-verify --message 'Start'
}

# What every hook has to do with the content of files.
content() {
  echo 'Next is #21549.' >page.md && git add page.md
  stops "$1: a finding stops the commit" 'Add a page' 'page.md:1:9'
  # The work tree is fine, what would be committed is not.
  echo 'Next is the export of events.' >page.md
  stops "$1: the index counts, not a work tree that is better" 'Add a page' 'page.md:1:9'
  git add page.md && echo 'Next is #21549.' >page.md
  passes "$1: the index counts, not a work tree that is worse" 'Add a page'
  git checkout --quiet page.md
  mkdir -p archive && echo 'See #21549.' >archive/page.md && git add archive
  passes "$1: an excluded file is not checked although it is named" 'Add the archive'
  echo 'See #21549.' >notes.text && git add notes.text
  passes "$1: a file of no known kind is not checked" 'Add notes'
  git rm --quiet old.md
  passes "$1: a deleted file is not checked" 'Remove a page'
  printf 'See \303\244 #21549.\n' >'with blank ä.md' && git add --all
  stops "$1: any name can be checked" 'Add a page' 'with blank'
  git rm --quiet --cached --force 'with blank ä.md' && rm 'with blank ä.md'
}

message() {
  git commit --quiet --allow-empty --no-verify --message 'x'
  echo 'Another page.' >another.md && git add another.md
  stops "$1: a finding in the message stops the commit" 'Work on #21549 for now' 'bare-reference'
  passes "$1: a message without findings passes" 'Add another page'
}

echo '== a plain git hook'
repository plain
printf '#!/bin/sh\nexec proclint check --staged\n' >.git/hooks/pre-commit
printf '#!/bin/sh\nexec proclint check --commit-msg "$1"\n' >.git/hooks/commit-msg
chmod +x .git/hooks/pre-commit .git/hooks/commit-msg
content 'git hook'
message 'git hook'
# git hands over an index of its own.
echo 'Next is #21549.' >page.md
stops 'git hook: what commit --all stages is seen' 'Change a page' 'page.md:1:9' --all
git checkout --quiet page.md
git worktree add --quiet ../linked -b linked && cd ../linked
echo 'Next is #21549.' >page.md && git add page.md
stops 'git hook: in a linked worktree' 'Change a page' 'page.md:1:9'

echo '== pre-commit'
venv=${PRE_COMMIT_VENV:-$work/venv}
if [ -x "$venv/bin/pre-commit" ] ||
  { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet pre-commit; } >"$work/said" 2>&1; then
  "$venv/bin/pre-commit" validate-manifest "$root/.pre-commit-hooks.yaml"
  echo 'ok: the manifest is valid'
  # The manifest as it is, but with the proclint under test instead of one that pre-commit builds.
  git init --quiet "$work/hooks"
  sed 's/language: rust/language: system/' "$root/.pre-commit-hooks.yaml" >"$work/hooks/.pre-commit-hooks.yaml"
  git -C "$work/hooks" add --all && git -C "$work/hooks" commit --quiet --message 'Hooks'
  repository pre-commit
  cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: file://$work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks: [{id: proclint}, {id: proclint-commit-msg}]
CONFIG
  git add --all && git commit --quiet --no-verify --message 'Hooks'
  "$venv/bin/pre-commit" install --hook-type pre-commit --hook-type commit-msg >/dev/null
  content 'pre-commit'
  message 'pre-commit'

  repository init
  proclint init --yes >"$work/said"
  "$venv/bin/pre-commit" validate-config
  echo 'ok: what proclint init writes is valid'
  git add --all && "$venv/bin/pre-commit" install >/dev/null
  passes 'proclint init: its own files pass' 'Set proclint up'
  echo 'Next is #21549.' >page.md && git add page.md
  stops 'proclint init: its hook stops a finding' 'Add a page' 'page.md:1:9'
  git rm --quiet --force page.md
  message 'proclint init'

  if [ -n "${PROCLINT_INSTALL:-}" ]; then
    export HOME=$home && cd "$work/pre-commit" && echo 'Next is #21549.' >page.md && git add page.md
    "$venv/bin/pre-commit" try-repo "$root" proclint --files page.md >"$work/said" 2>&1 || true
    if grep -q 'page.md:1:9' "$work/said"; then
      echo 'ok: pre-commit builds proclint and runs it'
    else
      fail 'pre-commit builds proclint and runs it'
    fi
  else
    echo 'not checked: that pre-commit builds proclint; set PROCLINT_INSTALL=1'
  fi
else
  echo 'not checked: pre-commit, which cannot be installed from PyPI'
fi

echo '== lefthook'
if command -v npm >/dev/null &&
  npm install --silent --no-audit --no-fund --prefix "$work/npm" lefthook >"$work/said" 2>&1; then
  repository lefthook
  cat >lefthook.yml <<'CONFIG'
pre-commit:
  commands:
    proclint:
      run: proclint check --staged
commit-msg:
  commands:
    proclint:
      run: proclint check --commit-msg {1}
CONFIG
  export PATH="$work/npm/node_modules/.bin:$PATH"
  git add --all && git commit --quiet --no-verify --message 'Hooks'
  lefthook install >/dev/null 2>&1
  content 'lefthook'
  message 'lefthook'
else
  echo 'not checked: lefthook, which cannot be installed from npm'
fi

[ "$failures" -eq 0 ] || { echo "$failures failed"; exit 1; }
