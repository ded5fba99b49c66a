// A form with data-draft="key" keeps what is typed in this tab's session storage until it is saved. Where a session ended
// or the page was left before that, the page offers it again. The versions that it was typed against come back with it,
// so that what others saved meanwhile is never overwritten unseen. The key names the user: nobody meets another's draft. What
// has been typed since the page was shown goes before what is offered, part by part of the form (data-draft-part), and what
// nobody has answered is offered again, one draft after the other. A hidden field comes back with its part, or with the field
// that it is about (initial-NAME, data-draft-with="NAME").
// A control with data-not-typed is no part of it. A script that saves by itself (js/grid-save.js) sends "settled" when
// nothing is left to save. Fields that are not on the page yet are asked for with "draft": whoever can show them puts how in
// its detail (js/grid-more.js). A form with data-draft-typed is the answer to a try that did not succeed: it shows what was typed, and has nothing to offer.
const unseen = (control) => control.type === "hidden";

function controlsOf(form) {
  return [...form.elements].filter(
    (control) => control.name && control.type !== "submit" && control.name !== "csrfmiddlewaretoken" && !("notTyped" in control.dataset),
  );
}

// An amount comes back from the server with other blanks and another minus than it was typed with.
function plain(text) {
  return text.replace(/\s/g, "").replace(/[\u2212\u2013]/g, "-");
}

// What was typed in fields that the page does not show, and how to show them.
function absentOf(form, draft) {
  const absent = Object.keys(draft).filter((name) => `initial-${name}` in draft && !form.elements.namedItem(name));
  const detail = { absent, show: null };
  form.dispatchEvent(new CustomEvent("draft", { detail }));
  return detail.show ? detail : { absent: [], show: async () => true };
}

const partOf = (control) => control.closest("[data-draft-part]")?.dataset.draftPart ?? "";

// A field that was typed in, and so differs in the draft from what it was measured against; where nothing says what that is,
// any field.
function isTyped(control, draft) {
  if (unseen(control) || control.type === "checkbox" || !(control.name in draft)) return false;
  const seen = draft[`initial-${control.name}`];
  return seen === undefined || plain(draft[control.name]) !== plain(seen);
}

// Whether a field was typed in and holds something else now.
function isMissing(control, draft) {
  return isTyped(control, draft) && plain(control.value) !== plain(draft[control.name]);
}

// What a hidden field belongs to: the field that it is measured against, or none where it tells of the whole part.
function ownerOf(hidden) {
  return hidden.dataset.draftWith ?? (hidden.name.startsWith("initial-") ? hidden.name.slice("initial-".length) : null);
}

const MOST = 5; // drafts that wait for an answer

// What is kept of what is typed in a form, and beside it the drafts that nobody has answered yet, the last one first.
class Drafts {
  #form;
  #typed; // where the one is kept,
  #unanswered; // and the others
  #loaded; // what stood in the fields when the page was shown
  #waiting;
  #given; // the fields to which a draft has been fetched back,
  #rest; // and those in which something newer stood then

  constructor(form) {
    this.#form = form;
    this.#typed = `draft:${form.dataset.draft}`;
    this.#unanswered = `${this.#typed}:offered`;
    this.#loaded = new Map(controlsOf(form).map((control) => [control.name, control.value]));
    this.#waiting = read(this.#unanswered) ?? [];
  }

  // What was left unsaved waits for an answer from now on, whatever is typed anew.
  leave() {
    const left = read(this.#typed);
    if (left) this.#waiting = [...this.#waiting, left].slice(-MOST);
    if (this.#wait()) this.forget();
  }

  keep() {
    write(this.#typed, Object.fromEntries(controlsOf(this.#form).map((control) => [control.name, control.value])));
  }

  forget() {
    sessionStorage.removeItem(this.#typed);
  }

  // The draft to offer now, with how to show the fields that it holds and the page does not; none where nothing is missing.
  offered() {
    this.#given = new Set();
    this.#rest = undefined;
    while (this.#waiting.length) {
      if (this.isMissing) return { show: absentOf(this.#form, this.#waiting.at(-1)).show };
      this.drop();
    }
    return null;
  }

  // Whether the page lacks anything that was typed in the draft.
  get isMissing() {
    const draft = this.#waiting.at(-1);
    const isAbsent = (name) => plain(draft[name]) !== plain(draft[`initial-${name}`]);
    return absentOf(this.#form, draft).absent.some(isAbsent) || controlsOf(this.#form).some((control) => isMissing(control, draft));
  }

  drop() {
    this.#waiting.pop();
    this.#wait();
  }

  // Puts what is offered into the page, but where something has been typed, saved or taken over since it was shown: that
  // stands, and is offered once more. The second time it goes there, and there alone. Returns whether anything is left.
  restore() {
    const draft = this.#waiting.at(-1);
    const controls = controlsOf(this.#form).filter((control) => control.name in draft);
    const goes = (control) => this.#rest?.has(control.name) ?? this.#isLeft(control, draft);
    const going = controls.filter((control) => !unseen(control) && goes(control));
    const parts = new Set(going.filter((control) => isTyped(control, draft)).map(partOf));
    for (const control of going.filter((one) => parts.has(partOf(one)))) {
      control.value = draft[control.name];
      this.#given.add(control.name);
    }
    for (const hidden of controls.filter((control) => unseen(control) && parts.has(partOf(control)))) {
      const owner = ownerOf(hidden);
      if (owner === null || this.#given.has(owner)) hidden.value = draft[hidden.name];
    }
    const left = controls.filter((control) => isMissing(control, draft) && !this.#given.has(control.name));
    this.#rest = new Set(left.map((control) => control.name));
    this.#form.dispatchEvent(new Event("input", { bubbles: true }));
    this.#form.dispatchEvent(new Event("change", { bubbles: true }));
    return left.length > 0;
  }

  // As it stood when the page was shown; a field that came later is as the draft was typed against.
  #isLeft(control, draft) {
    if (this.#loaded.has(control.name)) return control.value === this.#loaded.get(control.name);
    const seen = this.#form.elements.namedItem(`initial-${control.name}`);
    return control.value === control.defaultValue && plain(seen?.value ?? "") === plain(draft[`initial-${control.name}`] ?? "");
  }

  #wait() {
    if (this.#waiting.length) return write(this.#unanswered, this.#waiting);
    sessionStorage.removeItem(this.#unanswered);
    return true;
  }
}

function read(key) {
  const stored = sessionStorage.getItem(key);
  return stored && JSON.parse(stored);
}

function write(key, values) {
  try {
    sessionStorage.setItem(key, JSON.stringify(values));
    return true;
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error; // what is larger than the browser keeps is still in the page
    return false;
  }
}

const ALSO_THERE =
  "Där något har ändrats sedan sidan öppnades står det kvar. Ska det som inte blev sparat hämtas tillbaka även där?";

function offer(form, drafts) {
  const offered = drafts.offered();
  if (!offered) return;
  const template = form.querySelector("template[data-draft-offer]");
  const notice = template.content.firstElementChild.cloneNode(true);
  const settled = () => !drafts.isMissing && answered(); // the same has been typed anew, and saved
  const answered = () => {
    form.removeEventListener("settled", settled);
    notice.remove();
    drafts.drop();
    offer(form, drafts);
  };
  notice.querySelector("[data-draft-restore]").addEventListener("click", async () => {
    if (!(await offered.show())) return; // no network or no session: it stays offered
    if (drafts.restore()) {
      notice.querySelector("p").textContent = ALSO_THERE;
      return;
    }
    answered();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  notice.querySelector("[data-draft-discard]").addEventListener("click", answered);
  form.addEventListener("settled", settled);
  template.after(notice);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const drafts = new Drafts(form);
  form.addEventListener("input", () => drafts.keep());
  form.addEventListener("settled", () => drafts.forget());
  if (form.hasAttribute("data-draft-typed")) form.dispatchEvent(new Event("input"));
  else {
    drafts.leave();
    offer(form, drafts);
  }
}
