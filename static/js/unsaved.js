// A form with data-unsaved asks before the page is left with something typed and not sent. A script that
// saves by itself keeps the form from being sent, and tells with "settled" when nothing is left to save.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.querySelector("[aria-invalid]") !== null;
  form.addEventListener("input", () => {
    changed = true;
  });
  for (const sent of ["submit", "settled"]) {
    form.addEventListener(sent, (event) => {
      if (!event.defaultPrevented) changed = false;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
