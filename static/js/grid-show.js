// Puts the server's answer into the page: computed cells, what is wrong, and what is stored now.
import { fieldsOf, hiddenOf, nameOf, setValue, valueOf } from "./grid-cells.js";
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
// the user has not changed since it was `sent` (all of them where nothing was).
export function takeOver(row, told, sent) {
  for (const field of fieldsOf(row)) {
    if (field.type === "checkbox") {
      field.checked = false;
      continue;
    }
    const seen = hiddenOf(field, `initial-${field.name}`);
    if (!(field.name in told.values) || !seen) continue;
    if (!sent || sent.get(field.name) === valueOf(field)) {
      setValue(field, told.values[field.name]);
      field.dispatchEvent(new Event("taken", { bubbles: true })); // nobody typed it: no step to undo (js/grid-undo.js)
    }
    seen.value = told.seen[field.name];
  }
  hiddenOf(fieldsOf(row)[0], `${nameOf(row)}-version`).value = told.version;
  followNoMore(row);
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
