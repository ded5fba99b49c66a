// Saving without leaving the page: the field keeps its place and what can be undone. What the server refuses is sent once more
// as a form, so that the server's own page tells why and shows what was typed.
import { ANSWER, send } from "./server.js";
import { hindrance } from "./text-review.js";

const OK = 200;
const MOST = 1000000; // characters that are sent; the server says how much too long a shorter one is

export function saving({ form, field, section, tell }) {
  let isUnderWay = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction") || "asPage" in form.dataset) return;
    event.preventDefault();
    save();
  });
  field.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (!event.repeat) save();
  });
  window.addEventListener("online", () => form.dataset.waiting !== undefined && save());

  async function save() {
    if (isUnderWay) return;
    if (field.value.length > MOST) {
      tell(`Inte sparat. Texten är ${(field.value.length - form.dataset.limit).toLocaleString("sv")} tecken för lång.`, "bad");
      return;
    }
    isUnderWay = true;
    delete form.dataset.waiting;
    tell("Sparar …");
    const sent = field.value;
    const answer = await send(form, new URLSearchParams(new FormData(form)), { header: "X-Text" });
    isUnderWay = false;
    if (answer.kind !== ANSWER) {
      form.dataset.waiting = "";
      tell(`Inte sparat. ${hindrance(answer.kind)}`, "bad");
    } else if (answer.status !== OK) {
      form.dataset.asPage = "";
      form.requestSubmit();
    } else saved(answer.body, sent);
  }

  function saved({ version, changed, at }, sent) {
    form.elements.namedItem(`${form.dataset.text}-version`).value = version;
    section.querySelector("[data-changed]").innerHTML = changed;
    for (const stale of form.querySelectorAll(".error-summary, .field-errors")) stale.remove();
    if (field.value === sent) form.dispatchEvent(new Event("settled"));
    tell(field.value === sent ? `Sparat ${at}.` : `Sparat ${at}. Du har skrivit mer sedan dess.`);
  }
}
