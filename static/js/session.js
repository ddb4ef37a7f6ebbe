// Warns before the session ends, in words that stay, and lets the person stay signed in.
(function () {
  "use strict";

  const place = document.querySelector("[data-session]");
  if (!place) return;
  const address = place.dataset.session;
  const warning = Number(place.dataset.warning);
  const says = place.querySelector("[data-session-says]");
  const button = place.querySelector("button");
  const again = place.querySelector("a");
  let timer;

  function say(key, seconds) {
    const minutes = Math.max(1, Math.round(seconds / 60));
    place.hidden = false;
    says.textContent = place.dataset[key + (minutes === 1 && key !== "over" ? "One" : "")].replace("%s", minutes);
  }

  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  }

  function stand(left) {
    button.hidden = again.hidden = true;
    if (left.seconds > warning) {
      place.hidden = true;
      wait(left.seconds - warning);
    } else if (left.seconds > 0) {
      const last = left.most <= left.seconds + 1;
      button.hidden = last;
      say(last ? "last" : "soon", left.seconds);
      wait(Math.min(left.seconds, 30));
    } else {
      again.hidden = false;
      say("over", 0);
    }
  }

  // Another window may have prolonged it meanwhile: the server is asked, and asking prolongs nothing.
  async function look() {
    try {
      const reply = await fetch(address, { headers: { "HX-Request": "true" } });
      const json = (reply.headers.get("Content-Type") || "").startsWith("application/json");
      stand(json ? await reply.json() : { seconds: 0, most: 0 });
    } catch (failed) {
      wait(30);
    }
  }

  button.addEventListener("click", async function () {
    const token = document.querySelector("[name='csrfmiddlewaretoken']");
    const sent = new URLSearchParams({ csrfmiddlewaretoken: token ? token.value : "" });
    try {
      const reply = await fetch(address, { method: "POST", body: sent });
      if (reply.ok) stand(await reply.json());
      else look();
    } catch (failed) {
      look();
    }
  });

  // A computer that slept is asked at once.
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") look();
  });
  wait(Number(place.dataset.seconds) - warning);
})();
