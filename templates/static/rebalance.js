// A person's card can be dragged onto a queue: that ticks this queue's box alone. The boxes say the
// same with the keyboard or a finger, and nothing happens before Apply.
"use strict";

const strip = document.querySelector(".drops");
strip.hidden = false;
let dragged = null;

for (const card of document.querySelectorAll("fieldset[data-person]")) {
  const grip = card.querySelector(".grip");
  grip.draggable = true;
  grip.addEventListener("dragstart", (event) => {
    dragged = card;
    event.dataTransfer.setData("text/plain", card.dataset.person);
    event.dataTransfer.effectAllowed = "move";
    strip.classList.add("ready");
  });
  grip.addEventListener("dragend", () => { dragged = null; strip.classList.remove("ready"); });
}

for (const target of strip.querySelectorAll(".drop")) {
  target.addEventListener("dragover", (event) => { event.preventDefault(); target.classList.add("over"); });
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("over");
    if (!dragged) return;
    for (const box of dragged.querySelectorAll("input[type=checkbox]")) {
      box.checked = box.value === target.dataset.queue;
    }
    dragged.classList.add("changed");
  });
}
