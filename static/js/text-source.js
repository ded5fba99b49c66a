// Drafts: a button with data-text-source asks the server for one. It takes an empty field; otherwise one chooses what becomes of it.
import { put } from "./text-put.js";
import { ANSWER, send } from "./server.js";
import { hindrance } from "./text-review.js";

export function drafting({ form, field, tell }) {
  form.addEventListener("submit", async (event) => {
    if (!event.submitter?.hasAttribute("data-text-source")) return;
    event.preventDefault();
    const button = event.submitter;
    const body = new URLSearchParams(new FormData(form));
    body.delete(field.name); // the draft is made of other things
    body.set(button.name, button.value);
    tell("Hämtar utkastet …");
    const answer = await send(form, body, { address: button.formAction, header: "X-Text" });
    if (answer.kind !== ANSWER) tell(hindrance(answer.kind), "bad");
    else if (!answer.body.body) tell("Det finns inget att göra ett utkast av.");
    else if (field.value.trim()) choose(answer.body.body);
    else take(answer.body.body, 0);
  });

  function take(draft, start) {
    form.querySelector(".text-choice")?.remove();
    put(field, start, field.value.length, draft);
    tell("Utkastet står i fältet och är inte sparat. Ctrl+Z tar tillbaka det.");
  }

  function choose(draft) {
    form.querySelector(".text-choice")?.remove();
    const template = form.querySelector("template[data-draft-choice]");
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.classList.add("text-choice");
    notice.querySelector("pre").textContent = draft;
    notice.querySelector("[data-append]").addEventListener("click", () => {
      const start = field.value.trimEnd().length;
      take(`\n\n${draft}`, start);
    });
    notice.querySelector("[data-replace]").addEventListener("click", () => take(draft, 0));
    notice.querySelector("[data-dismiss]").addEventListener("click", () => {
      notice.remove();
      tell("");
      field.focus();
    });
    template.before(notice);
    tell("");
  }
}
