// Measures in the page what a hand waits for: from a key that goes down to the frame that shows
// what it changed. What changes is the field that is typed into, the answer of the core when it
// comes, and all that is drawn. Two frames after a change it is on its way to the screen: the first
// draws it, the second begins when that is done.
window.gauge ??= (() => {
  // A key is measured to its first change (a letter in a field), or else to its last (an answer).
  const gauge = { first: false, keys: [], calls: [] };
  const twoFrames = (then) => requestAnimationFrame(() => requestAnimationFrame(then));

  const changed = () => {
    const key = gauge.keys.at(-1);
    if (!key || (gauge.first && key.changed !== null)) return;
    const now = performance.now();
    key.changed = now;
    twoFrames(() => {
      if (key.changed === now) key.painted = performance.now();
    });
  };

  const press = (event) => {
    const modifies = ["Shift", "Control", "Alt", "Meta"].includes(event.key);
    if (!event.isTrusted || event.repeat || modifies) return;
    gauge.keys.push({ down: performance.now(), changed: null, painted: null });
  };
  addEventListener("keydown", press, true);
  // The window hears it last, when the page's own listeners have done their work.
  addEventListener("input", changed);
  const seen = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(() => gauge.first || changed()).observe(document.body, seen);

  // Every question to the core passes here; what kind it is stands at its beginning.
  const send = window.fetch;
  window.fetch = (...given) => {
    const name = /"name":"([a-z-]+)"/.exec(String(given[1]?.body))?.[1] ?? "";
    const call = { name, begun: performance.now(), ended: null };
    gauge.calls.push(call);
    const over = () => {
      call.ended = performance.now();
      gauge.first || changed();
    };
    const answer = send(...given);
    answer.then(over, over);
    return answer;
  };

  gauge.begin = (first) => {
    gauge.first = first;
    gauge.keys = [];
    gauge.calls = gauge.calls.filter((call) => call.ended === null);
  };

  // Hands on the last key, once nothing has changed any more for so many milliseconds.
  gauge.rest = (quiet, done) => {
    const look = () => {
      const key = gauge.keys.at(-1);
      const busy = gauge.calls.some((call) => call.ended === null);
      if (key?.painted && !busy && performance.now() - key.changed > quiet) {
        const answers = gauge.calls.filter((call) => call.begun >= key.down);
        const answered = Math.max(0, ...answers.map((call) => call.ended - key.down));
        return done([key.changed - key.down, key.painted - key.down, answered]);
      }
      setTimeout(look, 15);
    };
    look();
  };

  // How the last key met a question of this name, the nth that was put after the key before it: it
  // came before it was put, while it was under way, or after its answer.
  gauge.met = (name, nth) => {
    const [before, key] = gauge.keys.slice(-2);
    const isBetween = (call) => before?.down < call.begun && call.begun < key?.down;
    const call = gauge.calls.filter((call) => call.name === name && isBetween(call))[nth];
    if (!call) return "before";
    return (call.ended ?? Infinity) > key.down ? "during" : "after";
  };

  // All keys that were painted: when they were changed and painted, and whether a question of this
  // name was under way meanwhile.
  gauge.during = (name) => {
    const meets = (key, call) => call.begun < key.painted && (call.ended ?? Infinity) > key.down;
    const calls = gauge.calls.filter((call) => call.name === name);
    return gauge.keys
      .filter((key) => key.painted)
      .map((key) => [
        key.changed - key.down, key.painted - key.down, 0, calls.some((call) => meets(key, call)),
      ]);
  };
  return gauge;
})();
