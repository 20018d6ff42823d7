/* The keyboard, and the way to a case whose name stands in the address. */
(() => {
  const { el, quiet } = seatrial;
  const KEYS = [
    ["/", "search"], ["j", "next promise that is not green"], ["k", "the one before"], ["Enter", "open or close it"],
    ["t", "light or dark"], ["w", "wall: the first screen only"], ["Escape", "close, show all again"], ["?", "these keys"],
  ];
  let at = null;
  let dialog;

  function visit(promise, wanted) {
    const row = seatrial.reveal(promise);
    if (!row) return;
    at = promise;
    if (wanted !== undefined) promise.open(wanted);
    const place = (wanted && [...row.querySelectorAll("[data-case]")].find((one) => one.dataset.case === wanted)) || row;
    place.scrollIntoView({ block: place === row ? "nearest" : "start" });
    (place === row ? row.querySelector("summary") : place).focus({ preventScroll: true });
  }

  /* The case or check of the address; a filter that hides it is given up. */
  function go(where) {
    const promise = named(where);
    if (!promise) {
      if (where !== "wall") document.getElementById(where)?.scrollIntoView();
      return;
    }
    const known = promise.cases.find((one) => one.id === where);
    if (!promise.shown.length || (known && !promise.shown.includes(known))) {
      seatrial.filter({});
      seatrial.state.target = where;
      history.replaceState(null, "", seatrial.address());
    }
    visit(promise, known ? where : "");
  }

  function named(where) {
    const check = where.replace(/\[[\s\S]*$/, "");
    return seatrial.promises().find((promise) => promise.check.check === where || promise.cases.some((one) => one.id === where))
      || seatrial.promises().find((promise) => promise.check.check === check);
  }

  function step(by) {
    const order = seatrial.inOrder().filter((promise) => !quiet.has(promise.state));
    if (!order.length) {
      seatrial.say("Nothing here is other than green");
      return;
    }
    const now = order.indexOf(at);
    const next = now < 0 ? (by > 0 ? 0 : order.length - 1) : (now + by + order.length) % order.length;
    visit(order[next]);
  }

  function help() {
    dialog ||= document.body.appendChild(el("dialog", { class: "keys", "aria-labelledby": "keys-title" },
      el("h2", { id: "keys-title" }, "Keys"),
      el("dl", {}, KEYS.map(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)])),
      el("form", { method: "dialog" }, el("button", { type: "button", onclick: () => dialog.close() }, "Close"))));
    dialog.showModal();
  }

  function escape() {
    if (document.activeElement?.id === "search") document.activeElement.blur();
    if (seatrial.state.target === "wall" || !seatrial.state.empty) seatrial.filter({});
  }

  const DOES = {
    "/": () => { const field = document.getElementById("search"); field.scrollIntoView({ block: "center" }); field.focus(); field.select(); },
    j: () => step(1),
    k: () => step(-1),
    t: () => seatrial.turn(),
    w: () => (seatrial.state.target === "wall" ? seatrial.filter({}) : seatrial.go("wall")),
    "?": help,
    Escape: escape,
  };

  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable], dialog");
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(event.key in DOES)) return;
    if (typing(event.target) && !(event.key === "Escape" && event.target.id === "search")) return;
    event.preventDefault();
    DOES[event.key]();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || link.getAttribute("href") !== location.hash) return;
    event.preventDefault(); /* the address stays as it is, so the browser would say nothing */
    seatrial.emit("go", seatrial.state.target);
  });
  seatrial.on("start", () => document.getElementById("keys-open").addEventListener("click", help));
  seatrial.on("go", go);
})();
