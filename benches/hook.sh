#!/usr/bin/env bash
# How long a hook takes for one changed file in a repository of many pages, beside checking that file alone.
#
#   benches/hook.sh [PROCLINT] [PAGES] [ROUNDS]      default: target/release/proclint, 5000, 41
#
# The commands take turns, so that whatever else the machine does hits all of them; medians in milliseconds.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${1:-$root/target/release/proclint}")
pages=${2:-5000} rounds=${3:-41}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init --quiet --initial-branch=main "$work/many" && cd "$work/many"
git config user.name A && git config user.email a@example.com
python3 - "$pages" <<'PYTHON'
import os, sys
for number in range(int(sys.argv[1])):
    folder = f"content/{number % 50}/{number % 7}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/page-{number}.md", "w") as page:
        page.write(f"# Page {number}\n\n" + f"The team of page {number} writes down how it works.\n\n" * 40)
PYTHON
git add --all && git commit --quiet --message Pages
page=content/0/0/page-0.md
echo 'One more sentence about the export of events.' >>"$page" && git add "$page"

# The same file where there is nothing else.
git init --quiet "$work/one" && mkdir -p "$work/one/content/0/0" && cp "$page" "$work/one/$page"

python3 - "$program" "$work" "$page" "$rounds" <<'PYTHON'
import statistics, subprocess, sys, time
program, work, page, rounds = *sys.argv[1:4], int(sys.argv[4])
commands = {
    "the file alone": ("one", [program, "check", page]),
    "the file, named as pre-commit does": ("many", [program, "check", page]),
    "--staged": ("many", [program, "check", "--staged"]),
    "--staged --since HEAD": ("many", [program, "check", "--staged", "--since", "HEAD"]),
    "--since HEAD": ("many", [program, "check", "--since", "HEAD"]),
    "git diff --cached, for comparison": ("many", ["git", "diff", "--cached", "--name-only"]),
    "every page": ("many", [program, "check"]),
}
times = {name: [] for name in commands}
for turn in range(rounds + 1):
    for name, (folder, command) in commands.items():
        start = time.perf_counter()
        subprocess.run(command, cwd=f"{work}/{folder}", stdout=subprocess.DEVNULL, check=True)
        if turn:
            times[name].append((time.perf_counter() - start) * 1e3)
alone = times["the file alone"]
for name, taken in times.items():
    ratio = statistics.median(a / b for a, b in zip(taken, alone))
    print(f"{name:36} {statistics.median(taken):7.1f} ms  {ratio:5.2f}x")
PYTHON
