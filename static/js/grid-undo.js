// Ctrl+Z and Ctrl+Y: what was typed, pasted or taken is undone and done again, a cell or a block at a time, also after it
// was saved: the row is then saved anew. A step is a list of { field, before, after, wasCarried }: last time's comment is
// unconfirmed again when what was written over it is undone (`rad-12-unconfirm`).
import { hiddenOf, isChanged, isComment, isMonth, lines, makesYear, nameOf, rowOf, seenOf, setValue, valueOf } from "./grid-cells.js";

function unconfirm(field, isTrue) {
  if (isComment(field)) hiddenOf(field, `${nameOf(rowOf(field))}-unconfirm`).value = isTrue ? "1" : "";
}

// Whether what stood in a field is last time's comment, which nobody has confirmed.
function isCarried({ field, before }) {
  const box = isComment(field) && rowOf(field).querySelector("[data-carried]");
  return Boolean(box) && !box.hidden && lines(before) === lines(seenOf(field).value);
}

export class Undo {
  #form;
  #rows;
  #done = [];
  #undone = [];
  #before = new Map(); // what stood in the field when it was entered
  #moved = new Set(); // rows in which something was undone or done again, and nothing written since

  constructor(form, rows) {
    this.#form = form;
    this.#rows = rows;
    form.addEventListener("focusin", (event) => {
      if (event.target.name) this.#before.set(event.target, valueOf(event.target));
    });
    form.addEventListener("taken", (event) => this.#before.set(event.target, valueOf(event.target)));
    form.addEventListener("stored", (event) => this.#stored(event.target, event.detail));
    form.addEventListener("input", ({ target }) => target.name && this.#writtenAnew(target));
    form.addEventListener("overtaken", (event) => this.#overtaken(event.target, event.detail));
    form.addEventListener("focusout", (event) => this.commit(event.target));
    form.addEventListener("keydown", (event) => this.#pressed(event));
  }

  // What stood in the field before it was typed in; Esc takes it back.
  before(field) {
    return this.#before.get(field) ?? valueOf(field);
  }

  // A cell is finished: what was typed in it becomes a step.
  commit(field) {
    const before = this.#before.get(field);
    if (before === undefined || before === valueOf(field)) return;
    this.#before.set(field, valueOf(field));
    this.#record([{ field, before, after: valueOf(field) }]);
  }

  // Puts values into fields as one step, and returns the rows that changed.
  put(values) {
    const steps = values
      .map(([field, after]) => ({ field, before: valueOf(field), after }))
      .filter((step) => step.before !== step.after);
    this.#record(steps);
    return this.#apply(steps, "after");
  }

  // Somebody else's value has come into a field. What was typed over it can be taken back to it; what was typed before it
  // is no longer ours to undo or do again.
  #overtaken(field, theirs) {
    let isOver = valueOf(field) !== theirs;
    const keep = (step) => {
      if (step.field !== field) return true;
      if (!isOver) return false;
      isOver = false;
      step.before = theirs;
      return true;
    };
    const isTyping = valueOf(field) !== this.before(field);
    const without = (all, isKept) => all.map((steps) => steps.filter(isKept)).filter((steps) => steps.length);
    this.#done = without(this.#done.reverse(), keep).reverse();
    this.#undone = without(this.#undone, (step) => step.field !== field);
    if (isTyping) this.#before.set(field, theirs); // the cell is not finished: its step begins with theirs
    else if (isOver) this.#done.push([{ field, before: theirs, after: valueOf(field) }]); // it was undone or put back
  }

  // A row's year and months were saved, and `was` is what was stored of them before. Where months have come or gone, the
  // year is not the one that was typed: all of it is one step then, in the place of those that led to it.
  #stored(row, was) {
    const steps = was.map(([field, before]) => ({ field, before, after: valueOf(field) })).filter(({ before, after }) => before !== after);
    if (!this.#moved.delete(row) && steps.some(({ field }) => isMonth(field))) {
      const isLed = ({ field, isStored }) => !isStored && makesYear(field) && rowOf(field) === row;
      while (this.#done.at(-1)?.every(isLed)) this.#done.pop();
      this.#done.push(steps);
    }
    for (const step of this.#done.flat()) step.isStored ||= rowOf(step.field) === row;
  }

  #writtenAnew(field) {
    unconfirm(field, false);
    this.#moved.delete(rowOf(field));
  }

  #record(steps) {
    if (!steps.length) return;
    for (const step of steps) step.wasCarried = isCarried(step);
    this.#done.push(steps);
    this.#undone = [];
  }

  #apply(steps, which) {
    for (const step of steps) {
      setValue(step.field, step[which]);
      unconfirm(step.field, which === "before" && step.wasCarried && isChanged(step.field));
      this.#before.set(step.field, step[which]);
    }
    return [...new Set(steps.map((step) => rowOf(step.field)))];
  }

  #move(from, to, which, told) {
    const steps = from.pop();
    if (!steps) {
      this.#rows.say(`Det finns inget att ${told === "Ångrat" ? "ångra" : "göra om"}.`);
      return;
    }
    to.push(steps);
    const rows = this.#apply(steps, which);
    for (const row of rows) this.#moved.add(row);
    steps[0].field.focus();
    steps[0].field.select?.();
    this.#rows.changed(rows);
    this.#rows.say(steps.length > 1 ? `${told}: ${steps.length} celler.` : `${told}.`);
  }

  #pressed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || !event.target.name) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    this.commit(event.target);
    if (key === "y" || event.shiftKey) this.#move(this.#undone, this.#done, "after", "Gjort om");
    else this.#move(this.#done, this.#undone, "before", "Ångrat");
  }
}
