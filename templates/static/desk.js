// Keys, the undo strip, and what happens while somebody answers. The desk works without this file.
"use strict";

const isTyping = (target) => target.closest("input:not([type=radio]), textarea, select");
const press = (selector) => document.querySelector(selector)?.click();

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("answer");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { form?.requestSubmit(); return; }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat) return;
  if (event.key === "!") press("[formaction$='/danger/']");
  if (event.key === "z") press(".toast button");
  if (event.key === "a") press("#answer [formaction$='/ask/']");
  if (event.key === "p") press("#answer [formaction$='/pass-on/']");
  if (/^[1-9]$/.test(event.key)) document.querySelectorAll(".options > [role=radiogroup] > .opts input")[event.key - 1]?.click();
});

// A kind line to tap: it goes into the own line, where it can still be changed.
document.documentElement.classList.add("scripted");
document.addEventListener("click", (event) => {
  const tap = event.target.closest("[data-line]");
  const own = tap?.closest(".fill").querySelector("textarea, input");
  if (!own) return;
  if (!own.value.includes(tap.dataset.line)) own.value = `${own.value} ${tap.dataset.line}`.trim().slice(0, own.maxLength);
  own.dispatchEvent(new Event("input", { bubbles: true }));
  own.focus();
});

const strip = document.querySelector(".toast[data-seconds]");
if (strip) {
  const until = performance.now() + Number(strip.dataset.seconds) * 1000; // not the phone's clock
  const left = strip.querySelector(".left");
  const tick = () => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds <= 0) strip.remove();
    else { left.textContent = `· ${seconds} s`; setTimeout(tick, 1000); }
  };
  tick();
}

// Asks what is new while somebody looks, and says that somebody is here while they read.
const LOOK_EVERY_MS = 15000;
const HERE_EVERY_MS = 60000;
const pulse = document.getElementById("pulse");
if (pulse) {
  const here = document.getElementById("here");
  let toldAt = performance.now();
  const look = () => { if (!document.hidden) htmx.trigger(pulse, "look"); };
  const tell = () => { toldAt = performance.now(); htmx.trigger(here, "here"); };
  const noticed = () => { if (!document.hidden && performance.now() - toldAt >= HERE_EVERY_MS) tell(); };
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  for (const sign of ["scroll", "pointermove", "pointerdown", "keydown"]) {
    document.addEventListener(sign, noticed, { passive: true, capture: true });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-here]")) { event.preventDefault(); tell(); }
    const note = event.target.closest("[data-hush]");
    if (note) {
      document.getElementById("hushed").value += ` ${note.dataset.hush}`;
      note.closest(".strip").remove();
      if (note.tagName === "BUTTON") document.getElementById("main").focus({ preventScroll: true });
    }
  });
}

// The server cannot be reached: say so once, and take it back when it answers again.
const offline = document.getElementById("offline");
document.addEventListener("htmx:sendError", () => { if (offline) offline.hidden = false; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (offline && event.detail.xhr?.status) offline.hidden = true;
});

// Helping time over: what is typed goes along to the page that says so, and is kept.
document.addEventListener("htmx:responseError", (event) => {
  if (![401, 403].includes(event.detail.xhr.status)) return;
  const form = document.getElementById("answer");
  if (!form) { location.reload(); return; }
  form.action = form.dataset.keep;
  form.submit();
});
