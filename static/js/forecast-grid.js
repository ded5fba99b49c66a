// A form with data-grid: arrow up, arrow down and Enter move between the cells of a column, and the variances and sums
// follow what is typed. The server computes them: the form is sent to its own "Räkna om", and the answer's cells are put
// into the page. Nothing is saved that way, and what is typed stays where it is.
const SESSION_ENDED = "Du är inte längre inloggad. Tryck på Spara och logga in: det du har skrivit erbjuds sedan på sidan.";
const NO_ANSWER = "Servern svarar inte. Det du har skrivit finns kvar på sidan.";
const FAILED = "Det gick inte att räkna om. Det du har skrivit finns kvar på sidan.";

function cellBelow(cell, step) {
  const column = cell.name.replace(/^.*-/, "");
  const cells = [...cell.form.querySelectorAll(`[data-row] [name$="-${column}"]:not([type=hidden])`)];
  return cells[cells.indexOf(cell) + step];
}

// Which way a key leads out of the cell: -1 up, 1 down, 0 stays. In a comment only from its first and last place.
function stepOf(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return 0;
  const cell = event.target;
  if (cell.tagName === "SELECT") return 0; // its own keys choose
  const inComment = cell.tagName === "TEXTAREA";
  if (event.key === "Enter" && !inComment) return event.shiftKey ? -1 : 1;
  if (event.shiftKey) return 0;
  if (event.key === "ArrowUp" && (!inComment || cell.selectionEnd === 0)) return -1;
  if (event.key === "ArrowDown" && (!inComment || cell.selectionStart === cell.value.length)) return 1;
  return 0;
}

function move(event) {
  if (!event.target.closest("[data-row]")) return;
  const step = stepOf(event);
  if (!step) return;
  event.preventDefault(); // also at the first and last row: Enter in a grid is no way to save
  const next = cellBelow(event.target, step);
  next?.focus();
  if (next?.tagName === "INPUT") next.select();
}

function untouched(row) {
  return [...row.querySelectorAll("input:not([type=hidden]), select, textarea")].every(
    (cell) => cell !== document.activeElement && cell.value === row.querySelector(`[name="initial-${cell.name}"]`).value,
  );
}

// Computed cells and notes have ids, and stand in the same places in the server's answer. A row that the user has left
// alone takes over what others have saved in it, since it is computed on that.
function take(form, answer) {
  for (const row of form.querySelectorAll("[data-row]")) {
    if (!untouched(row)) continue;
    for (const field of row.querySelectorAll("[name]")) {
      field.value = answer.querySelector(`[name="${field.name}"]`)?.value ?? field.value;
    }
  }
  for (const fresh of answer.querySelectorAll("td[id], [id$=-notes]")) {
    const cell = form.querySelector(`#${CSS.escape(fresh.id)}`);
    if (cell) cell.innerHTML = fresh.innerHTML;
  }
  for (const fresh of answer.querySelectorAll("[data-row] [aria-describedby]")) {
    const cell = form.querySelector(`#${CSS.escape(fresh.id)}`);
    cell?.toggleAttribute("aria-invalid", false);
    if (cell && fresh.hasAttribute("aria-invalid")) cell.setAttribute("aria-invalid", "true");
  }
}

function recalculator(form) {
  const button = form.querySelector("button[name]");
  const status = form.querySelector("[data-grid-status]");
  let latest;
  return async () => {
    latest?.abort();
    latest = new AbortController();
    const { signal } = latest;
    const body = new FormData(form);
    body.append(button.name, button.value);
    try {
      const response = await fetch(form.action, { method: "POST", body, signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const answer = page.querySelector("form[data-grid]");
      if (answer) take(form, answer);
      status.textContent = answer ? "Uträknat, inte sparat." : response.redirected ? SESSION_ENDED : FAILED;
    } catch (error) {
      if (error.name === "AbortError") return;
      status.textContent = NO_ANSWER;
    }
  };
}

for (const form of document.querySelectorAll("form[data-grid]")) {
  const recalculate = recalculator(form);
  form.addEventListener("keydown", move);
  form.addEventListener("change", recalculate);
}
