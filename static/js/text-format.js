// The light marks of a text: buttons with data-wrap="**" or data-prefix="- ", the keys of two of them, and lists that go on.
import { put } from "./text-put.js";

const KEYS = { b: "**", i: "*" };
const NUMBERED = "1. ";
const ITEM = /^(\s{0,3})(?:([-*•])|(\d{1,2})([.)])) +/;
const BEGUN = /^(?:#{1,4} +|\s{0,3}[-*•] +|\s{0,3}\d{1,2}[.)] +)/;

export function format(form, field) {
  for (const button of form.querySelectorAll("[data-wrap]")) button.addEventListener("click", () => wrap(field, button.dataset.wrap));
  for (const button of form.querySelectorAll("[data-prefix]")) button.addEventListener("click", () => begin(field, button.dataset.prefix));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.ctrlKey && !event.shiftKey && event.key.toLowerCase() in KEYS) {
      event.preventDefault();
      wrap(field, KEYS[event.key.toLowerCase()]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.shiftKey && goOn(field)) {
      event.preventDefault();
    }
  });
}

// Around what is chosen, or away from there; without a choice a place to write in.
function wrap(field, mark) {
  const [text, size] = [field.value, mark.length];
  let [start, end] = [field.selectionStart, field.selectionEnd];
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  const chosen = text.slice(start, end);
  const around = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
  const isOther = mark === "*" && text.slice(start - 2, start) === "**" && text[start - 3] !== "*";
  if (around && !isOther) {
    put(field, start - size, end + size, chosen);
    field.setSelectionRange(start - size, end - size);
  } else {
    put(field, start, end, mark + chosen + mark);
    field.setSelectionRange(start + size, end + size);
  }
}

// Before each chosen line, in place of another beginning; away from there if all of them have it.
function begin(field, prefix) {
  const text = field.value;
  const start = text.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const stop = text.indexOf("\n", Math.max(start, field.selectionEnd - (field.selectionEnd > field.selectionStart ? 1 : 0)));
  const end = stop < 0 ? text.length : stop;
  const lines = text.slice(start, end).split("\n");
  let number = 0;
  const marked = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    number += 1;
    return (prefix === NUMBERED ? `${number}. ` : prefix) + line.replace(BEGUN, "");
  });
  const isThere = marked.join("\n") === lines.join("\n");
  const now = (isThere ? lines.map((line) => line.replace(BEGUN, "")) : marked).join("\n");
  put(field, start, end, now);
  if (lines.length > 1) field.setSelectionRange(start, start + now.length);
}

// Enter in an item begins the next one; in an empty item it ends the list.
function goOn(field) {
  const place = field.selectionStart;
  if (place !== field.selectionEnd) return false;
  const start = field.value.lastIndexOf("\n", place - 1) + 1;
  const line = field.value.slice(start, place);
  const item = ITEM.exec(line);
  if (!item) return false;
  const [whole, blanks, bullet, number, point] = item;
  if (whole.length === line.length && /^(\n|$)/.test(field.value.slice(place))) put(field, start, place, "");
  else put(field, place, place, `\n${blanks}${bullet ?? `${Number(number) + 1}${point}`} `);
  return true;
}
