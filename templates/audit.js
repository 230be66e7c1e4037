"use strict";
const id = name => document.getElementById(name);
const form = id("filter"), body = id("rows").tBodies[0], count = id("count"), pages = id("pages");
const [back, next] = pages.querySelectorAll("button");
const all = [...body.rows], size = 100, grave = ["error", "warning", "hint"];
const collator = new Intl.Collator("en", { numeric: true });
const columns = ["severity", "rule", "", "team", "state"];
let matching = all, page = 0, sorted = { column: -1, up: true };
const cell = (row, column) => row.cells[column].textContent;
// The text of a row is put together once somebody looks for something.
const words = row => row.words ??= row.textContent.toLowerCase();

function wanted() {
  const text = form.elements.text.value.trim().toLowerCase();
  const tests = text ? [row => words(row).includes(text)] : [];
  columns.forEach((name, column) => {
    const choice = name && form.elements[name].selectedOptions[0];
    if (!choice || "all" in choice.dataset) return;
    const value = choice.value;
    if (name === "team" && value) tests.push(row => (", " + cell(row, column) + ", ").includes(", " + value + ", "));
    else tests.push(row => cell(row, column) === value);
  });
  return tests;
}

function apply() {
  const tests = wanted();
  matching = tests.length ? all.filter(row => tests.every(test => test(row))) : all.slice();
  const { column, up } = sorted;
  if (column >= 0) {
    const key = column ? (a, b) => collator.compare(a[1], b[1]) : (a, b) => grave.indexOf(a[1]) - grave.indexOf(b[1]);
    const keyed = matching.map(row => [row, cell(row, column)]).sort((a, b) => up ? key(a, b) : key(b, a));
    matching = keyed.map(pair => pair[0]);
  }
  page = 0;
  show();
}

function show() {
  const from = page * size, rows = matching.slice(from, from + size), number = n => n.toLocaleString("en");
  body.replaceChildren(...rows);
  count.textContent = matching.length === 0 ? "No finding of " + number(all.length) + " matches"
    : number(matching.length) + (matching.length === 1 ? " finding" : " findings") + " of " + number(all.length) + ", shown are " + number(from + 1) + " to " + number(from + rows.length);
  back.disabled = page === 0;
  next.disabled = from + size >= matching.length;
}

id("rows").querySelectorAll("thead th").forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  // The third press gives the order of the source back.
  button.addEventListener("click", () => {
    const again = sorted.column === column;
    sorted = again && !sorted.up ? { column: -1, up: true } : { column, up: !again };
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    if (sorted.column >= 0) head.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
    apply();
  });
});
form.addEventListener("input", apply);
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", () => setTimeout(apply));
back.addEventListener("click", () => { page -= 1; show(); if (back.disabled) next.focus(); });
next.addEventListener("click", () => { page += 1; show(); if (next.disabled) back.focus(); });
// A number elsewhere on the page leads to the findings it counts.
for (const link of document.querySelectorAll("[data-filter]")) link.addEventListener("click", () => {
  form.reset();
  const select = form.elements[link.dataset.filter];
  const option = [...select.options].find(option => option.value === link.dataset.value && !("all" in option.dataset));
  if (option) option.selected = true;
  setTimeout(apply);
});
form.hidden = pages.hidden = false;
document.documentElement.dataset.ready = "";
apply();
