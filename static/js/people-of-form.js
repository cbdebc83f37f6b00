// Adds a person to the form and takes one out without leaving the page: the server writes the
// form anew from what was typed, and this shows it. Without it the same buttons load the page.
const form = document.getElementById("registration");
// A region that was there before is read out; what is new with its words is not.
const said = form && announcer();

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!["more", "fewer"].includes(button?.name)) return;
  event.preventDefault();
  // The next press counts people anew.
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("registration");
    if (!fresh) throw new Error("no form");
    show(fresh);
  } catch {
    // The page itself says what is wrong.
    const asked = Object.assign(document.createElement("input"), {
      type: "hidden", name: button.name, value: button.value,
    });
    form.append(asked);
    form.submit();
  } finally {
    form.removeAttribute("aria-busy");
  }
});

function show(fresh) {
  form.replaceChildren(...document.adoptNode(fresh).childNodes);
  form.querySelector("[autofocus]")?.focus();
  const status = form.querySelector("[data-said]");
  said.textContent = status?.textContent.trim() ?? "";
  status?.remove();
}

function announcer() {
  const region = document.createElement("p");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  form.before(region);
  return region;
}
