// Watches a page for anything that runs, loads, leads away or complains because of a text. What it
// sees is in `probe.seen`, with the word that was being typed.
window.probe ??= (() => {
  const probe = { seen: [], word: "", asked: [] };
  const tell = (what, more) =>
    probe.seen.length < 50 && probe.seen.push(`${what}: ${String(more).slice(0, 160)} [${probe.word.slice(0, 80)}]`);

  // What ran says so here, or opens a dialog, or another page.
  Object.defineProperty(window, "__hit", { set: (value) => tell("something ran", value) });
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    window[name] = (said) => tell(name, said);
  }
  addEventListener("error", (event) => tell("error", event.message ?? event.target?.outerHTML), true);
  addEventListener("unhandledrejection", (event) => tell("unhandled", event.reason));
  addEventListener("securitypolicyviolation", (event) => tell("held back", event.blockedURI), true);
  addEventListener("beforeunload", () => tell("the page is left", location.href));
  const complain = console.error;
  console.error = (...said) => {
    tell("the console", said.join(" "));
    complain(...said);
  };

  // No text becomes an element that runs, loads or leads away, and no element gets a handler.
  const RUNS = "script, iframe, frame, object, embed, portal, base, meta, link, style, template, video, audio, "
    + "marquee, [srcdoc], [formaction], [action], img:not([src^='blob:'], [src^='/icons/']), image, use, animate, set, foreignObject, [style*=url]";
  const judge = (element) => {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) tell("a handler", element.outerHTML);
      if (/^\s*(javascript|vbscript|data):/i.test(value) && /href|src|action|data/i.test(name)) {
        tell("an address", element.outerHTML);
      }
    }
    if (element.matches(RUNS)) tell("an element", element.outerHTML);
  };
  const whole = (root) => [root, ...root.querySelectorAll("*")].forEach(judge);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") judge(change.target);
      change.addedNodes.forEach((node) => node.nodeType === Node.ELEMENT_NODE && whole(node));
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
  whole(document.body);

  // The questions to the core that are under way, by their names.
  const send = window.fetch;
  window.fetch = (...given) => {
    const question = /"name":"([a-z-]+)"/.exec(String(given[1]?.body))?.[1] ?? String(given[0]);
    probe.asked.push(question);
    const over = () => probe.asked.splice(probe.asked.indexOf(question), 1);
    const answer = send(...given);
    answer.then(over, over);
    return answer;
  };
  return probe;
})();
