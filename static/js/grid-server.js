// How the grid talks with the server: what it sends, and what an answer, or none, means.
import { controlsOf, idOf, rowsOf } from "./grid-cells.js";

export const ANSWER = "answer";
export const OFFLINE = "offline"; // nobody answers
export const LOGGED_OUT = "logged-out";
export const SOMEBODY_ELSE = "somebody-else"; // another user is logged in now
export const FAILED = "failed"; // an answer that is none

const TOKEN = "csrfmiddlewaretoken";

// `fields` stand in for what is in the page; `verb` says what to do, as ["spara", "12"].
export async function ask(form, rows, { verb, fields = {}, signal } = {}) {
  const body = bodyOf(form, rows, fields);
  if (verb) body.append(...verb);
  try {
    const answer = await post(form, body, signal);
    if (answer) return answer;
    const lost = await renew(form); // the session has ended, or its token: the page itself tells which
    if (lost) return { kind: lost };
    body.set(TOKEN, form.elements.namedItem(TOKEN).value);
    return (await post(form, body, signal)) ?? { kind: FAILED };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error instanceof TypeError) return { kind: OFFLINE }; // the only way in which fetch says so
    throw error;
  }
}

function bodyOf(form, rows, fields) {
  const body = new URLSearchParams();
  for (const name of [TOKEN, "underlag"]) body.append(name, form.elements.namedItem(name).value);
  body.append("versioner", rowsOf(form).map((row) => `${idOf(row)}:${form.elements.namedItem(`rad-${idOf(row)}-version`).value}`).join(","));
  for (const control of rows.flatMap(controlsOf)) {
    if (control.type === "checkbox" && !control.checked) continue;
    body.append(control.name, fields[control.name] ?? control.value);
  }
  return body;
}

async function post(form, body, signal) {
  const response = await fetch(form.action, { method: "POST", body, signal, headers: { "X-Grid": "1" } });
  if (response.headers.get("Content-Type")?.includes("json")) {
    return { kind: ANSWER, status: response.status, body: await response.json() };
  }
  return response.status >= 500 ? { kind: FAILED } : null;
}

// Takes a new token from the page, which may have been logged in to again from another tab. Returns what hinders.
async function renew(form) {
  const response = await fetch(form.action, { headers: { Accept: "text/html" } });
  if (response.redirected) return LOGGED_OUT;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("form[data-grid]");
  const token = page.querySelector(`[name=${TOKEN}]`);
  if (!response.ok || !token) return FAILED;
  if (fresh && fresh.dataset.draft !== form.dataset.draft) return SOMEBODY_ELSE;
  form.elements.namedItem(TOKEN).value = token.value;
  return null;
}
