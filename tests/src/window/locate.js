// Sets `found` to the first element that is seen, enabled, matches the selector and bears the
// name: exactly, or else one whose name begins with it. With `near`, it must lie in the smallest
// part of the page whose text contains that.
const [selector, wanted, near] = arguments;

// Without the marks that say from which side a part is read.
const clean = (text) =>
  (text ?? "").replace(/[\u200e\u200f\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();

const isSeen = (element) => {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return box.width > 0 && box.height > 0 && style.visibility !== "hidden";
};

const byIds = (ids) =>
  ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");

const nameOf = (element) => {
  const labelledBy = element.getAttribute("aria-labelledby");
  if (labelledBy) return clean(byIds(labelledBy));
  const label = element.getAttribute("aria-label");
  if (label) return clean(label);
  if (element.labels?.length) {
    return clean([...element.labels].map((label) => label.textContent).join(" "));
  }
  return clean(element.textContent || element.value || element.title);
};

const candidates = (root) =>
  [...root.querySelectorAll(selector)].filter(
    // A radio button may be drawn by its label, and then has no size of its own.
    (element) => !element.disabled && (isSeen(element) || [...(element.labels ?? [])].some(isSeen)),
  );

const pick = (root) => {
  const all = candidates(root);
  return (
    all.find((element) => nameOf(element) === wanted) ??
    all.find((element) => nameOf(element).startsWith(wanted)) ??
    null
  );
};

const pickNear = () => {
  const says = (element) => clean(element.textContent).includes(clean(near));
  const parts = [...document.querySelectorAll("body *")].filter(says);
  // Smallest first: a part comes after all that contain it.
  for (const part of parts.reverse()) {
    const element = pick(part);
    if (element) return element;
  }
  return null;
};

const found = near ? pickNear() : pick(document);
// Whoever presses it has scrolled to it. The driver scrolls the window alone: what a part of the
// page that scrolls by itself hides, and the window has room for, it would leave covered.
found?.scrollIntoView({ block: "nearest", inline: "nearest" });
