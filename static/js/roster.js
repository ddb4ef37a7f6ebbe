// A roster in rows: what is not saved yet is said in its row and in the save bar; Enter moves down; the college grade
// shows before saving; a draft is kept. Everything is only a help: the form saves without it.
//
// <form data-roster data-draft="/address/">         data-draft is optional: the form is posted there while unsaved
//   <script id="scale" type="application/json">     optional: {"minimum": 85, "none": "none, below 85", "steps": [[98, "4.0 A"], [97, "3.9 A"]]}
//   <tr data-row>                                   one student
//     <input data-grade="year">                     a percent; the value names the column, for classes with an input a term
//     <span class="s-unsaved-word" data-unsaved hidden>Not saved yet</span>
//     <output data-college-grade>                   holds "- - -" or an arrow and the grade
//     <select data-status> and <span data-status-tag hidden></span>   a grade replaces the select by a tag
//   components/save_bar.html with hidden=True
(function () {
  "use strict";
  const form = document.querySelector("form[data-roster]");
  if (!form) return;
  const bar = form.querySelector("[data-savebar]");
  const scaleData = document.getElementById("scale");
  const scale = scaleData ? JSON.parse(scaleData.textContent) : null;
  let leaving = false;
  let dirtySinceDraft = false;

  function controls(row) {
    return row.querySelectorAll("input, select, textarea");
  }
  function changed(control) {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.tagName === "SELECT") return control.selectedIndex !== firstSelected(control);
    return control.value.trim() !== control.defaultValue.trim();
  }
  function firstSelected(select) {
    const index = Array.from(select.options).findIndex((option) => option.defaultSelected);
    return index < 0 ? 0 : index;
  }

  function collegeGrade(text) {
    if (!/^\d{1,3}([.,]\d+)?$/.test(text)) return null;
    const percent = parseFloat(text.replace(",", "."));
    if (percent > 100) return null;
    const step = scale.steps.find((one) => percent >= one[0]);
    return percent >= scale.minimum && step ? { grade: step[1] } : { none: scale.none };
  }
  function showGrade(row) {
    if (!scale) return;
    const input = row.querySelector("[data-grade]");
    const output = row.querySelector("[data-college-grade]");
    if (!input || !output || row.querySelectorAll("[data-grade]").length > 1) return;
    const text = input.value.trim();
    const found = text ? collegeGrade(text) : null;
    output.textContent = "";
    output.className = "s-college-grade";
    if (!found) {
      output.textContent = "- - -";
    } else {
      const arrow = document.createElement("span");
      arrow.className = "s-icon arrow";
      arrow.setAttribute("aria-hidden", "true");
      const word = document.createElement(found.grade ? "b" : "span");
      word.textContent = found.grade || found.none;
      output.append(arrow, word);
    }
    const select = row.querySelector("[data-status]");
    const tag = row.querySelector("[data-status-tag]");
    if (!select || !tag) return;
    select.hidden = Boolean(found);
    tag.hidden = !found;
    if (found) {
      tag.className = found.grade ? "tag done" : "tag miss";
      tag.textContent = found.grade ? "Completed" : "Not Attained";
    }
  }

  function count() {
    let unsaved = 0;
    form.querySelectorAll("[data-row]").forEach(function (row) {
      const isUnsaved = row.hasAttribute("data-unsaved-already") || Array.from(controls(row)).some(changed);
      row.classList.toggle("s-unsaved", isUnsaved);
      const word = row.querySelector("[data-unsaved]");
      if (word) word.hidden = !isUnsaved;
      if (isUnsaved) unsaved += 1;
    });
    if (bar) {
      bar.hidden = unsaved === 0;
      const words = bar.querySelector("[data-savebar-text]");
      const text = unsaved === 1 ? "1 change not saved." : unsaved + " changes not saved.";
      if (words.textContent !== text) words.textContent = text;
    }
    return unsaved;
  }

  form.addEventListener("input", function (event) {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    if (event.target.matches("[data-grade]")) showGrade(row);
    dirtySinceDraft = true;
    count();
  });

  // Enter and the arrows go down the column; Shift and Enter go up. Enter never sends a half-typed roster.
  form.addEventListener("keydown", function (event) {
    if (!event.target.matches("[data-grade]")) return;
    const down = event.key === "Enter" ? !event.shiftKey : event.key === "ArrowDown";
    const up = event.key === "Enter" ? event.shiftKey : event.key === "ArrowUp";
    if (!down && !up) return;
    event.preventDefault();
    const column = event.target.dataset.grade;
    const cells = Array.from(form.querySelectorAll("[data-grade]")).filter((cell) => cell.dataset.grade === column);
    const next = cells[cells.indexOf(event.target) + (down ? 1 : -1)];
    if (!next) return;
    next.focus();
    next.select();
  });

  form.addEventListener("submit", function () {
    leaving = true;
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && count() > 0) event.preventDefault();
  });

  if (form.dataset.draft) {
    window.setInterval(function () {
      if (!dirtySinceDraft || leaving) return;
      dirtySinceDraft = false;
      fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin" })
        .then(function (answer) {
          if (!answer.ok) throw new Error(String(answer.status));
          const note = form.querySelector("[data-savebar-note]");
          const time = new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
          if (note) note.textContent = "A draft is kept as you type, last at " + time + ".";
        })
        .catch(function () {
          dirtySinceDraft = true;
        });
    }, 20000);
  }

  // What a browser kept over a reload is shown as typed; what the server wrote stays as it wrote it.
  form.querySelectorAll("[data-row]").forEach(function (row) {
    if (Array.from(controls(row)).some(changed)) showGrade(row);
  });
  count();
})();
