// How a script talks with the server about a form, and what an answer, or none, means.
export const ANSWER = "answer";
export const OFFLINE = "offline"; // nobody answers
export const LOGGED_OUT = "logged-out";
export const SOMEBODY_ELSE = "somebody-else"; // another user is logged in now
export const FAILED = "failed"; // an answer that is none

export const TOKEN = "csrfmiddlewaretoken";

// Sends `body` and takes JSON back. `page` is where the form stands, `header` tells the server that a script asks.
export async function send(form, body, { address = form.action, page = form.action, header, signal } = {}) {
  try {
    const answer = await post(address, body, header, signal);
    if (answer) return answer;
    const lost = await renew(form, page); // the session has ended, or its token: the page itself tells which
    if (lost) return { kind: lost };
    body.set(TOKEN, form.elements.namedItem(TOKEN).value);
    return (await post(address, body, header, signal)) ?? { kind: FAILED };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error instanceof TypeError) return { kind: OFFLINE }; // the only way in which fetch says so
    throw error;
  }
}

async function post(address, body, header, signal) {
  const response = await fetch(address, { method: "POST", body, signal, headers: { [header]: "1" } });
  if (response.headers.get("Content-Type")?.includes("json")) {
    return { kind: ANSWER, status: response.status, body: await response.json() };
  }
  return response.status >= 500 ? { kind: FAILED } : null;
}

// Takes a new token from the page, which may have been logged in to again from another tab. Returns what hinders.
async function renew(form, address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (response.redirected) return LOGGED_OUT;
  if (response.status >= 500) return FAILED;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector(`[name=${TOKEN}]`);
  if (page.body.dataset.user !== document.body.dataset.user) return SOMEBODY_ELSE;
  if (!response.ok || !token) return FAILED;
  form.elements.namedItem(TOKEN).value = token.value;
  return null;
}
