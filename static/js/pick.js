// A long list of schools gets a box above it that finds by letters; without a script the list is enough.
(function () {
  "use strict";

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  document.querySelectorAll("select[data-pick]").forEach(function (select) {
    if (select.options.length < 12) return;
    const all = Array.from(select.querySelectorAll("option")).filter((option) => option.value);
    const words = new Map(all.map((option) => [option, fold(option.text + " " + (option.parentElement.label || ""))]));
    const box = document.createElement("div");
    box.className = "s-part";
    const label = document.createElement("label");
    label.htmlFor = select.id + "_pick";
    label.textContent = select.dataset.pick;
    const input = document.createElement("input");
    input.id = label.htmlFor;
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("aria-controls", select.id);
    const told = document.createElement("p");
    told.className = "s-note";
    told.setAttribute("role", "status");
    box.append(label, input, told);
    select.before(box);

    input.addEventListener("input", function () {
      const asked = fold(input.value).split(/\s+/).filter(Boolean);
      const fitting = [];
      all.forEach(function (option) {
        const fits = asked.every((word) => words.get(option).includes(word));
        option.hidden = option.disabled = !fits;
        if (fits) fitting.push(option);
      });
      select.querySelectorAll("optgroup").forEach(function (group) {
        group.hidden = !group.querySelector("option:not([hidden])");
      });
      if (!asked.length) {
        told.textContent = "";
        return;
      }
      // One school is chosen; of several nobody is chosen for you.
      if (fitting.length === 1) select.value = fitting[0].value;
      else if (!fitting.includes(select.selectedOptions[0])) select.value = "";
      told.textContent = fitting.length === 0 ? "No school has these letters." : fitting.length === 1 ? "1 school, chosen below." : fitting.length + " schools: choose below.";
    });
    // Enter in the box is not the button of the form: it goes on to the list.
    input.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      select.focus();
    });
  });
})();
