// Starts the page.
import init from "./bare-page.js";

await init({ module_or_path: new URL("./bare-page_bg.wasm", import.meta.url) });
