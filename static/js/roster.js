// Class Roster/Assign Grades: tells the college grade while a percent is typed, moves up and down the column, says what is
// not saved, opens comments in place, and sends only the rows that were changed. The server decides; without this the page works.
(function () {
  "use strict";
  const form = document.querySelector("form[data-roster]");
  if (!form) return;
  const scales = JSON.parse(document.getElementById("scales").textContent);
  const EMPTY = "- - -";
  const words = { in_progress: "In Progress", completed: "Completed", not_attained: "Not Attained", withdrawn: "Withdrawn", not_in_class: "Not in Class" };
  const states = { completed: "done", not_attained: "miss" };
  let sending = false;

  // --- What a box holds: null for nothing, "NA", hundredths of a percent, or undefined when it is none of these
  function read(typed) {
    const text = typed.normalize("NFKC").trim();
    const folded = text.toLowerCase().replace(/\s/g, "");
    if (/^-{0,3}$/.test(folded)) return null;
    if (["na", "n/a", "notattained"].includes(folded)) return "NA";
    const parts = /^(\d{0,9})(?:[.,](\d*))?\s*%?$/.exec(text);
    if (!parts || !(parts[1] || parts[2])) return undefined;
    const hundredths = Number(parts[1] || 0) * 100 + Number(((parts[2] || "") + "00").slice(0, 2));
    return hundredths > 10000 || (hundredths === 10000 && /[1-9]/.test((parts[2] || "").slice(2))) ? undefined : hundredths;
  }

  // As grading/rules.py: rounded first, then the minimum, then the highest step not above it; a step without a grade awards nothing.
  function collegeGrade(hundredths, scale) {
    if (scale.rounding === "down") hundredths = Math.floor(hundredths / 100) * 100;
    if (scale.rounding === "half_up") hundredths = Math.floor((hundredths + 50) / 100) * 100;
    if (hundredths < scale.minimum) return "";
    let found = null;
    scale.rows.forEach(function (row) {
      if (row[0] <= hundredths && (!found || row[0] > found[0])) found = row;
    });
    return found ? found[1] : "";
  }

  function part(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  // --- One student
  const rows = [];
  function Row(row) {
    const self = this;
    self.row = row;
    self.box = row.querySelector("[data-grade]");
    const seen = /^(\S+) \d+ (\w+) (.*)$/.exec(row.querySelector("[name='row']").value); // its id, and what it showed
    self.id = seen[1];
    self.wasStatus = seen[2];
    self.wasGrade = seen[3];
    self.scale = scales[row.dataset.scale];
    self.output = row.querySelector("[data-college]");
    self.cell = row.querySelector("[data-status]");
    self.select = self.cell.querySelector("select");
    self.tag = self.cell.querySelector(".tag");
    self.percent = row.querySelector("[data-percent]");
    self.asServed = { box: self.box ? self.box.value : "", output: Array.from(self.output.childNodes) };
    const next = row.nextElementSibling;
    self.choices = next && next.classList.contains("s-clash") ? Array.from(next.querySelectorAll("input[type='radio']")) : [];
    const opener = row.querySelector("[data-comment]");
    self.panel = opener ? document.getElementById("panel" + opener.dataset.comment) : null;
  }

  Row.prototype.comment = function () {
    const text = this.panel && this.panel.querySelector("[data-comment-text]");
    return text ? text.value.trim() : "";
  };

  Row.prototype.changed = function () {
    if (this.comment() || this.choices.length) return true;
    if (!this.box) return false;
    const value = read(this.box.value);
    const was = read(this.wasGrade);
    if (value !== was || value === undefined) return true;
    return Boolean(this.select && !this.select.hidden && value === null && this.select.value !== this.wasStatus);
  };

  Row.prototype.waits = function () {
    if (this.choices.length) return this.choices.some(function (one) { return one.checked; }) ? "" : "choose";
    return this.row.classList.contains("s-wrong") ? "correct" : "";
  };

  // A select stands where there is no grade, a tag where there is one.
  Row.prototype.showStatus = function (status) {
    const graded = status === "completed" || status === "not_attained";
    if (!graded && !this.select && this.wasGrade) { // a saved grade was emptied: only Not Attained can follow
      this.select = part("select");
      this.select.name = "status-" + this.id;
      this.select.setAttribute("aria-labelledby", this.box.getAttribute("aria-labelledby").replace("h-grade", "h-status"));
      [this.wasStatus, "not_attained"].forEach(function (value, index, all) {
        if (index && all[0] === value) return;
        const option = part("option", "", words[value]);
        option.value = value;
        this.select.append(option);
      }, this);
      this.cell.prepend(this.select);
    }
    if (graded) {
      if (!this.tag) {
        this.tag = part("span", "tag");
        this.cell.prepend(this.tag);
      }
      this.tag.className = "tag " + states[status];
      this.tag.textContent = words[status];
    }
    if (this.tag) this.tag.hidden = !graded;
    if (this.select) this.select.hidden = graded;
  };

  Row.prototype.showGrade = function (grade, none) {
    const text = grade || none;
    if (this.output.textContent === text) return;
    const icon = part("span", "s-icon arrow");
    icon.setAttribute("aria-hidden", "true");
    if (none === EMPTY) this.output.replaceChildren(part("span", "", text));
    else this.output.replaceChildren(icon, part(grade ? "b" : "span", "", text));
  };

  Row.prototype.refresh = function () {
    if (this.box) {
      const value = read(this.box.value);
      this.percent.hidden = value === "NA";
      if (this.box.value === this.asServed.box && read(this.wasGrade) === value && this.wasGrade) {
        this.output.replaceChildren.apply(this.output, this.asServed.output);
        this.showStatus(this.wasStatus);
      } else if (value === null || value === undefined) {
        this.showGrade("", EMPTY);
        this.showStatus("");
      } else if (value === "NA") {
        this.showGrade("", "none");
        this.showStatus("not_attained");
      } else if (this.scale) {
        const grade = collegeGrade(value, this.scale);
        this.showGrade(grade, "none, below " + this.scale.below);
        this.showStatus(grade ? "completed" : "not_attained");
      }
    }
    const changed = this.changed();
    this.row.classList.toggle("s-unsaved", changed && !this.row.classList.contains("s-wrong") && !this.row.classList.contains("s-clash"));
    return changed;
  };

  // What was wrong is no longer said once it is typed over.
  Row.prototype.typedOver = function () {
    if (!this.row.classList.contains("s-wrong")) return;
    this.row.classList.remove("s-wrong");
    const error = this.row.querySelector(".s-error");
    if (error) error.remove();
    this.box.removeAttribute("aria-invalid");
    this.box.removeAttribute("aria-describedby");
  };

  form.querySelectorAll("tr[data-scale]").forEach(function (row) {
    if (row.querySelector("[name='row']")) rows.push(new Row(row));
  });
  function rowOf(element) {
    let row = element.closest("tr");
    while (row && !row.dataset.scale) row = row.previousElementSibling;
    return rows.find(function (one) { return one.row === row; });
  }

  // --- What is not saved
  const bar = form.querySelector("[data-savebar]");
  const plain = form.querySelector("[data-plain-save]");
  const plainHidden = plain.hidden;
  function say(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }
  function count() {
    let changed = 0;
    const waits = { choose: 0, correct: 0 };
    rows.forEach(function (one) {
      if (!one.changed()) return;
      changed += 1;
      if (one.waits()) waits[one.waits()] += 1;
    });
    const rest = ["choose", "correct"].filter(function (what) { return waits[what]; }).map(function (what) { return waits[what] + " to " + what; });
    say(bar.querySelector("[data-savebar-text]"), changed === 1 ? "1 change not saved." : changed + " changes not saved.");
    say(bar.querySelector("[data-savebar-note]"), rest.length ? rest.join(", ") + "." : "");
    bar.hidden = !changed;
    plain.hidden = Boolean(changed) || plainHidden;
    return changed;
  }
  function update(element) {
    const one = rowOf(element);
    if (!one) return;
    if (element.matches("[data-grade], select")) one.typedOver();
    one.refresh();
    count();
  }
  form.addEventListener("input", function (event) { update(event.target); });
  form.addEventListener("change", function (event) { update(event.target); });
  window.addEventListener("beforeunload", function (event) {
    if (!sending && count()) event.preventDefault();
  });
  window.addEventListener("pageshow", function () { sending = false; });

  // --- Only changed rows are sent
  form.addEventListener("submit", function () { sending = true; });
  form.addEventListener("formdata", function (event) {
    const data = event.formData;
    const sent = data.getAll("row");
    data.delete("row");
    sent.forEach(function (value) {
      const id = value.split(" ", 1)[0];
      if (rows.find(function (one) { return one.id === id; }).changed()) data.append("row", value);
      else ["grade-", "status-", "comment-"].forEach(function (name) { data.delete(name + id); });
    });
  });

  // --- Enter and the arrow keys move up and down the column
  form.addEventListener("keydown", function (event) {
    if (!event.target.matches("[data-grade]") || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const down = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
    const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
    if (!down && !up) return;
    event.preventDefault();
    const boxes = rows.map(function (one) { return one.box; }).filter(Boolean);
    const next = boxes[boxes.indexOf(event.target) + (down ? 1 : -1)];
    if (next) {
      next.focus();
      next.select();
    } else if (down && event.key === "Enter") {
      const button = (bar.hidden ? plain : bar).querySelector("button");
      if (button) button.focus();
    }
  });

  // --- Comments open in place
  const template = document.getElementById("panel");
  function makePanel(one, number, name) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.id = "panel" + number;
    const text = row.querySelector("textarea");
    const hint = row.querySelector(".s-hint");
    text.id = "comment" + number;
    text.name = "comment-" + one.id;
    hint.id = "hint" + number;
    text.setAttribute("aria-describedby", hint.id);
    row.querySelector("label").htmlFor = text.id;
    row.querySelector("label .s-vh").textContent = " on " + name;
    (one.choices.length ? one.row.nextElementSibling : one.row).after(row);
    one.panel = row;
    return row;
  }
  form.addEventListener("click", function (event) {
    const link = event.target.closest("[data-comment]");
    if (!link) return;
    const one = rowOf(link);
    const number = link.dataset.comment;
    let panel = document.getElementById("panel" + number);
    if (!panel && !one) return;
    event.preventDefault();
    if (!panel) {
      panel = makePanel(one, number, one.row.querySelector("th a, th").firstChild.textContent.trim());
      panel.hidden = true;
    }
    panel.hidden = !panel.hidden;
    link.closest("tr").classList.toggle("s-open", !panel.hidden);
    link.setAttribute("aria-expanded", String(!panel.hidden));
    link.firstElementChild.textContent = panel.hidden ? link.dataset.word : "Close";
    const text = panel.querySelector("textarea");
    if (!panel.hidden && text) text.focus();
  });

  document.querySelectorAll("[data-by-script]").forEach(function (hint) { hint.hidden = false; });
  rows.forEach(function (one) { if (one.changed()) one.refresh(); });
  count();
})();
