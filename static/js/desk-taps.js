// Sends the forms of the desk without leaving the page, and says of each tap whether it arrived.
//
// A form with data-tap is posted; the answer's elements with data-part take the place of
// those on the page. What does not arrive in time is marked on its own form and can be
// tapped again: the server counts it once. Words are data- attributes of [data-desk].
//
// What the list for the day can do without an answer it does: it hears of desk:unsent first.

const PATIENCE = 8000;
// A shorter wait needs no word.
const UNNOTICED = 300;
// After what did not arrive: nobody waits as long for each of the next.
const LITTLE_PATIENCE = 3000;
const ANSWERS = [200, 409, 422];
const desk = document.querySelector("[data-desk]");
const live = document.querySelector("[data-live]");
const working = document.querySelector("[data-working]");
let searching = null;
let isConnected = true;

function fieldsOf(form, submitter) {
  const fields = new URLSearchParams(new FormData(form));
  if (submitter?.name) fields.append(submitter.name, submitter.value);
  return fields;
}

function clear(form) {
  form.querySelector(".not-sent")?.remove();
  form.closest("[data-part]")?.classList.remove("is-not-sent");
}

function mark(form, words, link) {
  clear(form);
  const note = document.createElement("p");
  note.className = "not-sent";
  note.setAttribute("role", "alert");
  note.textContent = words;
  if (link) {
    const way = document.createElement("a");
    way.href = link.url;
    way.textContent = link.words;
    note.append(" ", way);
  }
  form.append(note);
  form.closest("[data-part]")?.classList.add("is-not-sent");
}

// The button of a long form is at its end, and what is wrong with it at its beginning.
function reveal(part) {
  part.querySelector("[aria-invalid=true]")?.focus();
  part.querySelector("[role=alert], .desk-card")?.scrollIntoView({ block: "nearest" });
}

// Returns what the answer says, where nothing on the page shows it.
function swap(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  let shown = false;
  for (const part of [...answer.body.querySelectorAll(":scope > [data-part]")]) {
    const name = CSS.escape(part.dataset.part);
    const old = document.querySelector(`[data-part="${name}"]`);
    if (!old) continue;
    const fresh = document.importNode(part, true);
    old.replaceWith(fresh);
    reveal(fresh);
    shown ||= part.dataset.part !== "counts";
  }
  const said = answer.querySelector("[data-said]")?.textContent.trim() ?? "";
  if (live) live.textContent = said;
  return shown ? "" : said;
}

async function post(form, submitter, signal) {
  const response = await fetch(form.action, {
    method: "POST",
    body: fieldsOf(form, submitter),
    headers: { "X-Requested-With": "fetch" },
    redirect: "manual",
    signal,
  });
  // The desk never leads elsewhere; the log-in does when it has ended.
  if (response.type === "opaqueredirect") return { status: 401 };
  return { status: response.status, html: await response.text() };
}

function show(form, { status, html }) {
  const words = desk.dataset;
  if (status === 401) mark(form, words.ended, { url: words.logInUrl, words: words.logIn });
  else if (status === 403) mark(form, words.refused, { url: location.href, words: words.reload });
  else if (!ANSWERS.includes(status)) mark(form, words.error);
  else {
    const unseen = swap(html);
    if (unseen) mark(form, unseen);
    return true;
  }
  return false;
}

async function send(form, submitter) {
  const isSearch = form.dataset.tap === "search";
  // A second tap while the first is under way is the same tap; a new search replaces the old.
  if (isSearch) searching?.abort("newer");
  else if (form.getAttribute("aria-busy") === "true") return;
  const control = new AbortController();
  if (isSearch) searching = control;
  const patience = isConnected ? PATIENCE : LITTLE_PATIENCE;
  const timer = setTimeout(() => control.abort("late"), patience);
  const word = setTimeout(() => {
    if (isSearch && working) working.textContent = working.dataset.working;
  }, UNNOTICED);
  clear(form);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await post(form, submitter, control.signal);
    // A gateway that stands before a site out of reach.
    if (answer.status >= 502) throw new Error(answer.status);
    isConnected = true;
    const arrived = show(form, answer);
    const detail = { isSearch, arrived };
    document.dispatchEvent(new CustomEvent("desk:answered", { detail }));
  } catch {
    if (control.signal.reason === "newer") return;
    isConnected = false;
    const detail = { fields: fieldsOf(form, submitter).toString() };
    const unsent = new CustomEvent("desk:unsent", { bubbles: true, cancelable: true, detail });
    if (form.dispatchEvent(unsent)) mark(form, desk.dataset.notSent);
  } finally {
    clearTimeout(timer);
    clearTimeout(word);
    if (!isSearch || searching === control) {
      form.removeAttribute("aria-busy");
      if (working) working.textContent = "";
    }
  }
}

// The answer to what the list for the day sent later.
document.addEventListener("desk:late", (event) => {
  event.detail.unseen = swap(event.detail.html);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-tap]")) return;
  event.preventDefault();
  send(form, event.submitter);
});
