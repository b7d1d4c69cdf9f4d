// Gives a bare page a field, and so many lines that say what is in it, so many milliseconds after each
// letter: as when an answer comes.
const [lines, after] = arguments;
const field = document.createElement("textarea");
const list = document.createElement("ul");
document.querySelector("main").replaceChildren(field, list);
field.addEventListener("input", () => {
  const line = (at) => {
    const item = document.createElement("li");
    item.textContent = `${at}: ${field.value}`;
    return item;
  };
  if (!lines) return;
  setTimeout(() => {
    list.replaceChildren(...Array.from({ length: lines }, (_, at) => line(at)));
  }, after);
});
field.focus();
