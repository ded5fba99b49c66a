// Choosing a figure by name: a combobox over the list that stands on the page ([data-figure]), opened by a button or by typing {.
import { put } from "./text-put.js";

const MOST = 60; // that are shown at once
const FIRST = ["avvikelse", "prognos", "utfall", "bokfört", "förbrukat", "kvar", "budget", "åtgärder"];
const SENTENCE = /(?:^|[.!?]["”]?\s+|\n\s*\n|(?:^|\n)\s{0,3}(?:[-*•]|\d{1,2}[.)]|#{1,4})\s+)$/;

export class Picker {
  #at = null; // {field, start, end}: what the figure takes the place of; isTyped where { was typed there
  #shown = [];
  #current = 0;

  constructor(element) {
    this.element = element;
    this.search = element.querySelector("[role=combobox]");
    this.form = element.querySelector("select");
    this.list = element.querySelector("[role=listbox]");
    this.count = element.querySelector("[data-figure-count]");
    this.figures = [...document.querySelectorAll("[data-figure]")].map((row) => {
      const { figure: name, group, label, forms } = row.dataset;
      const says = JSON.parse(forms);
      return { name, group, label, says, rank: rankOf(name), words: plain(`${label} ${name} ${group} ${says[""]}`) };
    });
    this.figures.sort((one, other) => one.rank - other.rank);
    document.body.append(element);
    this.search.addEventListener("input", () => (this.search.value.endsWith("}") ? this.#typed() : this.#filter()));
    this.search.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("change", () => this.#filter());
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the search field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take([...this.list.children].indexOf(option));
    });
    document.addEventListener("pointerdown", (event) => {
      if (!element.hidden && !element.contains(event.target)) this.#close();
    });
    element.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !element.contains(event.relatedTarget)) this.#close();
    });
  }

  // `start` to `end` of the field is replaced by what is chosen; `near` is where on the screen it is.
  open(field, start, end, near, query = "", isTyped = false) {
    this.#at = { field, start, end, isTyped };
    this.search.value = query;
    this.form.value = "";
    this.element.hidden = false;
    this.#filter();
    this.element.style.top = `${window.scrollY + near.bottom + 6}px`;
    this.element.style.setProperty("--left", `${window.scrollX + near.left}px`);
    this.search.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  #filter() {
    const wanted = plain(this.search.value).split(" ").filter(Boolean);
    const form = this.form.value;
    const found = this.figures.filter((figure) => form in figure.says && wanted.every((word) => figure.words.includes(word)));
    this.#shown = found.slice(0, MOST);
    this.list.replaceChildren(...this.#shown.map((figure, number) => option(figure, form, number)));
    this.count.value = found.length > MOST ? `${found.length} siffror, de första ${MOST} visas.` : counted(found.length);
    this.#choose(0);
  }

  #choose(number) {
    this.list.children[this.#current]?.setAttribute("aria-selected", "false");
    this.#current = number;
    const option = this.list.children[number];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.search.setAttribute("aria-activedescendant", option.id);
    else this.search.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.isComposing) return;
    const last = this.#shown.length - 1;
    const to = { ArrowDown: this.#current + 1, ArrowUp: this.#current - 1, PageDown: this.#current + 8, PageUp: this.#current - 8 }[event.key];
    if (to !== undefined && last >= 0) this.#choose(event.key.startsWith("Arrow") ? (to + last + 1) % (last + 1) : Math.max(0, Math.min(last, to)));
    else if (event.key === "Enter") this.#take(this.#current);
    else if (event.key === "Escape") this.#leave();
    else return;
    event.preventDefault();
  }

  #take(number) {
    const figure = this.#shown[number];
    if (!figure) return;
    const { field, start, end } = this.#close();
    const form = this.form.value;
    const begins = SENTENCE.test(field.value.slice(0, start)) && /^\p{Ll}/u.test(figure.says[form]);
    const name = begins ? figure.name[0].toUpperCase() + figure.name.slice(1) : figure.name;
    put(field, start, end, `{${name}${form && `: ${form}`}}`);
  }

  // Somebody who knows the name writes it to its end.
  #typed() {
    const { field, start, end } = this.#close();
    put(field, start, end, `{${this.search.value}`);
  }

  // What was typed here goes back to where it was typed from.
  #leave() {
    const { field, end, isTyped } = this.#close();
    if (isTyped && this.search.value) put(field, end, end, this.search.value);
    else field.focus();
  }

  #close() {
    this.element.hidden = true;
    return this.#at;
  }
}

function option(figure, form, number) {
  const item = document.createElement("li");
  item.id = `siffra-${number}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  for (const [kind, text] of [["label", figure.label], ["says", figure.says[form]], ["name", `{${figure.name}${form && `: ${form}`}} · ${figure.group}`]]) {
    const part = document.createElement("span");
    part.className = `figure-${kind}`;
    part.textContent = text;
    item.append(part, " ");
  }
  return item;
}

// What texts tell most often stands first, and what was last time stands last.
function rankOf(name) {
  const place = FIRST.indexOf(name.split(" ")[0]);
  return place < 0 ? FIRST.length : place;
}

function counted(number) {
  if (number === 0) return "Ingen siffra passar.";
  return number === 1 ? "1 siffra." : `${number} siffror.`;
}

function plain(text) {
  return text.toLowerCase().replace(/[\s\u00a0]+/g, " ").replace(/&/g, "och").trim();
}
