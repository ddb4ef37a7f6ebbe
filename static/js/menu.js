// Folds the navigation on phones. Loaded right after the navigation, so that nothing moves; without it the list is open.
(function () {
  "use strict";
  const list = document.querySelector(".s-nav ul");
  if (!list) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "s-menu";
  button.setAttribute("aria-expanded", "false");
  const icon = document.createElement("span");
  icon.className = "s-icon menu";
  icon.setAttribute("aria-hidden", "true");
  button.append(icon, list.parentElement.dataset.menu || "Menu");
  button.addEventListener("click", function () {
    button.setAttribute("aria-expanded", button.getAttribute("aria-expanded") === "true" ? "false" : "true");
  });
  list.before(button);
})();
