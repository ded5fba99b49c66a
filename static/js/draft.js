// A form with data-draft="key" keeps what is typed in this tab's session storage until it is saved. Where a session ended
// or the page was left before that, the page offers it again. The versions that it was typed against come back with it,
// so that what others saved meanwhile is never overwritten unseen. The key names the user: nobody meets another's draft. What
// has been typed since the page was shown goes before what is offered, part by part of the form (data-draft-part), and what
// nobody has answered is offered again.
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

// What is kept of what is typed in a form, and beside it what an earlier draft still offers.
class Draft {
  #form;
  #typed; // where the one is kept,
  #unanswered; // and the other
  #loaded; // what stood in the fields when the page was shown
  #given = new Set(); // the fields to which it has been fetched back,
  #rest; // and those in which something newer stood then
  offered;

  constructor(form) {
    this.#form = form;
    this.#typed = `draft:${form.dataset.draft}`;
    this.#unanswered = `${this.#typed}:offered`;
    this.#loaded = new Map(controlsOf(form).map((control) => [control.name, control.value]));
    this.offered = this.#joined(read(this.#unanswered), read(this.#typed));
  }

  keep() {
    write(this.#typed, Object.fromEntries(controlsOf(this.#form).map((control) => [control.name, control.value])));
  }

  forget() {
    sessionStorage.removeItem(this.#typed);
  }

  // Offers what is kept until somebody answers, whatever is typed meanwhile.
  hold() {
    if (write(this.#unanswered, this.offered)) this.forget();
  }

  drop() {
    sessionStorage.removeItem(this.#unanswered);
    this.offered = null;
  }

  // Puts what is offered into the page, but where something has been typed, saved or taken over since it was shown: that
  // stands, and is offered once more. The second time it goes there, and there alone. Returns whether anything is left.
  restore() {
    const draft = this.offered;
    const controls = controlsOf(this.#form).filter((control) => control.name in draft);
    const goes = (control) => this.#rest?.has(control.name) ?? this.#isLeft(control);
    const parts = new Set(controls.filter((control) => isTyped(control, draft) && goes(control)).map(partOf));
    for (const control of controls.filter((one) => parts.has(partOf(one)) && (unseen(one) || goes(one)))) {
      control.value = draft[control.name];
      this.#given.add(control.name);
    }
    const left = controls.filter((control) => isMissing(control, draft) && !this.#given.has(control.name));
    this.#rest = new Set(left.map((control) => control.name));
    if (!this.#rest.size) this.drop();
    this.#form.dispatchEvent(new Event("input", { bubbles: true }));
    this.#form.dispatchEvent(new Event("change", { bubbles: true }));
    return this.#rest.size > 0;
  }

  // A draft that nobody has answered, and one that was left since: of each part what was typed last.
  #joined(earlier, later) {
    if (!earlier || !later) return earlier ?? later;
    const controls = controlsOf(this.#form);
    const parts = new Set(controls.filter((control) => isTyped(control, later)).map(partOf));
    const shown = new Set(controls.map((control) => control.name));
    const newer = Object.entries(later).filter(([name]) => !shown.has(name) && !(name in earlier));
    const typed = controls.filter((control) => parts.has(partOf(control)) && control.name in later);
    return { ...earlier, ...Object.fromEntries(newer), ...Object.fromEntries(typed.map((control) => [control.name, later[control.name]])) };
  }

  #isLeft(control) {
    return control.value === (this.#loaded.get(control.name) ?? control.defaultValue);
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

function offer(form, draft, show) {
  const template = form.querySelector("template[data-draft-offer]");
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-draft-restore]").addEventListener("click", async () => {
    if (!(await show())) return; // no network or no session: it stays offered
    if (draft.restore()) {
      notice.querySelector("p").textContent = ALSO_THERE;
      return;
    }
    notice.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    draft.drop();
    notice.remove();
  });
  template.after(notice);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const draft = new Draft(form);
  form.addEventListener("input", () => draft.keep());
  form.addEventListener("settled", () => draft.forget());
  if (form.hasAttribute("data-draft-typed")) form.dispatchEvent(new Event("input"));
  else {
    const { offered } = draft;
    const { absent, show } = offered ? absentOf(form, offered) : { absent: [] };
    const isAbsent = (name) => plain(offered[name]) !== plain(offered[`initial-${name}`]);
    if (offered && (absent.some(isAbsent) || controlsOf(form).some((control) => isMissing(control, offered)))) {
      draft.hold();
      offer(form, draft, show);
    } else {
      draft.drop();
      draft.forget();
    }
  }
}
