// Keeps the counts of the desk up to date while somebody looks at them.
//
// data-counts holds the address, data-stale what is said when it does not answer.

const EVERY = 10000;
const PATIENCE = 8000;
const place = document.querySelector("[data-counts]");
let isAsking = false;

function stale(is) {
  place.classList.toggle("is-stale", is);
  place.querySelector(".not-sent")?.remove();
  if (!is) return;
  const note = document.createElement("p");
  note.className = "not-sent";
  note.textContent = place.dataset.stale;
  place.append(note);
}

async function ask() {
  if (isAsking || document.visibilityState !== "visible") return;
  isAsking = true;
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const options = { redirect: "manual", signal: control.signal };
    const response = await fetch(place.dataset.counts, options);
    if (!response.ok) throw new Error(response.status);
    for (const [name, number] of Object.entries(await response.json())) {
      place.querySelector(`[data-count="${name}"]`).textContent = number;
    }
    stale(false);
    document.dispatchEvent(new CustomEvent("desk:connected"));
  } catch {
    stale(true);
  } finally {
    clearTimeout(timer);
    isAsking = false;
  }
}

if (place) {
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);
  // The answer to a tap brings the counts along.
  document.addEventListener("desk:answered", ({ detail }) => detail.arrived && stale(false));
}
