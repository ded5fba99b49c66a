// The rows of a grid and their fields. A row has an optional panel below it (months and proposals) that belongs to it.
export const rowsOf = (form) => [...form.querySelectorAll("[data-row]")];
export const nameOf = (row) => row.dataset.row;
export const idOf = (row) => nameOf(row).replace("rad-", "");
export const labelOf = (row) => document.getElementById(nameOf(row)).textContent.trim();
export const panelOf = (row) => document.getElementById(`${nameOf(row)}-panel`);

// The row that a field, or its panel, belongs to.
export function rowOf(element) {
  const own = element.closest("[data-row]");
  if (own) return own;
  const panel = element.closest("[data-panel]");
  return panel && document.querySelector(`[data-row="${panel.dataset.panel}"]`);
}

// Everything a row sends, seen or not.
export function controlsOf(row) {
  return [row, panelOf(row)].flatMap((part) => [...(part?.querySelectorAll("input, select, textarea") ?? [])]).filter((one) => one.name);
}

export const fieldsOf = (row) => controlsOf(row).filter((one) => one.type !== "hidden");

// The cells that keys move between: amount, reason where there is one, comment.
export const cellsOf = (row) => [...row.querySelectorAll("td.cell input:not([type=hidden]), td.cell select, td.cell textarea")];

export const isAmount = (field) => field.name.endsWith("-amount");
export const isMonth = (field) => field.name.includes("-month-");
export const isComment = (field) => field.name.endsWith("-comment");
export const makesYear = (field) => isAmount(field) || isMonth(field);

export const valueOf = (field) => (field.type === "checkbox" ? String(field.checked) : field.value);

// A cell that is selected stays so: what is typed next replaces it.
export function setValue(field, value) {
  if (field.type === "checkbox") {
    field.checked = value === "true";
    return;
  }
  const isSelected = field === document.activeElement && isWhole(field);
  field.value = value;
  if (isSelected) field.select();
}

export const isWhole = (field) => field.selectionStart === 0 && field.selectionEnd === field.value.length;

export const hiddenOf = (field, name) => field.form.elements.namedItem(name);

// What the server last said stands in a field: the hidden one that it is measured against.
export const seenOf = (field) => hiddenOf(field, `initial-${field.name}`);

// A text with line ends as the browser writes them.
export const lines = (text) => text.replace(/\r/g, "");

// A field differs from what the server last said stands in it.
export function isChanged(field) {
  if (field.type === "checkbox") return field.checked;
  const seen = seenOf(field);
  return seen !== null && lines(field.value) !== lines(seen.value);
}

export const isDirty = (row) => fieldsOf(row).some(isChanged);
