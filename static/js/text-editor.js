// The editor of the report's texts (form[data-text]): a plain textarea, and around it format, figures, review, saving and drafts.
import { Backdrop } from "./text-backdrop.js";
import { Picker } from "./text-figures.js";
import { format } from "./text-format.js";
import { review } from "./text-review.js";
import { saving } from "./text-save.js";
import { drafting } from "./text-source.js";

const picker = new Picker(document.querySelector("[data-figure-picker]"));

function editor(form) {
  const field = form.querySelector("textarea");
  const key = form.dataset.text;
  const status = form.querySelector("[data-text-status]");
  const backdrop = new Backdrop(field);
  // `about` is "bad" for what went wrong, and "review" for what goes away when the review works again. That something is
  // not saved stands until it is: the review, which the same thing hinders, says nothing over it.
  const tell = (text, about = "") => {
    if (about === "review" && (status.dataset.about === "bad" || (!text && status.dataset.about !== "review"))) return;
    status.textContent = text;
    status.dataset.about = about;
    status.classList.toggle("text-status-bad", about === "bad");
  };
  for (const element of form.querySelectorAll("[data-scripted]")) element.hidden = false;
  for (const element of form.querySelectorAll("[data-unscripted]")) element.hidden = true;
  form.querySelector("[data-pick]").addEventListener("click", (event) => {
    picker.open(field, field.selectionStart, field.selectionEnd, event.currentTarget.getBoundingClientRect());
  });
  field.addEventListener("input", (event) => {
    if (event.inputType !== "insertText" || event.data !== "{") return;
    const place = field.selectionStart;
    const near = backdrop.rectangle(place - 1) ?? field.getBoundingClientRect();
    picker.open(field, place - 1, place, near, "", true);
  });
  field.addEventListener("input", () => status.dataset.about !== "bad" && tell(""));
  format(form, field);
  const section = form.closest("section");
  return { form, field, key, status, backdrop, picker, tell, section, aside: section.querySelector("[data-review]") };
}

const editors = [...document.querySelectorAll("form[data-text]")].map(editor);
for (const one of editors) {
  saving(one);
  drafting(one);
}
review(editors);
