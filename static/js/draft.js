// A form with data-draft="key" keeps what is typed in this tab's session storage until it is saved. Where a session ended
// or the page was left before that, the page offers it again. The versions that it was typed against come back with it,
// so that what others saved meanwhile is never overwritten unseen. The key names the user: nobody meets another's draft. What
// has been typed since the page was shown goes before what is offered, part by part of the form (data-draft-part), and an
// offer that nobody has answered is kept beside it.
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

function differs(form, draft, absent) {
  return (
    controlsOf(form).some((control) => !unseen(control) && control.name in draft && plain(draft[control.name]) !== plain(control.value)) ||
    absent.some((name) => plain(draft[name]) !== plain(draft[`initial-${name}`]))
  );
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

// What is kept of what is typed in a form, and what an earlier draft of it still offers.
class Draft {
  #key;
  #form;
  #loaded; // what stood in the fields when the page was shown
  offered = null;

  constructor(form) {
    this.#form = form;
    this.#key = `draft:${form.dataset.draft}`;
    this.#loaded = new Map(controlsOf(form).map((control) => [control.name, control.value]));
  }

  get stored() {
    const stored = sessionStorage.getItem(this.#key);
    return stored && JSON.parse(stored);
  }

  keep() {
    const values = { ...this.offered, ...Object.fromEntries(controlsOf(this.#form).map((control) => [control.name, control.value])) };
    for (const control of this.#open()) values[control.name] = this.offered[control.name];
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(values));
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error; // what is larger than the browser keeps is still in the page
    }
  }

  // All that is in the page is saved: what is offered beside it is kept.
  settle() {
    if (this.#open().length || this.#absent().length) this.keep();
    else this.forget();
  }

  forget() {
    this.offered = null;
    sessionStorage.removeItem(this.#key);
  }

  discard() {
    this.offered = null;
    this.keep();
  }

  // Puts what is offered into the page, and leaves what has been typed, saved or taken over since the page was shown.
  restore() {
    for (const control of this.#open()) control.value = this.offered[control.name];
    this.offered = null;
    this.#form.dispatchEvent(new Event("input", { bubbles: true }));
    this.#form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The controls that the draft would set: of each part in which something was typed, with what it was typed against.
  #open() {
    const draft = this.offered;
    if (!draft) return [];
    const left = controlsOf(this.#form).filter((control) => control.name in draft && (unseen(control) || this.#isLeft(control)));
    const parts = new Set(left.filter((control) => isTyped(control, draft)).map(partOf));
    return left.filter((control) => parts.has(partOf(control)));
  }

  // What was typed in fields that the page does not show.
  #absent() {
    const draft = this.offered ?? {};
    const gone = (name) => `initial-${name}` in draft && !this.#form.elements.namedItem(name);
    return Object.keys(draft).filter((name) => gone(name) && plain(draft[name]) !== plain(draft[`initial-${name}`]));
  }

  #isLeft(control) {
    return control.value === (this.#loaded.get(control.name) ?? control.defaultValue);
  }
}

function offer(form, draft, show) {
  const template = form.querySelector("template[data-draft-offer]");
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-draft-restore]").addEventListener("click", async () => {
    if (!(await show())) return; // no network or no session: it stays offered
    draft.restore();
    notice.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    draft.discard();
    notice.remove();
  });
  template.after(notice);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const draft = new Draft(form);
  const { stored } = draft;
  form.addEventListener("input", () => draft.keep());
  form.addEventListener("settled", () => draft.settle());
  if (form.hasAttribute("data-draft-typed")) form.dispatchEvent(new Event("input"));
  else {
    const { absent, show } = stored ? absentOf(form, stored) : { absent: [] };
    if (stored && differs(form, stored, absent)) {
      draft.offered = stored;
      offer(form, draft, show);
    } else draft.forget();
  }
}
