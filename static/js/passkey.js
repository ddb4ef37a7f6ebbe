// Passkeys: asks the browser to make or use one, and sends its answer. Silent where the browser knows none.
(function () {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function keys(list) {
    return (list || []).map((key) => ({ ...key, id: bytes(key.id) }));
  }

  function answer(credential, parts) {
    const response = {};
    parts.forEach(function (part) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    });
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response, clientExtensionResults: {} });
  }

  // Use one: to sign in, as the second step, or to prove once more.
  document.querySelectorAll("[data-passkey]").forEach(function (place) {
    const says = place.querySelector("[data-passkey-says]");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", async function () {
      says.textContent = "";
      try {
        const options = await (await fetch(place.dataset.passkey)).json();
        options.challenge = bytes(options.challenge);
        options.allowCredentials = keys(options.allowCredentials);
        let credential;
        try {
          credential = await navigator.credentials.get({ publicKey: options });
        } catch (stopped) {
          says.textContent = says.dataset.stopped;
          return;
        }
        const sent = new URLSearchParams({
          answer: answer(credential, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
          csrfmiddlewaretoken: document.querySelector("[name='csrfmiddlewaretoken']").value,
        });
        const reply = await (await fetch(place.dataset.passkey, { method: "POST", body: sent })).json();
        if (reply.next) window.location.assign(reply.next);
        else says.textContent = reply.message;
      } catch (failed) {
        says.textContent = says.dataset.failed;
      }
    });
  });

  // Make one: the form is sent with what the browser answered.
  document.querySelectorAll("[data-passkey-new]").forEach(function (place) {
    const form = place.querySelector("form");
    const says = place.querySelector("[data-passkey-says]");
    const without = document.querySelector("[data-passkey-without]");
    place.hidden = false;
    without.hidden = true;
    form.addEventListener("submit", async function (event) {
      const field = form.elements.answer;
      if (field.value || !form.elements.name.value.trim()) return;
      event.preventDefault();
      says.textContent = "";
      const options = JSON.parse(place.dataset.passkeyNew);
      options.challenge = bytes(options.challenge);
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = keys(options.excludeCredentials);
      try {
        const credential = await navigator.credentials.create({ publicKey: options });
        field.value = answer(credential, ["clientDataJSON", "attestationObject"]);
      } catch (stopped) {
        says.textContent = says.dataset.stopped;
        return;
      }
      form.requestSubmit();
    });
  });
})();
