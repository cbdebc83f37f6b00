// A second click sends nothing more while the first is on its way. Seconds later it may: where a
// file was the answer, the page is still there. Meanwhile a form says what it has in
// data-while-sending.
const PAUSE = 3000;
const sentAt = new WeakMap();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (performance.now() - (sentAt.get(event.target) ?? -Infinity) < PAUSE) event.preventDefault();
  else sentAt.set(event.target, performance.now());
  say(event.target, true);
});
// Who comes back may send at once.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    sentAt.delete(form);
    say(form, false);
  }
});

function say(form, isSending) {
  for (const output of form.querySelectorAll("[data-while-sending]")) {
    output.textContent = isSending ? output.dataset.whileSending : "";
  }
}
