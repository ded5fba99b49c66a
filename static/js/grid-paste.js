// A block of cells from a spreadsheet (text with tabs between cells) goes into the cells from where it is pasted. The server
// reads all of it first: where one cell cannot be read, or the block does not fit, no cell is changed.
import { cellsOf, labelOf, nameOf, rowOf, rowsOf } from "./grid-cells.js";
import { isEditing } from "./grid-keys.js";
import { ANSWER, FAILED, LOGGED_OUT, OFFLINE, SOMEBODY_ELSE, ask } from "./grid-server.js";

const NOTHING = "Inget är inklistrat.";
const LOST = {
  [OFFLINE]: "Servern svarar inte. Klistra in igen när nätet är tillbaka.",
  [LOGGED_OUT]: "Du är inte längre inloggad. Logga in i en annan flik, kom tillbaka hit och klistra in igen.",
  [SOMEBODY_ELSE]: "Någon annan är nu inloggad i webbläsaren. Logga in som dig själv i en annan flik och klistra in igen.",
  [FAILED]: "Servern kunde inte svara. Försök igen.",
};
const SHOWN = 5; // problems that are told; the rest are counted

// The cells of a copied block. A cell with a tab, a line end or a quote in it stands in quotes, which are doubled inside.
export function cellsIn(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    rows.at(-1).push((match[1]?.replaceAll('""', '"') ?? match[2]).trim());
    if (match[3] === "" || cell.lastIndex >= text.length) break;
    if (match[3] !== "\t") rows.push([]);
  }
  return rows;
}

// Where each cell of the block goes: [field, text]. Throws a sentence where it does not fit.
function placed(block, start) {
  const below = rowsOf(start.form).slice(rowsOf(start.form).indexOf(rowOf(start)));
  const column = cellsOf(rowOf(start)).indexOf(start);
  const room = cellsOf(rowOf(start)).length - column;
  const width = Math.max(...block.map((row) => row.length));
  if (block.length > below.length) {
    throw `Blocket har ${block.length} rader, men från ${labelOf(rowOf(start))} och nedåt finns ${below.length}.`;
  }
  if (width > room) throw `Blocket har ${width} kolumner, men härifrån och åt höger finns ${room} att skriva i.`;
  return block.flatMap((texts, down) =>
    texts.map((text, right) => {
      const field = cellsOf(below[down])[column + right];
      return [field, field.tagName === "SELECT" ? choice(field, text) : text];
    }),
  );
}

function choice(field, text) {
  const option = [...field.options].find((one) => [one.value, one.text.toLowerCase()].includes(text.toLowerCase()));
  if (!option) throw `${titleOf(field)}: ”${text}” är inget av valen.`;
  return option.value;
}

function titleOf(field) {
  const column = document.getElementById(field.getAttribute("aria-labelledby").split(" ")[0]);
  return `${labelOf(rowOf(field))}, ${column.textContent.trim()}`;
}

// What the server could not read, each with the cell it stands in.
function problemsIn(body, values) {
  return values.flatMap(([field]) =>
    (body.rows[nameOf(rowOf(field))]?.errors[field.name] ?? []).map((message) => `${titleOf(field)}: ${message}`),
  );
}

async function paste(form, rows, undo, values) {
  const fields = Object.fromEntries(values.map(([field, text]) => [field.name, text]));
  const touched = [...new Set(values.map(([field]) => rowOf(field)))];
  const answer = await ask(form, [...new Set([...touched, ...rows.dirty])], { fields });
  if (answer.kind !== ANSWER) throw LOST[answer.kind];
  const problems = problemsIn(answer.body, values);
  if (problems.length) {
    const rest = problems.length > SHOWN ? ` Och ${problems.length - SHOWN} till.` : "";
    throw problems.slice(0, SHOWN).join(" ") + rest;
  }
  rows.changed(undo.put(values));
  rows.say(`${values.length} ${values.length === 1 ? "cell" : "celler"} inklistrade. Ctrl+Z ångrar.`);
}

export function listenToPaste(form, rows, undo) {
  form.addEventListener("paste", async (event) => {
    const start = event.target;
    const row = start.name && rowOf(start);
    if (!row || !cellsOf(row).includes(start)) return;
    if (isEditing(start) && start.tagName === "TEXTAREA") return; // text into a comment; of rows a one-line field makes one number
    const block = cellsIn(event.clipboardData.getData("text/plain").replace(/(\r\n|\n|\r)$/, ""));
    if (block.length === 1 && block[0].length === 1 && start.tagName !== "SELECT") return; // the browser's own paste
    event.preventDefault();
    undo.commit(start);
    try {
      await paste(form, rows, undo, placed(block, start));
    } catch (problem) {
      if (typeof problem !== "string") throw problem;
      rows.say(`${NOTHING} ${problem}`);
    }
  });
}
