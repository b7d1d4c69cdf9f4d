// The accessibility tree of the page as text: role, name and state of what has one, after the HTML
// Accessibility API Mappings for the elements this window is made of. Clocks and ages are named.
const ROLES = {
  A: "link", ASIDE: "complementary", BUTTON: "button", DETAILS: "group", DIALOG: "dialog",
  FIELDSET: "group", H1: "heading 1", H2: "heading 2", H3: "heading 3", H4: "heading 4",
  HEADER: "banner", LI: "listitem", MAIN: "main", NAV: "navigation", OL: "list", SELECT: "combobox",
  SUMMARY: "summary", TABLE: "table", TD: "cell", TEXTAREA: "textbox", TH: "header", TR: "row",
  UL: "list",
};
const INPUTS = { checkbox: "checkbox", radio: "radio", password: "password" };
const ofText = ["A", "BUTTON", "H1", "H2", "H3", "H4", "SUMMARY", "TD", "TH"];

const clean = (text) =>
  (text ?? "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\b\d{1,2}:\d{2}\b/g, "<clock>")
    .replace(/\b\d{1,2}-[A-Z][a-z]{2}-\d{4}\b/g, "<day>")
    .replace(/\b\d+ (y|m|w|d|min|h)\b/g, "<age>");

const roleOf = (element) => {
  const said = element.getAttribute("role");
  if (said) return said;
  if (element.tagName === "IMG") return element.alt ? "image" : "";
  if (element.tagName === "INPUT") return INPUTS[element.type] ?? "textbox";
  const inPage = element.tagName === "HEADER" && element.closest("main, section, article, aside, form");
  const named = element.hasAttribute("aria-labelledby") || element.hasAttribute("aria-label");
  if (element.tagName === "SECTION" || element.tagName === "FORM") return named ? "region" : "";
  return inPage ? "" : (ROLES[element.tagName] ?? "");
};

const nameOf = (element) => {
  const ids = element.getAttribute("aria-labelledby");
  if (ids) return ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const label = element.getAttribute("aria-label");
  if (label) return label;
  if (element.alt) return element.alt;
  if (element.labels?.length) return [...element.labels].map((it) => it.textContent).join(" ");
  return ofText.includes(element.tagName) || element.getAttribute("role") ? element.innerText : "";
};

const stateOf = (element) => {
  const said = ["expanded", "pressed", "selected", "current", "invalid", "disabled", "busy"]
    .filter((name) => element.hasAttribute(`aria-${name}`))
    .map((name) => `${name}=${element.getAttribute(`aria-${name}`)}`);
  if (element.checked) said.push("checked");
  if (element.disabled) said.push("disabled");
  return said.map((word) => ` [${word}]`).join("");
};

const lines = [];
const walk = (node, depth) => {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = clean(node.textContent);
    if (text) lines.push(`${"  ".repeat(depth)}${text}`);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return;
  const style = getComputedStyle(node);
  if (style.display === "none" || style.visibility === "hidden") return;
  if (node.tagName === "LABEL" && node.control) {
    // What labels something is its name, and is heard with it: also where it lies around it.
    if (node.contains(node.control)) walk(node.control, depth);
    return;
  }
  const role = roleOf(node);
  if (role) {
    // Whether an exchange goes on just now is no matter of the screen.
    const isChip = node.closest("[data-testid=sync-chip]") !== null;
    const name = isChip ? "<how the sync stands>" : clean(nameOf(node));
    lines.push(`${"  ".repeat(depth)}${role}${name ? ` "${name}"` : ""}${stateOf(node)}`);
  }
  const isSaid = ofText.includes(node.tagName) || ["SELECT", "TEXTAREA", "INPUT", "svg"].includes(node.tagName);
  if (isSaid) return;
  for (const child of node.childNodes) walk(child, role ? depth + 1 : depth);
};
walk(document.body, 0);
return lines.join("\n");
