/* Filters: what can be chosen, how many cases each choice has beside what else is chosen, and the free text. */
(() => {
  const { el, button, signs, words, urgency, number, plural, cases, checks } = seatrial;
  const NAMES = { outcome: "Outcome", severity: "Severity", family: "Family", lane: "Lane", runbook: "Runbook", change: "Change" };
  const ORDER = { outcome: urgency, severity: ["critical", "high", "low"], change: ["new", "still", "unseen", "waived", "unasked", "mended", "seen"] };
  const OPEN = new Set(["outcome", "severity"]);
  const AT_ONCE = 40; /* choices of a facet */
  const places = new Map();
  let field;
  let told;

  const VALUES = {
    outcome: (one) => [one.outcome, ...(one.unsteady ? ["unsteady"] : [])],
    severity: (one) => [one.severity],
    family: (one) => [checks[one.check].family],
    lane: (one) => one.lanes || [],
    runbook: (one) => one.runbook || [],
    change: (one) => (one.change ? [one.change] : []),
  };

  /* What a case says about itself, in lower case; made when the reader first searches. */
  function words_of(one) {
    const check = checks[one.check];
    const { subjects = [], runbook = [] } = one;
    const texts = [one.id, check.promise, check.means, one.message, check.family, ...subjects, ...runbook];
    one.haystack ??= texts.join("\n").toLowerCase();
    return one.haystack;
  }

  function fits(one, facet, chosen) {
    return !chosen[facet].size || VALUES[facet](one).some((value) => chosen[facet].has(value));
  }

  function sieve() {
    const { chosen, facets } = seatrial.state;
    const used = facets.filter((facet) => chosen[facet].size);
    const parts = seatrial.state.text.toLowerCase().split(/\s+/).filter(Boolean);
    return (one) => used.every((facet) => fits(one, facet, chosen)) && parts.every((part) => words_of(one).includes(part));
  }

  /* Facet -> value -> how many cases it has beside what is chosen elsewhere. */
  function tallies() {
    const { chosen, facets } = seatrial.state;
    const parts = seatrial.state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const tally = Object.fromEntries(facets.map((facet) => [facet, new Map()]));
    for (const one of cases) {
      if (!parts.every((part) => words_of(one).includes(part))) continue;
      const misfits = facets.filter((facet) => !fits(one, facet, chosen));
      if (misfits.length > 1) continue;
      for (const facet of misfits.length ? misfits : facets) {
        for (const value of VALUES[facet](one)) tally[facet].set(value, (tally[facet].get(value) || 0) + 1);
      }
    }
    return tally;
  }

  function filters() {
    const placeholder = "name, message, subject …";
    field = el("input", { type: "search", id: "search", placeholder, autocomplete: "off", spellcheck: "false" });
    let waiting;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => seatrial.search(field.value), 120);
    });
    told = el("p", { class: "told", role: "status" });
    const clear = button("Show all", () => seatrial.filter({}), { class: "clear" });
    const bar = el("div", { class: "bar" }, el("label", { for: "search" }, "Search"), field, clear, told);
    const facets = el("div", { class: "facets" }, seatrial.state.facets.map(facet));
    return el("div", { class: "filters", role: "search", "aria-label": "Filter the runbook" }, bar, facets);
  }

  function facet(name) {
    const place = el("div", { class: "choices", role: "group", "aria-label": NAMES[name] });
    const always = OPEN.has(name);
    const title = el(always ? "span" : "summary", { class: "facet-name" }, NAMES[name]);
    const holder = el(always ? "div" : "details", { class: "facet" }, title, place);
    places.set(name, { place, holder });
    return holder;
  }

  function refresh() {
    const tally = tallies();
    for (const [name, { place, holder }] of places) {
      const values = sorted(name, new Set([...tally[name].keys(), ...seatrial.state.chosen[name]]));
      holder.hidden = !values.length;
      const focused = place.contains(document.activeElement) ? document.activeElement.dataset.value : null;
      const limit = place.dataset.all ? Infinity : AT_ONCE;
      place.replaceChildren(...values.slice(0, limit).map((value) => choice(name, value, tally[name].get(value) || 0)));
      if (values.length > limit) place.append(button(`${number(values.length - limit)} more`, () => whole(place)));
      if (focused !== null) [...place.children].find((button) => button.dataset.value === focused)?.focus();
    }
    if (document.activeElement !== field) field.value = seatrial.state.text;
  }

  function whole(place) {
    place.dataset.all = "yes";
    refresh();
  }

  function sorted(name, values) {
    const order = ORDER[name];
    const rank = (value) => (order && order.includes(value) ? order.indexOf(value) : 99);
    return [...values].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other, "en", { numeric: true }));
  }

  function choice(name, value, count) {
    const pressed = seatrial.state.chosen[name].has(value);
    const sign = name === "outcome" && signs[value] ? el("span", { class: "sign", "aria-hidden": "true" }, `${signs[value]} `) : null;
    const text = [sign, words[value] || value.replaceAll("_", " "), el("span", { class: "count" }, ` ${number(count)}`)];
    const data = { value, facet: name, ...(sign ? { state: value } : {}) };
    return button(text, () => seatrial.toggle(name, value), { class: "choice", data, "aria-pressed": String(pressed) });
  }

  function counted({ total, left }) {
    const all = seatrial.state.empty ? "" : ` of ${number(cases.length)}`;
    told.textContent = `${plural(total, "case")}${all} in ${plural(left, "promise")}`;
    refresh();
  }

  Object.assign(seatrial, { filters, sieve, counted });
})();
