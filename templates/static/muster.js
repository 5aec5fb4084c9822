// Times become the reader's own; the zone stands on hover. Pages work without this file.
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const shapes = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "long", year: "numeric" },
  both: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

function showTimes(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    const at = new Date(time.dateTime);
    const language = document.documentElement.lang;
    time.textContent = new Intl.DateTimeFormat(language, shapes[time.dataset.moment]).format(at);
    time.title = `${new Intl.DateTimeFormat(language, shapes.both).format(at)}, ${zone}`;
  }
}

document.addEventListener("DOMContentLoaded", () => showTimes(document));
document.addEventListener("htmx:load", (event) => showTimes(event.detail.elt));

// On a shared computer the browser is to remember nothing that is typed.
function keepNothing(form) {
  form.setAttribute("autocomplete", "off");
  for (const field of form.querySelectorAll("input, textarea")) field.setAttribute("autocomplete", "off");
}

document.addEventListener("change", (event) => {
  if (event.target.name === "shared" && event.target.checked) keepNothing(event.target.form);
});
document.addEventListener("DOMContentLoaded", () => {
  if ("shared" in document.body.dataset) document.querySelectorAll("form").forEach(keepNothing);
});
document.addEventListener("htmx:load", (event) => {
  if ("shared" in document.body.dataset) event.detail.elt.querySelectorAll("form").forEach(keepNothing);
});
