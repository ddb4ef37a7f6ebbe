// What every page may use. Each part looks for its mark in the page and is silent when it is absent.
(function () {
  "use strict";

  // The error summary takes the focus; its links put it into the field, with the label in view.
  const summary = document.querySelector(".s-body > .s-errors");
  if (summary) summary.focus();
  document.addEventListener("click", function (event) {
    const link = event.target.closest(".s-errors a[href^='#']");
    if (!link) return;
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const control = field.matches("input, select, textarea, button, a, [tabindex]") ? field : field.querySelector("input, select, textarea");
    const label = field.closest(".s-field, tr, fieldset") || field;
    label.scrollIntoView({ block: "nearest" });
    if (control) control.focus({ preventScroll: label.getBoundingClientRect().height < window.innerHeight });
  });

  // The list of seats closes with Escape and when the focus leaves it.
  document.querySelectorAll("details.s-seat").forEach(function (seat) {
    seat.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !seat.open) return;
      seat.open = false;
      seat.querySelector("summary").focus();
    });
    seat.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !seat.contains(event.relatedTarget)) seat.open = false;
    });
  });

  // Print buttons exist only where a script can print.
  function printers(root) {
    root.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
    });
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Show and hide a password.
  function passwords(root) {
    root.querySelectorAll("input[type='password']:not([data-shown])").forEach(function (input) {
      input.dataset.shown = "no";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "s-linklike s-show";
      button.textContent = "Show password";
      button.setAttribute("aria-controls", input.id);
      button.addEventListener("click", function () {
        const show = input.type === "password";
        input.type = show ? "text" : "password";
        button.textContent = show ? "Hide password" : "Show password";
      });
      if (input.form) {
        input.form.addEventListener("submit", function () {
          input.type = "password";
        });
      }
      input.after(button);
    });
  }

  function start(root) {
    printers(root);
    passwords(root);
  }
  start(document);
  document.addEventListener("htmx:load", function (event) {
    start(event.detail.elt);
  });
})();
