// Which groups of columns are hidden is remembered by this browser. Hiding them is the style sheet's work.
export function keepGroups() {
  for (const box of document.querySelectorAll("input[data-group]")) {
    const key = `grid-group:${box.dataset.group}`;
    box.checked = localStorage.getItem(key) !== "hidden";
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(key);
      else localStorage.setItem(key, "hidden");
    });
  }
}
