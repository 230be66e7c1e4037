"use strict";
const form = document.getElementById("filter"), shown = document.getElementById("shown");
function apply() {
  const state = new FormData(form).get("state");
  const wanted = state ? 'mark[data-state="' + state + '"]' : "mark";
  for (const block of document.querySelectorAll("[data-block]")) block.hidden = state !== "" && !block.querySelector(wanted);
  for (const section of document.querySelectorAll("main section")) section.hidden = state !== "" && !section.querySelector(wanted);
  shown.textContent = document.querySelectorAll(wanted).length + " sentences marked";
  document.documentElement.dataset.ready = state || "all";
}
form.addEventListener("change", apply);
// A link to a sentence that is filtered out leads to the whole page.
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.closest("[hidden]")) { form.reset(); apply(); target.scrollIntoView(); }
});
form.hidden = false;
apply();
