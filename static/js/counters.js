// Says under a long text how many characters it has, of how many: data-most.
for (const text of document.querySelectorAll("[data-most]")) {
  const most = Number(text.dataset.most);
  const count = document.createElement("p");
  count.className = "field-count";
  const say = () => {
    const length = text.value.length;
    count.textContent = `${length} / ${most}`;
    count.classList.toggle("is-over", length > most);
  };
  text.addEventListener("input", say);
  text.after(count);
  say();
}
