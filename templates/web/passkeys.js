// Passkeys: a form is shown where the browser knows them, has it asked, and sends what it says. Without this file a link by mail
// remains.
"use strict";

(() => {
  const known = window.PublicKeyCredential;
  if (!known || !known.parseRequestOptionsFromJSON) return;

  const ask = async (form) => {
    const fields = new URLSearchParams(new FormData(form));
    const response = await fetch(form.dataset.ask, { method: "POST", body: fields });
    if (!response.ok) throw new Error(response.statusText);
    const options = await response.json();
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(options) });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        form.elements.answer.value = JSON.stringify((await ask(form)).toJSON());
        form.submit();
      } catch (error) {
        said.textContent = error.name === "InvalidStateError"
          ? "This device has a passkey of yours already."
          : "Nothing came of it. Try again, or take another way.";
      }
    });
  }
})();
