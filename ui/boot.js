// Starts the window. A file of its own: the page's policy allows no script inside the page.
import init from "./ui.js";

// Those that have a file in locales; English is for everyone else.
const LANGUAGES = ["en", "es", "fr", "sw", "ar"];

const here = (path) => new URL(path, import.meta.url);

try {
  // What was chosen on this computer, else what the system speaks.
  const chosen = new URLSearchParams(location.search).get("language");
  const asked = [chosen, navigator.language.split("-")[0]];
  const language = asked.find((tag) => LANGUAGES.includes(tag)) ?? "en";
  // Both are on their way at once; the window starts when both are here.
  const module = fetch(here("./ui_bg.wasm"));
  const texts = await fetch(here(`./locales/${language}.json`));
  globalThis.fieldchartTexts = await texts.json();
  document.documentElement.lang = language;
  for (const name of ["density", "theme"]) {
    document.documentElement.dataset[name] = localStorage.getItem(name) ?? "";
  }
  await init({ module_or_path: module });
} catch (error) {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  said.className = "shell";
  said.lang = "en";
  said.textContent = `Fieldchart's window could not start. Please start the app again. (${error})`;
  document.body.replaceChildren(said);
}
