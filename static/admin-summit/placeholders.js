// A placeholder that is clicked is put where the cursor was last in a text.

const words = document.querySelectorAll("[data-placeholder]");
let last = null;

document.addEventListener("focusin", ({ target }) => {
  if (target.matches(".message-fields input[type=text], .message-fields textarea")) last = target;
});

for (const word of words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "placeholder";
  button.textContent = word.textContent;
  button.addEventListener("click", () => {
    const field = last ?? document.querySelector(".message-fields textarea");
    if (!field) return;
    field.setRangeText(word.textContent, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  word.replaceWith(button);
}
