// Puts text in place of a part of a field as if it were typed, so that Ctrl+Z takes it back.
export function put(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  if (start === end && !text) return;
  const done = document.execCommand(text ? "insertText" : "delete", false, text);
  if (done) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
