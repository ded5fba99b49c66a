// The keys of a spreadsheet. A cell that is entered is selected, so that typing replaces it; F2 or a double click edits
// inside it, and then the arrows move within the text. In a comment, and for a finger, a second click does so too.
import { cellsOf, isWhole, panelOf, rowOf, rowsOf } from "./grid-cells.js";

const AMOUNT = ".cell input.amount";

let editing = null; // the cell whose text is edited
let fresh = null; // the cell that the pointer has just entered
let touches = false; // a finger has no Alt key: Enter is then a new line in a comment

export const isEditing = (cell) => editing === cell;

export function enter(cell) {
  cell?.focus();
  cell?.select?.();
}

// The cell a number of rows down and columns to the right, or none.
function cellFrom(cell, down, right) {
  const row = rowOf(cell);
  const rows = rowsOf(cell.form);
  return cellsOf(rows[rows.indexOf(row) + down] ?? row)[cellsOf(row).indexOf(cell) + right];
}

function beside(cell, step) {
  const cells = rowsOf(cell.form).flatMap(cellsOf);
  return cells[cells.indexOf(cell) + step];
}

function edit(cell) {
  editing = cell;
  cell.setSelectionRange?.(cell.value.length, cell.value.length);
}

function newLine(cell) {
  cell.setRangeText("\n", cell.selectionStart, cell.selectionEnd, "end");
  cell.dispatchEvent(new Event("input", { bubbles: true }));
}

// Where a key leads; undefined where it means nothing here, null where it leads nowhere but is taken.
function target(event, cell) {
  const isSelect = cell.tagName === "SELECT";
  const isInside = isEditing(cell);
  switch (event.key) {
    case "Enter":
      return cellFrom(cell, event.shiftKey ? -1 : 1, 0) ?? null;
    case "Tab":
      if (!event.shiftKey && isOpen(cell) && cell === cellsOf(rowOf(cell)).at(-1)) return undefined;
      return beside(cell, event.shiftKey ? -1 : 1);
    case "ArrowUp":
    case "ArrowDown":
      if (isSelect || isInside || event.shiftKey) return undefined;
      return cellFrom(cell, event.key === "ArrowUp" ? -1 : 1, 0) ?? null;
    case "ArrowLeft":
    case "ArrowRight":
      if (isInside || event.shiftKey) return undefined;
      return cellFrom(cell, 0, event.key === "ArrowLeft" ? -1 : 1) ?? null;
    default:
      return undefined;
  }
}

function isOpen(cell) {
  const panel = panelOf(rowOf(cell));
  return panel !== null && !panel.hidden;
}

function inCell(event, cell, { rows, undo, more }) {
  const isComment = cell.tagName === "TEXTAREA";
  if (event.altKey && event.key === "ArrowDown" && cell.tagName !== "SELECT") return more.toggle(rowOf(cell)), true;
  if (event.key === "Enter" && isComment && (event.altKey || (touches && !event.ctrlKey))) return newLine(cell), true;
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  if (event.key === "F2") return edit(cell), true;
  if (event.key === "Escape") return restore(cell, undo), true;
  if (more.isKey(event.key) && cell.matches(".amount") && !isEditing(cell) && isWhole(cell)) {
    more.take(rowOf(cell), event.key.toLowerCase());
    return true;
  }
  const next = target(event, cell);
  if (next === cell && event.key === "Enter") {
    undo.commit(cell); // there is no row to go to, and the cell is finished all the same
    rows.save(rowOf(cell));
  }
  if (next) enter(next);
  return next !== undefined;
}

// What is being typed in a cell is text that one places a caret in.
const isTyped = (cell, undo) => undo.before(cell) !== cell.value;

function restore(cell, undo) {
  const before = undo.before(cell);
  editing = null;
  if (cell.value !== before) {
    cell.value = before;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }
  cell.select?.();
}

export function listenToKeys(form, { rows, undo, more }) {
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.ctrlKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      undo.commit(event.target);
      form.requestSubmit();
      return;
    }
    const row = event.target.name && rowOf(event.target);
    if (!row || event.target.tagName === "BUTTON") return;
    if (cellsOf(row).includes(event.target)) {
      if (inCell(event, event.target, { rows, undo, more })) event.preventDefault();
    } else if (event.key === "Enter" && event.target.type === "text") {
      event.preventDefault(); // a month: on to the next field, and no way to save
      const fields = [...panelOf(row).querySelectorAll("input[type=text]")];
      enter(fields[fields.indexOf(event.target) + 1] ?? cellsOf(row)[0]);
    } else if (event.key === "Escape" && event.target.type === "text") restore(event.target, undo);
  });
  form.addEventListener("focusin", () => {
    editing = null;
  });
  form.addEventListener("pointerdown", (event) => {
    touches = event.pointerType === "touch";
    fresh = event.target === document.activeElement ? null : event.target;
  });
  form.addEventListener("mousedown", (event) => {
    const cell = event.target;
    if (!cell.matches?.(AMOUNT) || cell !== document.activeElement || touches || isEditing(cell) || isTyped(cell, undo)) return;
    if (event.button !== 0 || event.shiftKey || event.detail > 1) return;
    event.preventDefault(); // the browser would put its caret there when the button is let go
    cell.select();
  });
  form.addEventListener("click", (event) => {
    const cell = event.target;
    if (!cell.matches?.(`${AMOUNT}, .cell textarea`)) return;
    const isSecond = cell !== fresh && (touches || cell.tagName === "TEXTAREA" || isTyped(cell, undo));
    if (isSecond || event.detail > 1) editing = cell;
    else if (cell === fresh) cell.select();
    fresh = null;
  });
  form.addEventListener("dblclick", ({ target }) => {
    if (target.matches?.(AMOUNT)) target.setSelectionRange(target.selectionEnd, target.selectionEnd); // no part of a number is chosen
  });
}
