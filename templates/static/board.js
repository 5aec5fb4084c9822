// The board asks for news every five seconds while somebody looks at it.
"use strict";

const live = document.getElementById("live");
const isBusy = () => document.hidden || live.contains(document.activeElement);
setInterval(() => { if (!isBusy()) htmx.trigger(live, "refresh"); }, 5000);

for (const strip of document.querySelectorAll("[data-gone-at]")) {
  const left = Number(strip.dataset.goneAt) * 1000 - Date.now();
  setTimeout(() => strip.remove(), Math.max(0, left));
}
