// A row's year is what is booked and its months. While they are typed it follows them, as the server sums it, and where
// they no longer make a year what stood there comes back. Nobody typed it: it is no step to undo (js/grid-undo.js), and
// what is sent is what it is measured against. `rad-12-follows` holds what it was last set to, also in a draft.
import { cellsOf, hiddenOf, isAmount, isChanged, nameOf, seenOf, setValue } from "./grid-cells.js";

const followsOf = (row) => hiddenOf(cellsOf(row)[0], `${nameOf(row)}-follows`);

export function sentOf(field) {
  const follows = isAmount(field) && hiddenOf(field, field.name.replace(/amount$/, "follows"));
  return follows && follows.value && follows.value === field.value ? seenOf(field).value : field.value;
}

// `year` is what the row's months make; none where they make no year.
export function follow(row, year = "") {
  const [amount] = cellsOf(row);
  const follows = followsOf(row);
  if (!year && !follows.value) return;
  const isTyped = isChanged(amount) && ![follows.value, year].includes(amount.value);
  follows.value = isTyped ? "" : year;
  if (isTyped) return;
  setValue(amount, year || seenOf(amount).value);
  amount.dispatchEvent(new Event("taken", { bubbles: true }));
}

export function followNoMore(row) {
  followsOf(row).value = "";
}
