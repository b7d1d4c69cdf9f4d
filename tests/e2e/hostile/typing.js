// Types every word into every text field of the page that a selector finds, each round another word
// into each. At the end there stands what is to be kept, else a word of markup; then each form is
// sent. Hands on which fields there were, what stood in them, how many words were typed, and what
// the probe saw. In haste the page draws itself anew once for a dozen words.
const [text, selector, keep, turn, sends, hasty, done] = arguments;

const words = JSON.parse(text).map((word) =>
  typeof word === "string" ? word : word[0].repeat(word[1]));
const shown = words.filter((word) => /^[<"'][^\0]*>$/.test(word) && word.length < 90);

const TEXTS = "input:not([type=checkbox], [type=radio], [type=submit], [type=button], [type=file]), "
  + "textarea, [contenteditable]";
const fields = () => [...document.querySelectorAll(selector)].filter((field) =>
  field.matches(TEXTS) && !field.disabled && !field.readOnly);
const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const nameOf = (field) => (field.id || field.name || field.tagName).replace(ID, "ID");

const put = (field, word) => {
  if (field.isContentEditable) field.textContent = word;
  else field.value = word;
  const told = { bubbles: true, inputType: "insertText", data: word };
  field.dispatchEvent(new InputEvent("input", told));
};
// What the page does by itself when a text changes is done.
const redrawn = async () => {
  for (let turn = 0; turn < 6; turn += 1) await null;
};
// So are the answers that have come meanwhile.
const next = () => new Promise((go) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = go;
  port2.postMessage(0);
});
const drawn = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
const PATIENCE_MS = 20000;
const calm = async () => {
  const begun = performance.now();
  for (let quiet = 0; quiet < 3; ) {
    await drawn();
    quiet = probe.asked.length === 0 ? quiet + 1 : 0;
    if (performance.now() - begun > PATIENCE_MS) throw new Error(`waits for ${probe.asked}`);
  }
};

const all = async () => {
  document.querySelectorAll("details").forEach((part) => { part.open = true; });
  await drawn();
  const met = new Set();
  const took = [performance.now()];
  for (let round = 0; round < words.length; round += 1) {
    fields().forEach((field, at) => {
      met.add(nameOf(field));
      // Which word stands where differs, so that the last one does too.
      probe.word = words[(round + at * 7 + turn) % words.length];
      put(field, probe.word);
    });
    if (!hasty) await redrawn();
    if (round % 12 === 11) await next();
    if (round % 120 === 119) await drawn();
  }
  took.push(performance.now());
  const stands = {};
  for (const [at, field] of fields().entries()) {
    const name = nameOf(field);
    field.focus();
    put(field, keep[name] ?? shown[(at * 7 + turn) % shown.length]);
    // A line has dropped what is none.
    stands[name] = field.isContentEditable ? field.textContent : field.value;
    probe.word = "what was typed last";
  }
  await calm();
  took.push(performance.now());
  for (const send of sends ? document.querySelectorAll("form [type=submit]") : []) {
    if (send.isConnected) send.click();
    await calm();
  }
  took.push(performance.now());
  return { met: [...met].sort(), stands, took, words: new Set(words).size, seen: probe.seen };
};
all().then(done, (error) => done({ failed: String(error?.stack ?? error) }));
