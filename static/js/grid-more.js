// What a row has below it: proposals for its forecast, and the year month by month. It is fetched when it is first opened.
// In the amount a proposal is taken with its letter. Nothing is filled in unasked, and what is taken can be undone.
import { cellsOf, idOf, labelOf, nameOf, panelOf, rowOf, rowsOf } from "./grid-cells.js";
import { enter } from "./grid-keys.js";
import { ANSWER, ask } from "./grid-server.js";

const KEYS = "rbfp";

class More {
  constructor(form, rows, undo) {
    Object.assign(this, { form, rows, undo });
  }

  isKey(key) {
    return key.length === 1 && KEYS.includes(key.toLowerCase());
  }

  async toggle(row) {
    const panel = panelOf(row);
    const show = panel === null || panel.hidden;
    if (panel) panel.hidden = !show;
    else if (!(await this.#fetch(row))) return;
    this.#tell(row, show);
    if (show) panelOf(row).querySelector("button, input:not([type=hidden])")?.focus();
    else enter(cellsOf(row)[0]);
  }

  // Shows the row's months and proposals; false where the server does not answer.
  async open(row) {
    if (!panelOf(row) && !(await this.#fetch(row))) return false;
    panelOf(row).hidden = false;
    this.#tell(row, true);
    return true;
  }

  // The rows whose months a draft holds and the page does not show yet.
  rowsWithMonths(names) {
    return rowsOf(this.form).filter((row) => names.some((name) => name.startsWith(`${nameOf(row)}-month-`)));
  }

  #tell(row, isOpen) {
    row.querySelector("[data-more]").setAttribute("aria-expanded", String(isOpen));
  }

  async take(row, key) {
    const answer = await ask(this.form, [...new Set([row, ...this.rows.dirty])], { verb: ["forslag", `${idOf(row)}:${key}`] });
    if (answer.kind !== ANSWER) return this.rows.lost(answer.kind);
    const { offer } = answer.body.rows[`rad-${idOf(row)}`];
    const [amount] = cellsOf(row);
    if (offer.amount) {
      this.undo.put([[amount, offer.amount]]);
      this.rows.changed([]);
    }
    enter(amount);
    this.rows.say(`${labelOf(row)}, ${offer.label.toLowerCase()}: ${offer.how}`);
  }

  async #fetch(row) {
    const answer = await ask(this.form, this.rows.dirty, { verb: ["oppna", idOf(row)] });
    if (answer.kind !== ANSWER) {
      this.rows.lost(answer.kind);
      return false;
    }
    const holder = document.createElement("template");
    holder.innerHTML = answer.body.rows[`rad-${idOf(row)}`].panel;
    if (!panelOf(row)) row.after(holder.content);
    return true;
  }
}

export function listenToMore(form, rows, undo) {
  const more = new More(form, rows, undo);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-more]")) more.toggle(rowOf(button));
    else if (button?.matches("[data-offer]")) more.take(rowOf(button), button.value.split(":")[1]);
    else return;
    event.preventDefault();
  });
  form.addEventListener("by-month", (event) => more.open(event.target));
  form.addEventListener("draft", ({ detail }) => {
    const found = more.rowsWithMonths(detail.absent);
    if (!found.length) return;
    detail.show = async () => {
      for (const row of found) if (!(await more.open(row))) return false;
      return true;
    };
  });
  return more;
}
