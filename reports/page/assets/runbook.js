/* The runbook: families, in them promises, each drawn when it is opened. What is not green is open from the start. */
(() => {
  const { el, badge, words, urgency, quiet, plural, number, checks, cases } = seatrial;
  const AT_ONCE = 100; /* promises of a family that are drawn before the reader scrolls there */
  const NOTHING = "Nothing is like that. Escape shows all again.";
  const UNJUDGED = "Nothing was judged in this run.";
  const OPENED = 6; /* promises that are open from the start */
  const SEVERITIES = ["critical", "high", "low"];
  const families = new Map();
  let promises = [];
  let list;

  class Promised {
    constructor(check, number) {
      Object.assign(this, { check, number, cases: [], shown: [], stale: true });
    }

    get state() {
      return worst(this.shown.length ? this.shown : this.cases);
    }

    /* The row itself: made once, so that what the reader opened stays open. */
    row() {
      if (!this.element) this.make();
      this.refresh();
      return this.element;
    }

    make() {
      this.summary = el("summary", {});
      this.body = el("div", { class: "body" });
      this.element = el("details", { class: "promise", data: { check: this.check.check } }, this.summary, this.body);
      this.element.addEventListener("toggle", () => this.element.open && this.stale && this.draw());
    }

    refresh() {
      const { check, shown, state } = this;
      const severity = SEVERITIES.filter((name) => shown.some((one) => one.severity === name)).join(", ");
      this.element.dataset.state = state;
      this.summary.replaceChildren(
        badge(state), el("span", { class: "name" }, check.check), el("span", { class: "sentence" }, check.promise || ""),
        el("span", { class: "soft tally" }, [severity, (check.runbook || []).join(" "), tally(shown)].filter(Boolean).join(" · ")),
      );
      this.stale = true;
      if (this.element.open) this.draw();
    }

    draw() {
      this.stale = false;
      this.body.replaceChildren(seatrial.promise(this.check, this.shown, this.wanted));
    }

    open(wanted) {
      this.wanted = wanted;
      this.element.open = true;
      this.draw();
    }
  }

  /* How soon it wants a person: as the first screen sorts, by severity, then by outcome; what is quiet comes last. */
  function rank(some) {
    const weight = (one) => (quiet.has(one.outcome) ? 100 : SEVERITIES.indexOf(one.severity) * 10);
    return some.reduce((least, one) => Math.min(least, weight(one) + urgency.indexOf(one.outcome)), Infinity);
  }

  function worst(some) {
    const states = new Set(some.map((one) => one.outcome));
    return urgency.find((state) => states.has(state)) || "not-run";
  }

  function tally(shown) {
    if (shown.length === 1) return "";
    const counts = counted(shown);
    return urgency.filter((state) => counts[state]).map((state) => `${number(counts[state])} ${words[state]}`).join(", ");
  }

  function counted(some) {
    const counts = {};
    for (const one of some) counts[one.outcome] = (counts[one.outcome] || 0) + 1;
    return counts;
  }

  function gather() {
    promises = checks.map((check, number) => new Promised(check, number));
    cases.forEach((one) => promises[one.check].cases.push(one));
    for (const promise of promises) {
      const name = promise.check.family;
      if (!families.has(name)) families.set(name, { name, promises: [] });
      families.get(name).promises.push(promise);
    }
  }

  function frame(family) {
    family.title = el("summary", {});
    family.list = el("div", { class: "promises" });
    family.element = el("details", { class: "family" }, family.title, family.list);
    family.element.addEventListener("toggle", () => family.element.open && family.stale && fill(family));
    return family.element;
  }

  /* Most urgent first, otherwise as the runbook has them. */
  function show() {
    const sieve = seatrial.sieve();
    let [total, left] = [0, 0];
    for (const family of families.values()) {
      for (const promise of family.promises) promise.shown = promise.cases.filter(sieve);
      family.shown = family.promises.filter((promise) => promise.shown.length);
      for (const promise of family.shown) promise.rank = rank(promise.shown);
      family.shown.sort((one, other) => one.rank - other.rank || one.number - other.number);
      total += family.shown.reduce((sum, promise) => sum + promise.shown.length, 0);
      left += family.shown.length;
      retitle(family);
    }
    const order = arranged().filter((family) => family.shown.length).map((family) => family.element);
    list.replaceChildren(...order, ...(order.length ? [] : [el("p", { class: "note" }, cases.length ? NOTHING : UNJUDGED)]));
    return { total, left };
  }

  function retitle(family) {
    const counts = counted(family.shown.flatMap((promise) => promise.shown));
    const badges = urgency.filter((state) => counts[state]).map((state) => badge(state, counts[state]));
    family.title.replaceChildren(el("h3", {}, spelt(family.name)), el("span", { class: "badges" }, badges));
    const state = urgency.find((one) => counts[one]);
    family.element.dataset.state = state || "not-run";
    family.stale = true;
    const open = Boolean(state) && (!seatrial.state.empty || !quiet.has(state));
    if (family.element.open !== open) family.element.open = open;
    if (family.element.open) fill(family);
  }

  function spelt(name) {
    const text = name.replaceAll("_", " ");
    return text[0].toUpperCase() + text.slice(1);
  }

  /* Of a family in which something is not green, the rest comes when it is asked for. */
  function limit(family) {
    const loud = family.shown.filter((promise) => !quiet.has(promise.state)).length;
    return loud && !family.whole && seatrial.state.empty ? Math.min(loud, AT_ONCE) : AT_ONCE;
  }

  function fill(family, upto = limit(family)) {
    const rows = family.shown.slice(0, upto).map((promise) => promise.row());
    const rest = family.shown.length - rows.length;
    family.list.replaceChildren(...rows);
    [family.filled, family.stale] = [rows.length, false];
    if (rest > 0) family.list.append(more(family, rest));
  }

  function more(family, rest) {
    const others = quiet.has(family.shown[family.filled].state);
    const said = `${plural(rest, others ? "other promise" : "more promise")} of ${spelt(family.name)}`;
    const button = seatrial.button(said, () => grow(family), { class: "more" });
    if (others && !family.whole && seatrial.state.empty) return button;
    new IntersectionObserver((seen, watcher) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watcher.disconnect();
      grow(family);
    }, { rootMargin: "600px" }).observe(button);
    return button;
  }

  function grow(family) {
    family.whole = true;
    const button = family.list.querySelector(".more");
    const next = family.shown.slice(family.filled, family.filled + AT_ONCE * 2);
    button.replaceWith(...next.map((promise) => promise.row()));
    family.filled += next.length;
    const rest = family.shown.length - family.filled;
    if (rest > 0) family.list.append(more(family, rest));
  }

  /* The row of a promise on the page, its family opened. */
  function reveal(promise) {
    const family = families.get(promise.check.family);
    family.element.open = true;
    const place = family.shown.indexOf(promise);
    if (place < 0) return null;
    if (family.stale || place >= family.filled) fill(family, Math.max(limit(family), place + 1));
    return promise.element;
  }

  /* Families in which something is not green, the most urgent first; then the others, as the runbook has them. */
  function arranged() {
    const place = ({ shown: [first] }) => Math.min(first ? first.rank : 100, 100);
    return [...families.values()].sort((one, other) => place(one) - place(other));
  }

  function inOrder() {
    return arranged().flatMap((family) => family.shown);
  }

  function openFirst() {
    const loud = inOrder().filter((promise) => !quiet.has(promise.state));
    loud.slice(0, OPENED).forEach((promise) => promise.element?.setAttribute("open", ""));
  }

  seatrial.section("runbook", (live) => {
    gather();
    list = el("div", { class: "families" });
    live.append(seatrial.filters(cases, checks), list);
    families.forEach(frame);
    seatrial.on("drawn", openFirst);
    seatrial.on("filter", () => seatrial.counted(show()));
  });

  Object.assign(seatrial, {
    reveal, worst, spelt,
    promises: () => promises,
    inOrder,
  });
})();
