// What has aria-keyshortcuts="Control+Enter" is pressed by those keys, from anywhere on the page, also while typing in a field.
function pressed(event, keys) {
  const names = keys.split("+");
  const key = names.pop();
  const wanted = (name) => names.includes(name);
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    event.ctrlKey === wanted("Control") &&
    event.altKey === wanted("Alt") &&
    event.shiftKey === wanted("Shift") &&
    !event.metaKey
  );
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.repeat) return;
  for (const target of document.querySelectorAll("[aria-keyshortcuts]")) {
    if (target.getAttribute("aria-keyshortcuts").split(" ").some((keys) => pressed(event, keys))) {
      event.preventDefault();
      target.click();
      return;
    }
  }
});
