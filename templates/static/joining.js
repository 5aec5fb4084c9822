// The picture on a slip carries the code behind the #, where no server sees it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const code = document.getElementById("id_code");
  if (code && location.hash.length > 1) {
    code.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    document.getElementById("id_name").focus();
  }
});
