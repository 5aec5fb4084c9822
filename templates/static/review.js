// Keys for who reads many answers. The page works without this file.
"use strict";

const start = document.getElementById("read-next");
if (start && document.activeElement === document.body) start.focus();

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) document.getElementById("approve")?.requestSubmit();
});
