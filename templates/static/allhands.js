// Copy buttons: without this file they stay hidden, and the words can be selected.
"use strict";

async function copyWords(button) {
  const words = document.getElementById(button.dataset.copies);
  words.select();
  try {
    await navigator.clipboard.writeText(words.value);
  } catch {
    return; // not allowed here: the words stay selected
  }
  document.getElementById("copied").textContent = button.dataset.copied;
  button.firstChild.textContent = button.dataset.copied;
}

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyWords(button));
  }
});
