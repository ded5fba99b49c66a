// While one types: the texts as they will stand in the report and their marks, from the server, of what is not saved yet.
// A mark jumps to its place in the field and puts its suggestion there.
import { difference } from "./text-backdrop.js";
import { put } from "./text-put.js";
import { ANSWER, LOGGED_OUT, OFFLINE, SOMEBODY_ELSE, send, TOKEN } from "./server.js";

const PAUSE = 500; // milliseconds without a key before the server is asked
const MOST = 1000000; // characters that are sent to be reviewed
export const HINDERED = {
  [OFFLINE]: "Servern svarar inte. Det du har skrivit finns kvar här.",
  [LOGGED_OUT]: "Du är utloggad. Logga in i en annan flik; det du har skrivit finns kvar här.",
  [SOMEBODY_ELSE]: "En annan användare är inloggad. Det du har skrivit finns kvar här.",
};
const GONE = "Stället har skrivits om; granskningen görs om.";
const NO_ANSWER = "Servern gav inget svar som går att läsa. Det du har skrivit finns kvar här.";
const UNPAINTED = ["unchanged"]; // whole paragraphs

export const hindrance = (kind) => HINDERED[kind] ?? NO_ANSWER;

// `editors` are {form, field, key, backdrop, tell} for each text of the page.
export function review(editors) {
  let timer;
  let under; // the request that is under way
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  async function ask() {
    under?.abort();
    under = new AbortController();
    const [{ form }] = editors;
    const sent = editors.map(({ field }) => field.value);
    if (sent.join("").length > MOST) {
      for (const editor of editors) if (editor.field.value.length > editor.form.dataset.limit) editor.tell("Texten är alldeles för lång för att granskas.", "review");
      return;
    }
    const body = new URLSearchParams([[TOKEN, form.elements.namedItem(TOKEN).value]]);
    editors.forEach(({ key }, number) => body.append(`${key}-body`, sent[number]));
    try {
      const answer = await send(form, body, { address: form.dataset.reviewAt, header: "X-Text", signal: under.signal });
      if (answer.kind !== ANSWER) {
        for (const editor of editors) if (editor.field.value !== editor.field.defaultValue) editor.tell(hindrance(answer.kind), "review");
        return;
      }
      editors.forEach((editor, number) => {
        editor.tell("", "review");
        show(editor, answer.body.reviews[editor.key], sent[number]);
        announce(editor);
      });
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  for (const editor of editors) {
    editor.field.addEventListener("input", soon);
    editor.reviewed = editor.field.value;
    wire(editor);
    announce(editor);
    if (editor.field.value !== editor.field.defaultValue) soon(); // the browser kept what was typed over a reload
  }
  window.addEventListener("online", soon);
}

function show(editor, html, sent) {
  editor.reviewed = sent;
  const place = editor.aside.scrollTop;
  if (editor.html !== html) {
    editor.html = html;
    const isOpen = editor.aside.querySelector("details")?.open;
    editor.aside.innerHTML = html;
    const details = editor.aside.querySelector("details");
    if (details) details.open = isOpen ?? false;
    wire(editor);
  } else if (editor.field.value === sent) paint(editor);
  editor.aside.scrollTop = place;
}

// For whoever does not see the list beside the field; never in place of what is said of saving.
function announce(editor) {
  const number = editor.aside.querySelectorAll(".text-marks > ol > [data-kind]").length;
  const isNews = editor.announced !== undefined && editor.announced !== number;
  editor.announced = number;
  if (!isNews || editor.status.textContent) return;
  editor.tell(number === 0 ? "Granskningen har inget att anmärka på." : `Granskningen har ${number === 1 ? "1 märkning" : `${number} märkningar`}.`, "review");
}

function wire(editor) {
  for (const element of editor.aside.querySelectorAll("[data-scripted]")) element.hidden = false;
  for (const mark of editor.aside.querySelectorAll("[data-kind]")) {
    mark.querySelector("[data-jump]")?.addEventListener("click", () => jump(editor, mark));
    mark.querySelector("[data-choose]")?.addEventListener("click", () => choose(editor, mark));
    mark.querySelector("[data-use]")?.addEventListener("click", () => use(editor, mark));
  }
  editor.aside.querySelector("[data-use-all]")?.addEventListener("click", () => useAll(editor));
  if (editor.field.value === editor.reviewed) paint(editor);
}

function paint(editor) {
  const marks = [...editor.aside.querySelectorAll("[data-kind]")].filter((mark) => !UNPAINTED.includes(mark.dataset.kind));
  editor.backdrop.show(marks.map((mark) => ({ ...placeOf(mark), kind: mark.dataset.kind })).filter(({ start, end }) => end > start));
}

const placeOf = (mark) => ({ start: Number(mark.dataset.start), end: Number(mark.dataset.end) });

// Where what is marked stands now, also when something has been typed since; null where it is gone.
function current({ field, reviewed }, mark) {
  const { start, end } = placeOf(mark);
  const quote = reviewed.slice(start, end);
  const { same, tail } = difference(reviewed, field.value);
  const moved = start >= reviewed.length - tail && end > same ? field.value.length - reviewed.length : 0;
  const place = field.value.slice(start + moved, end + moved) === quote ? start + moved : field.value.indexOf(quote);
  return quote && place >= 0 ? { start: place, end: place + quote.length } : null;
}

function jump(editor, mark) {
  const place = current(editor, mark);
  if (place) editor.backdrop.choose(place.start, place.end);
  else editor.tell(GONE, "review");
  return place;
}

// The list of figures, with those that say the same amount first.
function choose(editor, mark) {
  const place = jump(editor, mark);
  if (!place) return;
  const [amount = ""] = mark.dataset.kind === "typed" ? /\d[\d\s]*/.exec(editor.field.value.slice(place.start, place.end)) ?? [] : [];
  const near = editor.backdrop.rectangle(place.start) ?? editor.field.getBoundingClientRect();
  editor.picker.open(editor.field, place.start, place.end, near, amount.trim());
}

function use(editor, mark) {
  const { field, backdrop } = editor;
  const text = mark.dataset.suggestion;
  if (!mark.querySelector("[data-jump]")) {
    const here = field.selectionEnd;
    put(field, here, here, /\S$/.test(field.value.slice(0, here)) ? ` ${text}` : text);
    return;
  }
  const place = current(editor, mark);
  if (!place) {
    editor.tell(GONE, "review");
    return;
  }
  put(field, place.start, place.end, text);
  backdrop.choose(place.start + text.length, place.start + text.length);
}

// From the end, so that no place moves before its turn.
function useAll(editor) {
  const offers = [...editor.aside.querySelectorAll("details [data-kind]")].filter((mark) => mark.dataset.suggestion);
  for (const mark of offers.reverse()) {
    const place = current(editor, mark);
    if (place) put(editor.field, place.start, place.end, mark.dataset.suggestion);
  }
}
