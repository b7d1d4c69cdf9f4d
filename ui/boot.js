// Starts the window. A file of its own: the page's policy allows no script inside the page.
import init from "./ui.js";

try {
  await init({ module_or_path: new URL("./ui_bg.wasm", import.meta.url) });
} catch (error) {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  said.textContent = `Fieldchart's window could not start. Please start the app again. (${error})`;
  document.body.replaceChildren(said);
}
