// A form with data-draft="key" keeps what is typed in this tab's session storage until it is saved. Where a session ended
// or the page was left before that, the page offers it again. The versions that it was typed against come back with it,
// so that what others saved meanwhile is never overwritten unseen. The key names the user: nobody meets another's draft.
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

function restore(form, draft) {
  for (const control of controlsOf(form)) {
    if (control.name in draft) control.value = draft[control.name];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function offer(form, draft, show, forget) {
  const template = form.querySelector("template[data-draft-offer]");
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-draft-restore]").addEventListener("click", async () => {
    if (!(await show())) return; // no network or no session: it stays offered
    restore(form, draft);
    notice.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    forget();
    notice.remove();
  });
  template.after(notice);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = `draft:${form.dataset.draft}`;
  const forget = () => sessionStorage.removeItem(key);
  const stored = sessionStorage.getItem(key);
  const draft = stored && JSON.parse(stored);
  form.addEventListener("input", () => {
    const values = controlsOf(form).map((control) => [control.name, control.value]);
    try {
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(values)));
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error; // what is larger than the browser keeps is still in the page
    }
  });
  form.addEventListener("settled", forget);
  if (form.hasAttribute("data-draft-typed")) form.dispatchEvent(new Event("input"));
  else {
    const { absent, show } = draft ? absentOf(form, draft) : { absent: [] };
    if (draft && differs(form, draft, absent)) offer(form, draft, show, forget);
    else forget();
  }
}
