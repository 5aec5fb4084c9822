// Keys, the undo strip and the last minutes of a hold. The desk works without this file.
"use strict";

const isTyping = (target) => target.closest("input:not([type=radio]), textarea, select");
const press = (selector) => document.querySelector(selector)?.click();

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("answer");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { form?.requestSubmit(); return; }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "z") press(".toast button");
  if (event.key === "a") press("#answer [formaction$='/ask/']");
  if (event.key === "p") press("#answer [formaction$='/pass-on/']");
  if (/^[1-9]$/.test(event.key)) document.querySelectorAll(".options > [role=radiogroup] > .opts input")[event.key - 1]?.click();
});

const strip = document.querySelector(".toast[data-until]");
if (strip) {
  const until = Date.parse(strip.dataset.until);
  const left = strip.querySelector(".left");
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) strip.remove();
    else { left.textContent = `· ${seconds} s`; setTimeout(tick, 1000); }
  };
  tick();
}

// Helping time over, or the email went elsewhere: show the page that says so.
document.addEventListener("htmx:responseError", (event) => {
  if ([401, 403].includes(event.detail.xhr.status)) location.reload();
});
