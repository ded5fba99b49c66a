// A form with data-grid works as a spreadsheet: keys, paste, undo, and each row saved when it is left, without a reload.
// Without this module it is a plain form, and its buttons do the same. The server reads, computes and prints every amount;
// nothing here knows what one is.
import { keepGroups } from "./grid-groups.js";
import { listenToKeys } from "./grid-keys.js";
import { listenToMore } from "./grid-more.js";
import { listenToPaste } from "./grid-paste.js";
import { Rows } from "./grid-save.js";
import { Undo } from "./grid-undo.js";

for (const form of document.querySelectorAll("form[data-grid]")) {
  const rows = new Rows(form);
  const undo = new Undo(form, rows);
  const more = listenToMore(form, rows, undo);
  listenToKeys(form, { rows, undo, more });
  listenToPaste(form, rows, undo);
}
keepGroups();
