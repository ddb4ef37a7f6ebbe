// Class Roster/Assign Grades: tells the college grade while a grade is typed, moves up and down the column, takes a pasted
// column, fills empty rows, keeps a draft at the server, says what is not saved, opens comments and histories in place, and
// sends only the rows that were changed. The server decides; without this the page works.
(function () {
  "use strict";
  const form = document.querySelector("form[data-roster]");
  if (!form) return;
  const scales = JSON.parse(document.getElementById("scales").textContent);
  const EMPTY = "- - -";
  const CRITERIA = ["exam", "checklist"];
  const words = { in_progress: "In Progress", completed: "Completed", not_attained: "Not Attained", withdrawn: "Withdrawn", not_in_class: "Not in Class" };
  const states = { completed: "done", not_attained: "miss", in_progress: "progress" };
  let sending = false;

  // --- What a box holds: null for nothing, "NA", hundredths of a percent, {grade: "3.9 A"}, "met" or "not met", or undefined
  // when it is none of these
  function fold(text) {
    return text.normalize("NFKC").toLowerCase().replace(/\s/g, "");
  }
  function readGrade(typed, scale) {
    const text = typed.normalize("NFKC").trim();
    const folded = fold(typed);
    if (/^-{0,3}$/.test(folded)) return null;
    if (["na", "n/a", "notattained"].includes(folded)) return "NA";
    if (scale && (scale.as === "grade" || /\p{L}/u.test(folded))) {
      const named = namedGrade(folded, scale);
      if (named !== undefined || scale.as === "grade") return named;
    }
    const parts = /^(\d{0,9})(?:[.,](\d*))?\s*%?$/.exec(text);
    if (!parts || !(parts[1] || parts[2])) return undefined;
    const hundredths = Number(parts[1] || 0) * 100 + Number(((parts[2] || "") + "00").slice(0, 2));
    return hundredths > 10000 || (hundredths === 10000 && /[1-9]/.test((parts[2] || "").slice(2))) ? undefined : hundredths;
  }
  // `3.9 A`, or points or a letter alone where only one grade of the scale has them; below the minimum it is not attained.
  function namedGrade(folded, scale) {
    const grades = scale.rows.map(function (row) { return row[1]; }).filter(Boolean);
    let found = grades.filter(function (grade) { return fold(grade) === folded; });
    if (!found.length) found = grades.filter(function (grade) { return grade.toLowerCase().split(" ").includes(folded); });
    if (found.length !== 1) return undefined;
    return scale.grades.includes(found[0]) ? { grade: found[0] } : "NA";
  }
  function read(box, text, scale) {
    if (CRITERIA.includes(box.dataset.grade)) return text || null;
    return readGrade(text, scale);
  }
  function same(one, other) {
    return (one && one.grade) || (other && other.grade) ? Boolean(one && other) && one.grade === other.grade : one === other;
  }

  // As grading/rules/standards.py: rounded first, then the minimum, then the highest step not above it; a step without a grade
  // awards nothing.
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
  function gradeOf(value, scale) {
    if (typeof value === "number") return collegeGrade(value, scale);
    return value && value.grade ? value.grade : "";
  }
  function rank(value, grade, scale) {
    if (typeof value === "number") return value;
    const row = scale.rows.find(function (one) { return one[1] === grade; });
    return row ? row[0] : 0;
  }
  // What the parts come to: {grade, none}; null while one is missing and none is below.
  function decide(values, parts, scale) {
    const terms = [];
    for (let at = 0; at < parts.length; at += 1) {
      if (CRITERIA.includes(parts[at]) || values[at] === null) continue;
      const grade = gradeOf(values[at], scale);
      if (!grade) return { grade: "", none: typeof values[at] === "number" ? "none, below " + scale.below : "none" };
      terms.push([values[at], grade]);
    }
    if (values.includes("not met")) return { grade: "", none: "none" };
    if (values.includes(null)) return null;
    let found = terms[terms.length - 1];
    if (scale.from === "lowest") {
      terms.forEach(function (term) {
        const less = (parseFloat(term[1]) || 0) - (parseFloat(found[1]) || 0);
        if (less < 0 || (less === 0 && rank(term[0], term[1], scale) < rank(found[0], found[1], scale))) found = term;
      });
    }
    return { grade: found[1], none: "" };
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
    self.boxes = Array.from(row.querySelectorAll("[data-grade]"));
    const seen = /^(\S+) \d+ (\w+) (.*)$/.exec(row.querySelector("[name='row']").value); // its id, and what it showed
    self.id = seen[1];
    self.wasStatus = seen[2];
    self.isWhole = self.boxes.length === 1 && self.boxes[0].dataset.grade === "whole";
    self.was = self.isWhole ? [seen[3]] : seen[3].split("/");
    self.scale = scales[row.dataset.scale];
    self.parts = self.boxes.map(function (box) { return box.dataset.grade; });
    self.output = row.querySelector("[data-college]");
    self.cell = row.querySelector("[data-status]");
    self.select = self.cell.querySelector("select");
    self.tag = self.cell.querySelector(".tag");
    self.percent = row.querySelector("[data-percent]");
    self.served = { boxes: self.boxes.map(function (box) { return box.value; }), output: Array.from(self.output.childNodes) };
    const next = row.nextElementSibling;
    self.choices = next && next.classList.contains("s-clash") ? Array.from(next.querySelectorAll("input[type='radio']")) : [];
    const opener = row.querySelector("[data-comment]");
    self.panel = opener ? document.getElementById("panel" + opener.dataset.comment) : null;
  }

  Row.prototype.comment = function () {
    const text = this.panel && this.panel.querySelector("[data-comment-text]");
    return text ? text.value.trim() : "";
  };

  Row.prototype.values = function () {
    return this.boxes.map(function (box) { return read(box, box.value, this.scale); }, this);
  };

  Row.prototype.changed = function () {
    if (this.comment() || this.choices.length) return true;
    if (!this.boxes.length) return false;
    const values = this.values();
    const differs = values.some(function (value, at) {
      return value === undefined || !same(value, read(this.boxes[at], this.was[at] || "", Object.assign({}, this.scale, { as: "percent" })));
    }, this);
    if (differs) return true;
    return Boolean(this.select && !this.select.hidden && this.select.value !== this.wasStatus);
  };

  Row.prototype.waits = function () {
    if (this.choices.length) return this.choices.some(function (one) { return one.checked; }) ? "" : "choose";
    return this.row.classList.contains("s-wrong") ? "correct" : "";
  };

  // A select stands where there is no grade, a tag where there is one.
  Row.prototype.showStatus = function (status) {
    const graded = status === "completed" || status === "not_attained";
    const opened = !graded && !this.select && !this.isWhole; // a term of a standing grade is open again
    if (!graded && !this.select && this.isWhole && this.was[0]) { // a saved grade was emptied: only Not Attained can follow
      this.select = part("select");
      this.select.name = "status-" + this.id;
      this.select.setAttribute("aria-labelledby", this.boxes[0].getAttribute("aria-labelledby").replace("h-grade", "h-status"));
      [this.wasStatus, "not_attained"].forEach(function (value, index, all) {
        if (index && all[0] === value) return;
        const option = part("option", "", words[value]);
        option.value = value;
        this.select.append(option);
      }, this);
      this.cell.prepend(this.select);
    }
    if (graded || opened) {
      if (!this.tag) {
        this.tag = part("span", "tag");
        this.cell.prepend(this.tag);
      }
      const shown = graded ? status : "in_progress";
      this.tag.className = "tag " + states[shown];
      this.tag.textContent = words[shown];
    }
    if (this.tag) this.tag.hidden = !graded && !opened;
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

  Row.prototype.standsAsServed = function () {
    return Boolean(this.was.join("")) && this.boxes.every(function (box, at) {
      return box.value === this.served.boxes[at] && box.value === (this.was[at] || "");
    }, this);
  };

  Row.prototype.refresh = function () {
    if (this.boxes.length) {
      const values = this.values();
      if (this.percent) this.percent.hidden = values[0] === "NA" || Boolean(values[0] && values[0].grade);
      if (this.standsAsServed() && !this.select) {
        this.output.replaceChildren.apply(this.output, this.served.output);
        this.showStatus(this.wasStatus);
      } else if (this.scale) {
        const decided = values.includes(undefined) ? null : decide(values, this.parts, this.scale);
        if (decided) this.showGrade(decided.grade, decided.none);
        else this.showGrade("", EMPTY);
        this.showStatus(decided ? (decided.grade ? "completed" : "not_attained") : "");
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
    this.boxes.forEach(function (box) {
      box.removeAttribute("aria-invalid");
      box.removeAttribute("aria-describedby");
    });
  };

  // Put a text into a box as if it were typed; a list takes what it offers.
  Row.prototype.put = function (box, text) {
    const typed = text.trim();
    if (box.tagName === "SELECT") {
      const option = Array.from(box.options).find(function (one) {
        return [fold(one.value), fold(one.textContent)].includes(fold(typed));
      });
      if (!option) return false;
      box.value = option.value;
    } else {
      box.value = typed.slice(0, 40);
    }
    this.typedOver();
    this.refresh();
    return true;
  };

  form.querySelectorAll("tr[data-scale]").forEach(function (row) {
    if (row.querySelector("[name='row']")) rows.push(new Row(row));
  });
  function rowOf(element) {
    let row = element.closest("tr");
    while (row && !row.dataset.scale) row = row.previousElementSibling;
    return rows.find(function (one) { return one.row === row; });
  }
  function nameOf(one) {
    return one.row.querySelector("th a, th").firstChild.textContent.trim();
  }

  // --- What is not saved
  const bar = form.querySelector("[data-savebar]");
  const plain = form.querySelector("[data-plain-save]");
  const plainHidden = plain.hidden;
  let told = ""; // what the last paste or fill did
  let kept = ""; // when the draft was kept
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
    say(bar.querySelector("[data-savebar-note]"), [rest.length ? rest.join(", ") + "." : "", told, kept].filter(Boolean).join(" "));
    bar.hidden = !changed && !told;
    plain.hidden = !bar.hidden || plainHidden;
    return changed;
  }
  function update(element) {
    const one = rowOf(element);
    if (!one) return;
    if (element.matches("[data-grade], select")) one.typedOver();
    one.refresh();
    told = "";
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
      const one = rows.find(function (row) { return row.id === id; });
      if (one.changed()) data.append("row", value);
      else ["grade-", "status-", "comment-"].concat(one.parts.map(function (name) { return name + "-"; })).forEach(function (name) { data.delete(name + id); });
    });
  });

  // --- A draft at the server: every twenty seconds, and on leaving
  const drafted = new Set(rows.filter(function (one) { return one.changed(); }).map(function (one) { return one.id; }));
  let lastDraft = null;
  function keepDraft(leaving) {
    if (sending || !form.dataset.draft) return;
    const changed = rows.filter(function (one) { return one.changed(); }).map(function (one) { return one.id; });
    const clean = Array.from(drafted).filter(function (id) { return !changed.includes(id); });
    if (!changed.length && !clean.length) return;
    const data = new URLSearchParams(new FormData(form));
    clean.forEach(function (id) { data.append("clean", id); });
    if (lastDraft === null && !clean.length && changed.every(function (id) { return drafted.has(id); })) lastDraft = String(data); // as it came
    if (String(data) === lastDraft) return;
    lastDraft = String(data);
    fetch(form.dataset.draft, { method: "POST", body: data, headers: { "HX-Request": "true" }, keepalive: leaving })
      .then(function (answer) {
        if (answer.headers.get("HX-Refresh")) {
          kept = answer.headers.get("X-Kept")
            ? "Your session has ended. What you typed is kept: press Save Changes to sign in and go on."
            : "Your session has ended. Sign in in another tab before you press Save Changes.";
          return null;
        }
        return answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)));
      })
      .then(function (answer) {
        if (!answer) return;
        changed.forEach(function (id) { drafted.add(id); });
        clean.forEach(function (id) { drafted.delete(id); });
        kept = answer.kept ? "Kept as a draft at " + answer.kept + "." : "";
      })
      .catch(function () {
        lastDraft = "";
        kept = "The draft could not be kept just now.";
      })
      .finally(count);
  }
  window.setInterval(function () { keepDraft(false); }, Number(form.dataset.every || 20) * 1000);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") keepDraft(true);
  });
  window.addEventListener("pagehide", function () { keepDraft(true); });
  const undo = bar.querySelector("a");
  if (undo && form.dataset.draft) {
    undo.addEventListener("click", function (event) {
      event.preventDefault();
      sending = true;
      const data = new URLSearchParams({ discard: "1", csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
      const go = function () { window.location.assign(undo.href.replace(/#.*/, "")); };
      fetch(form.dataset.draft, { method: "POST", body: data, headers: { "HX-Request": "true" }, redirect: "manual" }).then(go, go);
    });
  }

  // --- Enter and the arrow keys move up and down the column
  form.addEventListener("keydown", function (event) {
    if (!event.target.matches("[data-grade]") || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const arrows = event.target.tagName !== "SELECT"; // a list keeps its arrows
    const down = (arrows && event.key === "ArrowDown") || (event.key === "Enter" && !event.shiftKey);
    const up = (arrows && event.key === "ArrowUp") || (event.key === "Enter" && event.shiftKey);
    if (!down && !up) return;
    event.preventDefault();
    const next = step(event.target, down ? 1 : -1);
    if (next) {
      next.focus();
      if (next.select) next.select();
    } else if (down && event.key === "Enter") {
      const button = (bar.hidden ? plain : bar).querySelector("button");
      if (button) button.focus();
    }
  });
  // The box above or below of the same part; the first box of a row that has no such part.
  function step(box, by) {
    const open = rows.filter(function (one) { return one.boxes.length; });
    const next = open[open.indexOf(rowOf(box)) + by];
    if (!next) return null;
    return next.boxes.find(function (one) { return one.dataset.grade === box.dataset.grade; }) || next.boxes[0];
  }

  // --- A pasted column fills down; with IDs or names beside it, each grade finds its student
  form.addEventListener("paste", function (event) {
    if (!event.target.matches("[data-grade]")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const lines = text.split("\n").map(function (line) { return line.split("\t"); });
    const wide = lines.some(function (cells) { return cells.length > 1; });
    told = wide ? pasteByName(lines) : pasteDown(event.target, lines);
    count();
  });
  function pasteDown(box, lines) {
    let at = box;
    let filled = 0;
    lines.forEach(function (cells) {
      if (at && rowOf(at).put(at, cells[0])) filled += 1;
      at = at && step(at, 1);
    });
    return filled + (filled === 1 ? " grade" : " grades") + " filled in" + (lines.length > filled ? ", " + (lines.length - filled) + " left over." : ".");
  }
  function plainName(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f'’.]/g, "").toLowerCase().replace(/[^\p{L}\d]+/gu, " ").trim();
  }
  function pasteByName(lines) {
    let filled = 0;
    const lost = [];
    lines.forEach(function (cells, line) {
      const digits = cells[0].replace(/\D/g, "");
      const name = plainName(cells[0]);
      const found = rows.filter(function (one) {
        const own = plainName(nameOf(one));
        const parts = nameOf(one).split(",");
        const turned = plainName((parts[1] || "") + " " + parts[0]);
        return one.boxes.length && ((digits.length > 5 && one.row.querySelector(".s-id").textContent.replace(/\D/g, "") === digits) || own === name || turned === name);
      });
      const values = cells.slice(1).filter(function (cell, index, all) { return cell.trim() || index < all.length - 1; });
      if (found.length === 1 && values.length && values.length <= found[0].boxes.length) {
        const all = values.every(function (value, index) { return !value.trim() || found[0].put(found[0].boxes[index], value); });
        if (all) filled += 1;
        else lost.push(cells[0]);
      } else if (line || found.length || digits) {
        lost.push(cells[0]); // a first line that names nobody is the head of the table
      }
    });
    const rest = lost.length ? " Not found or not clear: " + lost.slice(0, 5).join("; ") + (lost.length > 5 ? " and " + (lost.length - 5) + " more." : ".") : "";
    return filled + (filled === 1 ? " row" : " rows") + " filled in." + rest;
  }

  // --- One grade for every empty row
  const fill = document.querySelector("[data-fill]");
  function fillEmpty() {
    if (!fill.value.trim()) {
      fill.focus();
      return;
    }
    let filled = 0;
    rows.forEach(function (one) {
      if (one.select && !["in_progress"].includes(one.select.value) && !one.select.hidden) return; // who left has no grade
      one.boxes.forEach(function (box) {
        if (!CRITERIA.includes(box.dataset.grade) && !box.value && one.put(box, fill.value)) filled += 1;
      });
    });
    told = filled + (filled === 1 ? " empty box" : " empty boxes") + " filled in.";
    count();
  }
  if (fill) {
    document.querySelector("[data-fill-go]").addEventListener("click", fillEmpty);
    fill.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      fillEmpty();
    });
  }

  // --- Comments and histories open in place
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
      panel = makePanel(one, number, nameOf(one));
      panel.hidden = true;
    }
    panel.hidden = !panel.hidden;
    link.closest("tr").classList.toggle("s-open", !panel.hidden);
    link.setAttribute("aria-expanded", String(!panel.hidden));
    link.firstElementChild.textContent = panel.hidden ? link.dataset.word : "Close";
    const text = panel.querySelector("textarea");
    if (!panel.hidden && text) text.focus();
  });
  form.addEventListener("click", function (event) {
    const link = event.target.closest("[data-history]");
    if (!link) return;
    event.preventDefault();
    const id = "history" + link.dataset.history;
    const open = document.getElementById(id);
    const show = function (shown) {
      link.setAttribute("aria-expanded", String(shown));
      link.firstElementChild.textContent = shown ? "Close" : "History";
      link.closest("tr").classList.toggle("s-open", shown);
    };
    if (open) {
      open.hidden = !open.hidden;
      show(!open.hidden);
      return;
    }
    const leave = function () { window.location.assign(link.href); };
    fetch(link.href).then(function (answer) { return answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status))); }).then(function (text) {
      const panel = new DOMParser().parseFromString(text, "text/html").querySelector("tr[id^='history']");
      if (!panel) return leave();
      panel.id = id;
      const one = rowOf(link);
      (one && one.choices.length ? one.row.nextElementSibling : link.closest("tr")).after(document.adoptNode(panel));
      return show(true);
    }).catch(leave);
  });

  document.querySelectorAll("[data-by-script]").forEach(function (hint) { hint.hidden = false; });
  rows.forEach(function (one) { if (one.changed()) one.refresh(); });
  count();
})();
