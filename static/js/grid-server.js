// What the grid sends to the server (js/server.js).
import { controlsOf, idOf, rowsOf } from "./grid-cells.js";
import { sentOf } from "./grid-year.js";
import { send, TOKEN } from "./server.js";

export { ANSWER, FAILED, LOGGED_OUT, OFFLINE, SOMEBODY_ELSE } from "./server.js";

// `fields` stand in for what is in the page; `verb` says what to do, as ["spara", "12"].
export function ask(form, rows, { verb, fields = {}, signal } = {}) {
  const body = bodyOf(form, rows, fields);
  if (verb) body.append(...verb);
  return send(form, body, { header: "X-Grid", signal });
}

function bodyOf(form, rows, fields) {
  const body = new URLSearchParams();
  for (const name of [TOKEN, "underlag"]) body.append(name, form.elements.namedItem(name).value);
  body.append("versioner", rowsOf(form).map((row) => `${idOf(row)}:${form.elements.namedItem(`rad-${idOf(row)}-version`).value}`).join(","));
  for (const control of rows.flatMap(controlsOf)) {
    if (control.type === "checkbox" && !control.checked) continue;
    body.append(control.name, fields[control.name] ?? sentOf(control));
  }
  return body;
}
