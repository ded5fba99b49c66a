// A form with data-unsaved asks before the page is left with something typed and not sent.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.querySelector("[aria-invalid]") !== null;
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
