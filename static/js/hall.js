// Keeps the screen of a hall up to date, and shows one part after the other of a long one.

const EVERY = 20000;
const PATIENCE = 10000;
const TURN = 12000;
const main = document.querySelector("[data-hall]");

async function refresh() {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const headers = { "X-Requested-With": "fetch" };
    const response = await fetch(main.dataset.hall, { headers, signal: control.signal });
    if (!response.ok || response.redirected) throw new Error(response.status);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    main.replaceChildren(...document.adoptNode(answer.body).childNodes);
  } catch {
    // What was true stays on the wall, and the wall says how old it is.
    const word = main.querySelector("[data-stale]");
    if (word) word.hidden = false;
  } finally {
    clearTimeout(timer);
  }
}

function turn() {
  const rest = document.documentElement.scrollHeight - scrollY - innerHeight;
  scrollTo({ top: rest > 8 ? scrollY + innerHeight * 0.9 : 0 });
}

if (main) {
  setInterval(refresh, EVERY);
  setInterval(turn, TURN);
}
