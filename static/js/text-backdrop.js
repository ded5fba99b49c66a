// Paints behind the letters of a field: figures by name, which are computed, and what the figure check marks. The same text
// stands there in the same type; so it also knows where on the screen a place in the text is.
const REFERENCE = /\{[^{}\n]{1,120}\}/g;
const LONGEST = 60000; // characters; a longer text is not painted while one types

export class Backdrop {
  #marks = [];

  constructor(field) {
    this.field = field;
    this.element = field.parentElement.querySelector("[data-backdrop]");
    field.addEventListener("input", () => this.#shift());
    field.addEventListener("scroll", () => this.#follow());
    new ResizeObserver(() => this.#follow()).observe(field);
    this.text = field.value;
    this.#paint();
  }

  // `marks` are {start, end, kind} in the text as it is now.
  show(marks) {
    this.#marks = marks;
    this.#paint();
  }

  // Marks go along with what is typed before them, and away where it is typed in them.
  #shift() {
    const [old, now] = [this.text, this.field.value];
    const { same, tail } = difference(old, now);
    const moved = now.length - old.length;
    this.#marks = this.#marks.flatMap((mark) => {
      if (mark.end <= same) return [mark];
      if (mark.start >= old.length - tail) return [{ ...mark, start: mark.start + moved, end: mark.end + moved }];
      return [];
    });
    this.#paint();
  }

  #paint() {
    this.text = this.field.value;
    if (this.text.length > LONGEST) {
      this.element.replaceChildren();
      return;
    }
    const living = [...this.text.matchAll(REFERENCE)].map((found) => ({
      start: found.index,
      end: found.index + found[0].length,
      kind: "living",
    }));
    const parts = [];
    let place = 0;
    for (const mark of [...this.#marks, ...living].sort((one, other) => one.start - other.start)) {
      if (mark.start < place || mark.end > this.text.length) continue;
      parts.push(this.text.slice(place, mark.start), painted(mark.kind, this.text.slice(mark.start, mark.end)));
      place = mark.end;
    }
    this.element.replaceChildren(...parts, `${this.text.slice(place)}\u200b`);
    this.#follow();
  }

  #follow() {
    this.element.scrollTop = this.field.scrollTop;
  }

  // Where on the screen a place in the text is; null where nothing is painted.
  rectangle(place) {
    const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_TEXT);
    let left = place;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) {
        const range = document.createRange();
        range.setStart(node, left);
        range.setEnd(node, Math.min(node.length, left + 1));
        return range.getBoundingClientRect();
      }
      left -= node.length;
    }
    return null;
  }

  // Chooses a part of the text and brings it into sight, in the field and on the page.
  choose(start, end) {
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(start, end);
    const there = this.rectangle(start);
    if (!there) return;
    const box = this.field.getBoundingClientRect();
    this.field.scrollTop += there.top - box.top - this.field.clientHeight / 3;
    this.#follow();
    const now = this.rectangle(start);
    if (now.top < 0 || now.bottom > window.innerHeight) window.scrollBy(0, now.top - window.innerHeight / 3);
  }
}

function painted(kind, text) {
  const mark = document.createElement("mark");
  mark.className = `paint-${kind}`;
  mark.textContent = text;
  return mark;
}

// How much two texts have in common from the beginning, and then from the end.
export function difference(old, now) {
  const shortest = Math.min(old.length, now.length);
  let same = 0;
  while (same < shortest && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < shortest - same && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return { same, tail };
}
