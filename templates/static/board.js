// The board asks for news every five seconds while somebody looks at it; focus, scroll and what is
// unfolded stay as they are.
"use strict";

const live = document.getElementById("live");
const stale = document.getElementById("stale");
let kept = null;

setInterval(() => { if (!document.hidden) htmx.trigger(live, "refresh"); }, Number(live.dataset.every));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) htmx.trigger(live, "refresh");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== live) return;
  const focused = document.activeElement;
  kept = {
    focus: live.contains(focused) ? focused.id : "",
    scrolled: [...live.querySelectorAll(".tablewrap")].map((box) => box.scrollLeft),
    open: [...live.querySelectorAll("details[open]")].map((details) => details.id),
  };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== live || !kept) return;
  live.querySelectorAll(".tablewrap").forEach((box, i) => { box.scrollLeft = kept.scrolled[i] || 0; });
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
});

document.addEventListener("htmx:sendError", () => { stale.hidden = false; });
document.addEventListener("htmx:responseError", () => { stale.hidden = false; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful || event.detail.xhr.status === 304) stale.hidden = true;
});

for (const strip of document.querySelectorAll("[data-gone-at]")) {
  const left = Number(strip.dataset.goneAt) * 1000 - Date.now();
  setTimeout(() => strip.remove(), Math.max(0, left));
}
