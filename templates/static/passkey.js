// A passkey is made or used in the browser; what it answers goes back with the form.
"use strict";

async function ask(button) {
  const options = JSON.parse(document.getElementById("js_data").textContent);
  const answer = button.dataset.passkey === "make"
    ? await webauthnJSON.create(options.creation_options)
    : await webauthnJSON.get(options.request_options);
  button.form.elements.credential.value = JSON.stringify(answer);
  button.form.submit();
}

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button[data-passkey]");
  if (!button) return;
  const trouble = document.getElementById("passkey-trouble");
  button.hidden = !window.PublicKeyCredential;
  document.getElementById("passkey-missing").hidden = !button.hidden;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    trouble.hidden = true;
    ask(button).catch(() => { trouble.hidden = false; });
  });
});
