// Keeps the search box ready for the next person, and for a scanner that types.

const box = document.querySelector("[data-box]");
const remembered = document.querySelector("[data-remember]");
const session = document.querySelector("[data-session]");
// A keyboard on the screen would cover what was found.
const onScreen = matchMedia("(pointer: coarse)");

function ready() {
  box.focus();
  box.select();
}

// The choice stays on this device; where nothing may be kept it lasts as long as the page.
function recall() {
  try {
    remembered.checked = localStorage.getItem(remembered.dataset.remember) === "1";
  } catch {
    // Private windows of some browsers keep nothing.
  }
}

function remember() {
  try {
    localStorage.setItem(remembered.dataset.remember, remembered.checked ? "1" : "");
  } catch {
    // As above.
  }
}

if (box) {
  if (box.value) box.select();
  document.addEventListener("desk:answered", ({ detail }) => {
    if (!detail.arrived) return;
    if (!onScreen.matches) ready();
    else if (detail.isSearch) box.blur();
  });
  // What a scanner types goes into the box, wherever the last tap was.
  document.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 && event.key !== " ";
    if (!isText || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea") || document.querySelector("dialog[open]")) {
      return;
    }
    ready();
  });
}

if (remembered) {
  recall();
  remembered.addEventListener("change", () => {
    remember();
    box?.focus();
  });
}

if (session) {
  session.form.querySelector("button").hidden = true;
  session.addEventListener("change", () => session.form.requestSubmit());
}
