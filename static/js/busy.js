// A form with data-busy="Läser filen …" is sent once: its button says what goes on, and a second press does nothing.
// Without this module a second press sends the form again, which every action withstands.
// It listens on the document, so that a form which takes another's place (js/progress.js) is watched too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-busy]")) return;
  if (form.hasAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  if (button) {
    button.dataset.label = button.textContent;
    button.textContent = form.dataset.busy;
    button.setAttribute("aria-disabled", "true");
  }
});

function release() {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("[data-label]")) {
      button.textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
    }
  }
}

// The page comes back from the browser's memory as it was left: the button must work again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) release();
});

// Another form on the page holds something unsaved, the browser has asked, and the reader may have chosen to stay.
window.addEventListener("beforeunload", (event) => {
  setTimeout(() => {
    if (event.defaultPrevented) release();
  });
});
