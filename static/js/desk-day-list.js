// Keeps the list for the day, so that people are found and checked in where there is no signal.
//
// The list is in the page alone, and goes with it. What a tap could not send waits, is shown, and
// is sent when there is a connection again: the server counts it once. Of these the tickets stay
// in the tab until then, should the page be opened anew, as after a log-in.

const EVERY = 300000;
const PATIENCE = 15000;
const MOST = 20;
const ANSWERED = [200, 409, 422];
const template = document.querySelector("template[data-day-list]");
const unsent = document.querySelector("[data-unsent]");
const waiting = new Map();
const place = `summit-desk-unsent ${location.pathname}${location.search}`;
let list = { at: "", letters: {}, people: [] };
let isSending = false;

async function fetchList() {
  if (document.visibilityState !== "visible") return;
  try {
    const options = { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
    const response = await fetch(template.dataset.dayList, options);
    if (response.ok) list = await response.json();
  } catch {
    // Without signal the list of before is what there is.
  }
}

// As the server folds what is typed, but for traditional characters.
function wordsOf(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const letters = [...bare].map((letter) => list.letters[letter] ?? letter).join("");
  return letters.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function found(text) {
  const words = wordsOf(text);
  if (!words.length) return [];
  return list.people.filter(([, , , , key]) => words.every((word) => key.includes(word)));
}

function cardOf([ticket, name, organization, state]) {
  const card = template.content.firstElementChild.cloneNode(true);
  const shown = waiting.has(ticket) ? "kept" : state;
  card.classList.add(`desk-card-${shown === "kept" ? "arrived" : shown}`);
  card.dataset.part = `person-${ticket}`;
  card.setAttribute("aria-label", name);
  card.querySelector("[data-name]").textContent = name;
  card.querySelector("[data-organization]").textContent = organization;
  card.querySelector("[data-ticket]").textContent = ticket;
  card.querySelector("[name=ticket]").value = ticket;
  for (const part of card.querySelectorAll("[data-state]")) {
    if (part.dataset.state !== shown) part.remove();
  }
  if (shown === "kept") card.append(paragraph("desk-card-done", template.dataset.kept));
  return card;
}

function paragraph(name, text) {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
}

function show(text) {
  const people = found(text).slice(0, MOST);
  const { asOf, nobody, none } = template.dataset;
  const words = list.people.length ? `${people.length ? asOf : nobody} ${list.at}` : none;
  const results = document.querySelector("[data-part=results]");
  results.replaceChildren(paragraph("desk-note", words), ...people.map(cardOf));
  results.firstElementChild.setAttribute("role", "alert");
}

function keep(form) {
  const ticket = new FormData(form).get("ticket");
  const card = form.closest(".desk-card");
  const name = card.querySelector(".desk-card-name").textContent;
  // The day on which somebody came is that of the tap, whenever it is sent.
  waiting.set(ticket, { name, at: Math.floor(Date.now() / 1000) });
  card.replaceWith(cardOf(personOf(ticket) ?? [ticket, name, "", "expected", ""]));
  showWaiting();
}

function personOf(ticket) {
  return list.people.find((person) => person[0] === ticket);
}

function remember() {
  try {
    sessionStorage.setItem(place, JSON.stringify([...waiting].map(([ticket, { at }]) => [ticket, at])));
  } catch {
    // Where nothing may be kept it lasts as long as the page.
  }
}

function recall() {
  try {
    for (const [ticket, at] of JSON.parse(sessionStorage.getItem(place) ?? "[]")) {
      waiting.set(ticket, { name: ticket, at });
    }
  } catch {
    // As above.
  }
}

function showWaiting() {
  const refused = unsent.querySelector("[data-refused]");
  unsent.hidden = !waiting.size && !refused.childElementCount;
  unsent.querySelector("[data-send]").hidden = !waiting.size;
  unsent.querySelector("[data-unsent-count]").textContent = waiting.size ? `(${waiting.size})` : "";
  const lines = [...waiting].map(([ticket, { name }]) => {
    const line = document.createElement("li");
    line.textContent = personOf(ticket)?.[1] ?? name;
    return line;
  });
  unsent.querySelector("[data-unsent-list]").replaceChildren(...lines);
  remember();
}

// Says whether it has arrived; a refusal stays in sight.
async function post(ticket, { name, at }) {
  const form = document.importNode(template.content.querySelector("form"), true);
  form.elements.ticket.value = ticket;
  form.elements.tapped_at.value = at;
  const response = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-Requested-With": "fetch" },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!ANSWERED.includes(response.status)) return false;
  const detail = { html: await response.text(), unseen: "" };
  document.dispatchEvent(new CustomEvent("desk:late", { detail }));
  if (response.status !== 200) {
    const words = detail.unseen || name;
    unsent.querySelector("[data-refused]").append(paragraph("not-sent", words));
    return true;
  }
  const person = personOf(ticket);
  if (person) person[3] = "arrived";
  return true;
}

async function sendAll() {
  if (isSending) return;
  isSending = true;
  try {
    for (const [ticket, tap] of [...waiting]) {
      if (!(await post(ticket, tap))) break;
      waiting.delete(ticket);
      showWaiting();
    }
  } catch {
    // Still no signal.
  } finally {
    isSending = false;
  }
}

if (template) {
  recall();
  showWaiting();
  fetchList().then(showWaiting).then(sendAll);
  setInterval(fetchList, EVERY);
  window.addEventListener("online", () => { sendAll(); fetchList(); });
  document.addEventListener("desk:connected", sendAll);
  unsent.querySelector("[data-send]").addEventListener("click", sendAll);
  document.addEventListener("desk:unsent", (event) => {
    const form = event.target;
    if (form.dataset.tap === "search") show(new FormData(form).get("q"));
    else if (form.dataset.tap === "check-in") keep(form);
    else return;
    event.preventDefault();
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
}
