// Keeps the desk of the meetings up to date, and its taps while a hall has no signal.
//
// [data-fresh] is a list that is asked for anew; what somebody is about to tap is left alone. A
// tap of a form with data-keep that did not arrive waits on this page and is sent, in its order,
// as soon as there is a connection: the server counts each once. Words are data- attributes of
// [data-desk].

const EVERY = 15000;
const PATIENCE = 8000;
const desk = document.querySelector("[data-desk]");
const place = document.querySelector("[data-unsent]");
const kept = [];
let isAsking = false;
let isSending = false;

async function ask(address, options = {}) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const headers = { "X-Requested-With": "fetch", ...options.headers };
    const set = { redirect: "manual", signal: control.signal, ...options, headers };
    return await fetch(address, set);
  } finally {
    clearTimeout(timer);
  }
}

function stale(is) {
  const fresh = document.querySelector('[data-part="fresh"]');
  desk.classList.toggle("is-stale", is);
  if (!fresh) return;
  fresh.querySelector(".not-sent")?.remove();
  if (!is) return;
  const note = document.createElement("span");
  note.className = "not-sent";
  note.setAttribute("role", "status");
  note.textContent = `${desk.dataset.stale} ${fresh.dataset.made}`;
  fresh.append(note);
}

// Somebody reads on in what is open, types, or waits for an answer.
function isInUse(part) {
  return (
    part.querySelector("details[open], [aria-busy=true], .not-sent") ||
    part.querySelector("input[type=search]:focus, textarea:focus, select:focus") ||
    [...part.querySelectorAll("input[type=search]")].some((input) => input.value)
  );
}

function partsOf(list) {
  return [...list.querySelectorAll('[data-part^="meeting-"]')];
}

function swap(list, html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const fresh = answer.querySelector('[data-part="list"]');
  if (!fresh) return;
  if (!isInUse(list)) {
    const focused = list.contains(document.activeElement) && document.activeElement.id;
    const next = document.importNode(fresh, true);
    list.replaceWith(next);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    return;
  }
  for (const old of partsOf(list)) {
    const name = CSS.escape(old.dataset.part);
    const card = fresh.querySelector(`[data-part="${name}"]`);
    if (card && !isInUse(old)) old.replaceWith(document.importNode(card, true));
  }
  const made = fresh.querySelector('[data-part="fresh"]');
  if (made) list.querySelector('[data-part="fresh"]')?.replaceWith(document.importNode(made, true));
}

async function refresh() {
  const list = document.querySelector("[data-fresh]");
  if (!list || isAsking || document.visibilityState !== "visible") return;
  isAsking = true;
  try {
    const response = await ask(list.dataset.fresh);
    if (!response.ok) throw new Error(response.status);
    const html = await response.text();
    // A tap may have changed the list meanwhile: the next answer shows it.
    if (list.isConnected) swap(list, html);
    stale(false);
    send();
  } catch {
    stale(true);
  } finally {
    isAsking = false;
  }
}

function showKept() {
  place.hidden = kept.length === 0 && !place.querySelector("[data-refused]").textContent;
  place.querySelector("[data-unsent-count]").textContent = kept.length || "";
  const lines = kept.map(({ words }) => {
    const line = document.createElement("li");
    line.textContent = words;
    return line;
  });
  place.querySelector("[data-unsent-list]").replaceChildren(...lines);
}

function keep(event) {
  const form = event.target;
  if (!place || !form.matches("[data-keep]")) return;
  event.preventDefault();
  const { fields } = event.detail;
  const value = new URLSearchParams(fields).get("do");
  const button = value && form.querySelector(`button[value="${CSS.escape(value)}"]`);
  const card = form.closest("[data-part]");
  const about = card?.querySelector(".meeting-people, .queue-number")?.textContent ?? "";
  const words = [button?.textContent, about].join(" – ").replace(/\s+/g, " ").trim();
  if (!kept.some((each) => each.fields === fields)) kept.push({ url: form.action, fields, words });
  form.querySelector(".not-sent")?.remove();
  const note = document.createElement("p");
  note.className = "not-sent";
  note.setAttribute("role", "status");
  note.textContent = desk.dataset.kept;
  form.append(note);
  stale(true);
  showKept();
}

async function sendFirst() {
  const { url, fields } = kept[0];
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const response = await ask(url, { method: "POST", body: fields, headers });
  if (response.type === "opaqueredirect" || response.status === 403) {
    place.querySelector("[data-refused]").textContent = desk.dataset.refused;
    return false;
  }
  if (![200, 409].includes(response.status)) return false;
  const html = await response.text();
  const detail = { html };
  document.dispatchEvent(new CustomEvent("desk:late", { detail }));
  const [{ words }] = kept.splice(0, 1);
  const answer = new DOMParser().parseFromString(html, "text/html");
  const said = answer.querySelector("[data-said]")?.textContent.trim() ?? "";
  if (response.status === 409) {
    const line = document.createElement("p");
    line.textContent = `${words}: ${said}`;
    place.querySelector("[data-refused]").append(line);
  }
  return true;
}

async function send() {
  if (isSending || !place || kept.length === 0) return;
  isSending = true;
  try {
    while (kept.length && (await sendFirst())) showKept();
  } catch {
    stale(true);
  } finally {
    isSending = false;
    showKept();
  }
}

if (desk) {
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
  window.addEventListener("online", refresh);
  document.addEventListener("desk:unsent", keep);
  document.addEventListener("desk:answered", ({ detail }) => {
    if (!detail.arrived) return;
    stale(false);
    send();
  });
  place?.querySelector("[data-send]").addEventListener("click", send);
  // What waits would be lost with the page.
  window.addEventListener("beforeunload", (event) => {
    if (kept.length) event.preventDefault();
  });
}
