// Wears a direction and a scheme of colours, and gives where each part lies: how far from the side
// at which its lines begin, how far from the top, how wide and how high.
const [direction, scheme] = arguments;
const html = document.documentElement;
html.dir = direction;
html.style.colorScheme = scheme;
const parts = "header, nav, main, section, dialog, aside, form, h1, h2, h3, button, input, select, textarea, [data-testid]";
const shape = [];
for (const part of document.querySelectorAll(parts)) {
  const box = part.getBoundingClientRect();
  if (!box.width || !box.height) continue;
  const from = direction === "rtl" ? innerWidth - box.right : box.left;
  const name = `${part.tagName.toLowerCase()} ${part.dataset.testid ?? part.id}`;
  shape.push({ name, from, top: box.top, width: box.width, height: box.height });
}
return shape;
