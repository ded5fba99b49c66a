// A form with data-progress is sent in the background, so that the page can show how far the work has come and the user
// can break it off. The server answers with lines of JSON (sydit/progress.py); the last one is where to go, or a page.
// Without this module the form is sent as any other, and the browser waits.
//
// data-progress-total    how many rows there are, where that is known
// data-progress-cancel   the id of a form to send after a cancel: its page tells what became of the work
// data-progress-cancelled   what to say after a cancel where there is no such form
const PATIENCE = 1000; // milliseconds before anything is shown
const LOST = "Förbindelsen bröts. Läs in sidan på nytt för att se vad som gäller.";

const number = new Intl.NumberFormat("sv-SE");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-progress]")) return;
  event.preventDefault();
  send(form);
});

async function send(form) {
  const started = Date.now();
  const shown = panelOf(form);
  const request = new AbortController();
  let cancelled = false;
  shown.button.onclick = () => {
    cancelled = true;
    request.abort();
  };
  setTimeout(() => {
    if (form.hasAttribute("aria-busy")) shown.open();
  }, PATIENCE);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Progress": "1" },
      signal: request.signal,
    });
    await follow(answer, (rows) => shown.count(rows, Date.now() - started >= PATIENCE));
  } catch (error) {
    ready(form);
    if (!cancelled) {
      shown.say(LOST);
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
    const after = document.getElementById(form.dataset.progressCancel);
    if (after) after.submit();
    else shown.say(form.dataset.progressCancelled);
  }
}

// Reads the answer to its end; what is no stream of progress is a page.
async function follow(answer, count) {
  if (!answer.headers.get("Content-Type")?.includes("ndjson")) {
    show(await answer.text());
    return;
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new TypeError("the answer ended before its last line");
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const told = JSON.parse(line);
      if (told.location !== undefined) {
        location.assign(told.location);
        return;
      }
      if (told.html !== undefined) {
        show(told.html);
        return;
      }
      count(told.rows);
    }
  }
}

// The page that came back takes this one's place, with the focus on what is wrong.
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = document.querySelector("main");
  main.className = page.querySelector("main").className;
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  (main.querySelector("[data-error-summary]") ?? main).focus();
  window.scrollTo(0, 0);
}

function panelOf(form) {
  const panel = form.querySelector("[data-progress-panel]");
  const bar = panel.querySelector("progress");
  const total = Number(form.dataset.progressTotal);
  const status = panel.querySelector("[data-progress-status]");
  const count = panel.querySelector("[data-progress-count]");
  const button = panel.querySelector("[data-progress-button]");
  status.textContent = "";
  count.textContent = "";
  bar.removeAttribute("value");
  bar.hidden = button.hidden = false;
  return {
    button,
    open() {
      panel.hidden = false;
      status.textContent = form.dataset.busy;
    },
    count(rows) {
      if (!rows) return;
      count.textContent = total ? `${number.format(rows)} av ${number.format(total)} rader` : `${number.format(rows)} rader`;
      if (total) {
        bar.max = total;
        bar.value = rows;
      }
    },
    say(sentence) {
      panel.hidden = false;
      bar.hidden = button.hidden = true;
      count.textContent = "";
      status.textContent = sentence;
    },
  };
}

// The form can be sent again (js/busy.js marked it as being sent).
function ready(form) {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-label]")) {
    button.textContent = button.dataset.label;
    button.removeAttribute("aria-disabled");
  }
}
