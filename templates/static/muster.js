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
