// Puts the server's answer into the page: computed cells, what is wrong, and what is stored now.
import { fieldsOf, hiddenOf, isComment, lines, makesYear, nameOf, panelOf, seenOf, setValue, valueOf } from "./grid-cells.js";
import { followNoMore } from "./grid-year.js";

const KEPT = "Det du skrev står kvar. Tryck på Spara om det ska gälla i stället.";

export function showCells(cells) {
  for (const [id, html] of Object.entries(cells)) {
    const cell = document.getElementById(id);
    if (cell) cell.innerHTML = html;
  }
}

// What is wrong in a row. While somebody is still typing in a field, nothing is said about it.
export function showProblems(row, told, isFinished) {
  for (const field of fieldsOf(row)) {
    const notes = document.getElementById(`${field.name}-notes`);
    if (!notes) continue;
    const errors = isFinished || field !== document.activeElement ? (told.errors[field.name] ?? []) : [];
    notes.replaceChildren(...errors.map(sentence));
    if (errors.length) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  say(`${nameOf(row)}-owed`, told.owed);
}

export function showConflict(row, message) {
  say(`${nameOf(row)}-conflict`, message && `${message} ${KEPT}`);
}

// The row takes over what the server says of it: its version, what changes are measured against, and every value that
// the user has not changed since it was `sent` (all of them where nothing was). Unless it is the answer to our own save, a
// value that has become another is somebody else's ("overtaken", js/grid-undo.js). Months that the page does not show are
// asked for, as whoever does not see them cannot change them ("by-month", js/grid-more.js). What our own save made of the
// year and its months is told ("stored", js/grid-undo.js).
export function takeOver(row, told, { sent, isOurs = false } = {}) {
  const was = fieldsOf(row).filter(makesYear).map((field) => [field, seenOf(field).value]);
  const isAsSent = was.every(([field]) => sent?.get(field.name) === valueOf(field));
  for (const field of fieldsOf(row)) {
    if (field.type === "checkbox") {
      if (!isOurs && sent) continue;
      field.checked = false; // it has done what it says, and is no step to undo
      field.dispatchEvent(new CustomEvent("overtaken", { bubbles: true, detail: valueOf(field) }));
      continue;
    }
    const seen = seenOf(field);
    if (!(field.name in told.values) || !seen) continue;
    if (!sent || sent.get(field.name) === valueOf(field)) {
      setValue(field, told.values[field.name]);
      field.dispatchEvent(new Event("taken", { bubbles: true })); // nobody typed it: no step to undo (js/grid-undo.js)
    }
    if (!isOurs && lines(seen.value) !== lines(told.seen[field.name])) {
      field.dispatchEvent(new CustomEvent("overtaken", { bubbles: true, detail: told.seen[field.name] }));
    }
    seen.value = told.seen[field.name];
  }
  hiddenOf(fieldsOf(row)[0], `${nameOf(row)}-version`).value = told.version;
  const comment = fieldsOf(row).find(isComment);
  if (!sent || sent.get(comment.name) === valueOf(comment)) hiddenOf(comment, `${nameOf(row)}-unconfirm`).value = "";
  if (isOurs && isAsSent) row.dispatchEvent(new CustomEvent("stored", { bubbles: true, detail: was }));
  followNoMore(row);
  if (told.byMonth && !panelOf(row)) row.dispatchEvent(new Event("by-month", { bubbles: true }));
}

// What stood wrong in a row that is as it was again; its figures follow with the next answer.
export function clearProblems(row) {
  for (const field of fieldsOf(row)) {
    if (field.getAttribute("aria-invalid") !== "true") continue;
    document.getElementById(`${field.name}-notes`)?.replaceChildren();
    field.removeAttribute("aria-invalid");
  }
}

// Whether the row's months make its year, and whether its comment is last time's.
export function showNotes(row, told) {
  row.querySelector("[data-by-month]").hidden = !told.byMonth;
  const carried = row.querySelector("[data-carried]");
  if (carried) carried.hidden = !told.isCarried;
}

function sentence(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "cell-error";
  paragraph.textContent = text;
  return paragraph;
}

function say(id, text) {
  const place = document.getElementById(id);
  place.textContent = text ?? "";
  place.hidden = !text;
}
