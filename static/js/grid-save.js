// Saves each row when it is left, and lets figures follow what is typed. What cannot be saved stays in the page (and in
// js/draft.js), says why in words, and is tried again by itself once the network or the session is back.
import { fieldsOf, idOf, isChanged, isDirty, isMonth, labelOf, nameOf, panelOf, rowOf, rowsOf, valueOf } from "./grid-cells.js";
import { ANSWER, FAILED, LOGGED_OUT, OFFLINE, SOMEBODY_ELSE, ask } from "./grid-server.js";
import { clearProblems, showCells, showConflict, showNotes, showProblems, takeOver } from "./grid-show.js";
import { follow } from "./grid-year.js";

const TYPING = 250; // milliseconds without a key before the figures follow
const AGAIN = 5000; // milliseconds before a lost server is asked again

const UNSAVED = "Osparat";
const SAVING = "Sparar …";
const SAVED = "Sparat";
const OTHER = "Ändrat av annan";
const DENIED = "Nekat";
const UNREADABLE = "Går inte att spara";
const AS_STORED = [SAVING, SAVED, OTHER]; // states of rows in which nothing is typed
const DONE = "Prognosen är sparad.";

const LOST = {
  [OFFLINE]: ["Väntar på nätet", "Servern svarar inte. Det du har skrivit finns kvar och sparas när den svarar igen."],
  [LOGGED_OUT]: [
    "Utloggad",
    "Du är inte längre inloggad. Logga in i en annan flik och kom tillbaka hit: det du har skrivit finns kvar och sparas då.",
  ],
  [SOMEBODY_ELSE]: [DENIED, "Någon annan är nu inloggad i webbläsaren. Logga in som dig själv i en annan flik och kom tillbaka hit."],
  [FAILED]: [DENIED, "Servern kunde inte svara. Det du har skrivit finns kvar på sidan. Försök igen."],
};

export class Rows {
  #form;
  #status;
  #retry;
  #waiting = []; // rows to save, one after the other
  #isSaving = false;
  #saving = null; // the row that is being saved
  #isAll = false; // somebody has asked for every row to be saved
  // Rows where saving takes a knowing choice, as somebody else was first or it was denied; true when that has been told to
  // somebody who asked for a save, so that the next one is known to be meant.
  #chosen = new Map();
  #isLost = false; // whether the status says that the server could not be asked
  #told = null; // the row whose trouble the status tells
  #takenBack = new Set(); // rows that are as they were again, and whose figures the server is to tell
  #computing;
  #timer;

  constructor(form) {
    this.#form = form;
    this.#status = form.querySelector("[data-grid-status]");
    this.#retry = form.querySelector("[data-grid-retry]");
    form.addEventListener("input", (event) => this.#typed(event.target));
    form.addEventListener("change", (event) => event.target === form && this.#compute()); // js/draft.js has restored
    form.addEventListener("focusout", (event) => this.#left(event));
    form.addEventListener("submit", (event) => this.#sent(event));
    form.addEventListener("click", (event) => {
      // The second click of a double click was made before anybody could read what the first one led to.
      if (event.detail > 1 && event.target.closest("[type=submit]")) event.preventDefault();
    });
    this.#retry.addEventListener("click", () => this.saveAll());
    window.addEventListener("online", () => this.#tryAgain());
    window.addEventListener("focus", () => this.#tryAgain());
    if (this.dirty.length) this.#mark();
  }

  get dirty() {
    return rowsOf(this.#form).filter(isDirty);
  }

  say(sentence, row = null) {
    this.#told = row;
    this.#status.textContent = sentence;
  }

  // Rows that a key, a paste or an undo has changed.
  changed(rows) {
    this.#mark();
    this.#form.dispatchEvent(new Event("input")); // js/draft.js and js/unsaved.js listen
    this.#compute();
    for (const row of rows) this.save(row);
    this.#rest();
  }

  save(row) {
    // What is undone while the row is being saved is a change only when the answer has come.
    if ((!isDirty(row) && this.#saving !== row) || this.#chosen.has(row)) return;
    if (!this.#waiting.includes(row)) this.#waiting.push(row);
    this.#work();
  }

  saveAll() {
    this.#isAll = true;
    const rows = this.dirty;
    if (!rows.length) this.say(DONE);
    for (const row of rows) {
      if (this.#chosen.get(row)) this.#chosen.delete(row);
      else if (this.#chosen.has(row)) this.#askAgain(row);
      this.save(row);
    }
  }

  lost(kind) {
    this.#isLost = true;
    this.say(LOST[kind][1]);
  }

  #askAgain(row) {
    this.#chosen.set(row, true);
    this.say(`${labelOf(row)} har ändrats av någon annan. Tryck på Spara en gång till om det du skrev ska gälla.`);
  }

  #typed(target) {
    if (target === this.#form) {
      this.#mark();
      return;
    }
    const row = rowOf(target);
    if (row && isDirty(row)) this.#state(row, UNSAVED);
    else if (row) this.#giveUp(row);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#compute(), TYPING);
    this.#rest();
  }

  #left(event) {
    const row = rowOf(event.target);
    if (row && !(event.relatedTarget && rowOf(event.relatedTarget) === row)) this.save(row);
  }

  #sent(event) {
    event.preventDefault();
    if (event.submitter?.name) this.#compute().then(() => this.say("Uträknat, inte sparat."));
    else this.saveAll();
  }

  // What was typed in the row has been taken back.
  #giveUp(row) {
    this.#chosen.delete(row);
    this.#takenBack.add(row);
    if (this.#told === row) this.say("");
    this.#state(row, "");
    showConflict(row, "");
    clearProblems(row);
  }

  #mark() {
    for (const row of rowsOf(this.#form)) {
      const { state } = row.dataset;
      if (isDirty(row) && (!state || state === SAVED || (state === OTHER && !this.#chosen.has(row)))) this.#state(row, UNSAVED);
      else if (!isDirty(row) && (this.#chosen.has(row) || (state && !AS_STORED.includes(state)))) this.#giveUp(row);
    }
  }

  async #compute() {
    clearTimeout(this.#timer);
    this.#computing?.abort();
    this.#computing = new AbortController();
    try {
      const asked = [...new Set([...this.dirty, ...this.#takenBack])];
      const answer = await ask(this.#form, asked, { signal: this.#computing.signal });
      if (answer.kind === ANSWER) this.#show(answer.body, asked);
      else this.lost(answer.kind);
      if (answer.kind === OFFLINE) setTimeout(() => this.#tryAgain(), AGAIN);
      this.#rest(); // a year that has come back may have been all that was unsaved
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  async #work() {
    if (this.#isSaving) return;
    this.#isSaving = true;
    while (this.#waiting.length) {
      const next = this.#waiting.shift();
      // It may have been asked for twice, and the first time somebody else was first: that is told before it is saved again.
      const kind = isDirty(next) && !this.#chosen.has(next) ? await this.#saveOne(next) : ANSWER;
      if (kind === ANSWER) continue;
      for (const row of this.#waiting.splice(0)) this.#state(row, LOST[kind][0]);
      this.#retry.hidden = false;
      if (kind === OFFLINE) setTimeout(() => this.#tryAgain(), AGAIN);
      break;
    }
    this.#isSaving = false;
    this.#settle();
  }

  async #saveOne(row) {
    this.#state(row, SAVING);
    this.#saving = row;
    clearTimeout(this.#timer);
    this.#computing?.abort();
    const sent = new Map(fieldsOf(row).map((field) => [field.name, valueOf(field)]));
    const asked = [...new Set([row, ...this.dirty, ...this.#takenBack])];
    const answer = await ask(this.#form, asked, { verb: ["spara", idOf(row)] });
    this.#saving = null;
    if (answer.kind !== ANSWER) {
      this.#state(row, LOST[answer.kind][0]);
      this.lost(answer.kind);
      return answer.kind;
    }
    const told = answer.body.rows[nameOf(row)];
    if (told && (answer.status === 200 || told.conflict)) takeOver(row, told, { sent, isOurs: answer.status === 200 });
    this.#show(answer.body, asked, row);
    this.#conclude(row, answer, told);
    return ANSWER;
  }

  #conclude(row, { status, body }, told) {
    this.#chosen.delete(row);
    if (status === 200) {
      this.#state(row, isDirty(row) ? UNSAVED : SAVED);
      this.say(`${labelOf(row)}: sparat.`);
    } else if (told?.conflict) {
      this.#chosen.set(row, this.#isAll);
      this.#state(row, OTHER);
      this.say(`${told.conflict} Det du skrev står kvar.`, row);
    } else if (body.refusal) {
      this.#chosen.set(row, true);
      this.#state(row, DENIED);
      this.say(`${body.refusal} Det du har skrivit finns kvar på sidan.`, row);
    } else {
      this.#state(row, UNREADABLE);
      this.say(`${labelOf(row)} är inte sparad: ${Object.values(told?.errors ?? {}).flat().join(" ")}`, row);
      if (panelOf(row)?.hidden) row.dispatchEvent(new Event("by-month", { bubbles: true })); // it may be said there what to do
    }
  }

  // `asked` are the rows that the answer is about; `saved` the one that was to be saved, where one was.
  #show(body, asked, saved) {
    if (this.#isLost) this.say("");
    this.#isLost = false;
    showCells(body.cells);
    this.#form.querySelector("#prognos-notes").textContent = body.remark;
    for (const row of rowsOf(this.#form)) {
      const told = body.rows[nameOf(row)];
      if (!told) continue;
      showCells(told.cells);
      showProblems(row, told, Boolean(saved));
      showNotes(row, told);
      if (row === saved) showConflict(row, told.conflict);
      if (row !== saved && told.isNewer && !isDirty(row)) {
        takeOver(row, told);
        this.#state(row, OTHER);
      }
    }
    for (const row of asked) {
      const told = body.rows[nameOf(row)];
      // In a conflict the other's year stands, unless it is the months that the user has typed in.
      if (!told?.conflict || fieldsOf(row).some((field) => isMonth(field) && isChanged(field))) follow(row, told?.year);
      this.#takenBack.delete(row);
    }
    this.#mark(); // a year that has come back may have been all that was unsaved in its row
  }

  // What was typed may have been taken back, and then nothing is left to save; once everybody has heard of it.
  #rest() {
    setTimeout(() => this.#isSaving || this.dirty.length || this.#form.dispatchEvent(new Event("settled")));
  }

  #settle() {
    const rows = this.dirty;
    this.#form.dispatchEvent(new Event(rows.length ? "input" : "settled"));
    if (!rows.length) this.#retry.hidden = true;
    if (!rows.length && this.#isAll) this.say(DONE);
    this.#isAll = false;
  }

  #tryAgain() {
    if (!this.#retry.hidden && !this.#isSaving) for (const row of this.dirty) this.save(row);
    if (this.#takenBack.size && !this.#isSaving) this.#compute();
  }

  #state(row, state) {
    row.querySelector("[data-row-state]").textContent = state;
    row.dataset.state = state;
  }
}
