// The page as a screen reader is told of it: role, name and state of each thing that has one, what
// lies in it further in. Dates and times of the day of the test have a name instead.
const NAMED_BY_CONTENT = new Set(["button", "link", "heading", "tab", "option", "cell", "columnheader",
  "rowheader", "listitem", "status", "alert", "menuitem", "term", "definition"]);
const LINES = { text: "textbox", search: "searchbox", email: "textbox", tel: "textbox", password: "textbox",
  checkbox: "checkbox", radio: "radio", submit: "button", button: "button", number: "spinbutton" };
const ROLES = { BUTTON: "button", TEXTAREA: "textbox", NAV: "navigation", MAIN: "main", ASIDE: "complementary",
  UL: "list", OL: "list", LI: "listitem", TABLE: "table", TR: "row", TD: "cell", IMG: "img", FIELDSET: "group",
  DETAILS: "group", SUMMARY: "button", DIALOG: "dialog", SELECT: "combobox", DT: "term", DD: "definition" };

const clean = (text) => (text ?? "").replace(/[\u2066-\u2069\u200e\u200f]/g, "").replace(/\s+/g, " ").trim();
const told = (text) => clean(text)
  .replace(/\d{2}-[A-Z][a-z]{2}-\d{4}(, \d{2}:\d{2})?/g, (found) => (found.includes("1980") ? found : "DATE"))
  .replace(/\b\d{2}:\d{2}\b/g, "TIME")
  .replace(/\b\d+ (min|minutes?)\b/g, "A WHILE")
  .replace(/^(Synced TIME|Syncing.*|Connect.*)$/, "HOW THE SYNC STANDS")
  .replace(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3,}\b/g, "CODE")
  .replace(/\b127\.0\.0\.1:\d+/g, "SERVER")
  .replace(/sha256:[0-9a-f]+/g, "PIN")
  .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "ID");

const byIds = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" ");
// What is said of an element: also what only those who listen hear, without what nobody is told.
const content = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (node.nodeType !== Node.ELEMENT_NODE || isSilent(node)) return "";
  if (node.tagName === "IMG") return node.alt;
  return [...node.childNodes].map(content).join(" ");
};
const isSilent = (element) => {
  if (element.getAttribute("aria-hidden") === "true" || element.hidden) return true;
  const style = getComputedStyle(element);
  return style.display === "none" || style.visibility === "hidden";
};

const roleOf = (element) => {
  const given = element.getAttribute("role");
  if (given) return given;
  const tag = element.tagName;
  if (/^H[1-6]$/.test(tag)) return "heading";
  if (tag === "A") return element.hasAttribute("href") ? "link" : null;
  if (tag === "INPUT") return LINES[element.type] ?? "textbox";
  if (tag === "TH") return element.scope === "row" ? "rowheader" : "columnheader";
  if (tag === "HEADER") return element.closest("main, section, article") ? null : "banner";
  if (tag === "SECTION") return hasName(element) ? "region" : null;
  if (tag === "FORM") return hasName(element) ? "form" : null;
  return ROLES[tag] ?? null;
};
const hasName = (element) => element.hasAttribute("aria-label") || element.hasAttribute("aria-labelledby");
const nameOf = (element, role) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return byIds(by);
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  if (element.labels?.length) return [...element.labels].map(content).join(" ");
  if (element.tagName === "IMG") return element.alt;
  if (element.tagName === "FIELDSET") return element.querySelector("legend")?.textContent;
  if (element.tagName === "DETAILS") return content(element.querySelector("summary") ?? element);
  // A list's items are told by what is in them.
  if (role === "listitem" && element.querySelector("button, a, input, h3")) return "";
  if (/cell|header/.test(role) && element.querySelector("button, form")) return "";
  return NAMED_BY_CONTENT.has(role) ? content(element) : "";
};
const stateOf = (element, role) => {
  const states = [];
  if (role === "heading") states.push(`level ${element.tagName.at(1)}`);
  for (const state of ["expanded", "pressed", "selected", "checked", "current", "invalid", "disabled", "modal"]) {
    const value = element.getAttribute(`aria-${state}`);
    if (value && value !== "false") states.push(value === "true" ? state : `${state} ${value}`);
  }
  if (element.checked) states.push("checked");
  if (element.disabled) states.push("disabled");
  if (element === document.activeElement) states.push("focused");
  const more = element.getAttribute("aria-describedby");
  if (more) states.push(`described as "${told(byIds(more))}"`);
  return states.map((state) => ` (${state})`).join("");
};

const lines = [];
const walk = (element, depth) => {
  if (isSilent(element) || element.tagName === "OPTION") return;
  const role = roleOf(element);
  const isTold = role && !["none", "presentation"].includes(role);
  const name = isTold ? told(nameOf(element, role)) : "";
  // What waits to say something says nothing yet.
  const isMute = ["status", "alert"].includes(role) && !name;
  if (isTold && !isMute) {
    lines.push(`${"  ".repeat(depth)}${role}${name && ` "${name}"`}${stateOf(element, role)}`);
  }
  const further = isTold && !isMute ? depth + 1 : depth;
  [...element.children].forEach((child) => walk(child, further));
};
[...document.body.children].forEach((child) => walk(child, 0));
return lines.join("\n");
