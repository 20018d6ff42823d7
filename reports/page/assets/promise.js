/* One promise, opened: what each case came to, what was seen, who is affected, what to do next. */
(() => {
  const { el, badge, signs, urgency, quiet, moment, instant, plural, number, duration, button, some, copyable } = seatrial;
  const CHIPS = 200;
  const TOLD = 25; /* cases that are told in full before the reader asks for more */
  const SUBJECTS = 20;
  const LONGEST = 1500; /* characters of a message */

  seatrial.promise = (check, shown, wanted) => {
    const told = shown.filter((one) => !quiet.has(one.outcome) || one.outcome === "waived" || one.id === wanted || one.unsteady);
    const place = (one) => (one.id === wanted ? -1 : urgency.indexOf(one.outcome));
    told.sort((one, other) => place(one) - place(other));
    return el("div", {},
      shown.length > 1 || shown[0].id !== check.check ? chips(check, shown, wanted) : null,
      some(told, TOLD, (one) => story(check, one, one.id === wanted)),
      told.length ? null : standing(shown),
      told.length && told.every((one) => one.texts) ? null : guide(check, shown.some((one) => one.outcome === "violated")),
      check.file ? el("p", { class: "soft" }, "Judged by ", el("code", {}, check.file)) : null);
  };

  function chips(check, shown, wanted) {
    const draw = (one) => el("li", {}, chip(check, one, one.id === wanted));
    return el("ul", { class: "chips", "aria-label": "Cases" }, some(shown, CHIPS, draw, (more) => el("li", {}, more)));
  }

  function chip(check, one, current) {
    const sign = el("span", { class: "sign", "aria-hidden": "true" }, signs[one.outcome]);
    const word = el("span", { class: "unseen" }, `${seatrial.words[one.outcome]} `);
    const attributes = { class: "chip badge", data: { state: one.outcome }, "aria-current": current ? "true" : null };
    return button([sign, word, caseName(check, one)], () => seatrial.go(one.id), attributes);
  }

  function caseName(check, one) {
    return one.id.startsWith(`${check.check}[`) ? one.id.slice(check.check.length + 1, -1) : one.id;
  }

  function story(check, one, wanted) {
    return el("article", { class: "case", data: { state: one.outcome, case: one.id }, tabindex: wanted ? "-1" : null },
      el("h4", {}, badge(one.outcome), " ", one.id, " ", el("span", { class: "soft" }, one.severity), changed(one)),
      one.message ? message(one.message) : null,
      el("p", { class: "soft" }, history(one)),
      note(one), waiver(one), subjects(one),
      one.evidence ? el("details", { class: "seen" }, el("summary", {}, "What was seen"), seatrial.evidence(one.evidence)) : null,
      one.texts ? guide({ ...check, ...one.texts, check: one.id }, one.outcome === "violated") : null);
  }

  /* A message of somebody else's making can be a megabyte. */
  function message(text) {
    if (text.length <= LONGEST) return el("p", { class: "message" }, text);
    const place = el("p", { class: "message" }, `${text.slice(0, LONGEST)}… `, button("All of it", all));
    function all() {
      place.replaceChildren(text);
      seatrial.arrive(place);
    }
    return place;
  }

  function changed(one) {
    const kinds = { new: "newly violated", still: "still violated", unseen: "no longer seen", seen: "seen again", mended: "mended", waived: "violated before, now waived", unasked: "violated before, no longer looked for" };
    const said = kinds[one.change];
    return said ? el("span", { class: "change" }, ` · ${said}`) : null;
  }

  /* When this began and when it was last well: what somebody asks who did not stand by. */
  function history(one) {
    const said = [];
    if (one.since && one.was === one.outcome) said.push(["since ", since(one.since)]);
    else if (one.was) said.push([`before this run: ${seatrial.words[one.was] || one.was} since `, since(one.was_since)]);
    if (one.outcome !== "verified" && one.verified) said.push(["last verified ", moment(one.verified)]);
    if (one.ms) said.push([`looked for ${duration(one.ms)}`]);
    if (one.attempts) said.push([plural(one.attempts, "attempt")]);
    return said.flatMap((parts, at) => (at ? [" · ", ...parts] : parts));
  }

  function since(text) {
    return el("time", { datetime: text }, `${instant(text)} (${seatrial.ago(text)})`);
  }

  const NOTES = {
    crashed: "A fault of the suite itself: it says nothing about the application.",
    missing: "Expected in this lane, but it reached no verdict.",
    blind: "Not looked at is not well: nothing is known about it.",
    "not-run": "Not run in this run.",
  };

  function note(one) {
    const unsteady = one.unsteady ? `Unsteady: verified, but only after ${plural(one.attempts || 2, "attempt")}.` : NOTES[one.outcome];
    return unsteady ? el("p", { class: "note" }, unsteady) : null;
  }

  function waiver(one) {
    if (!one.waiver) return null;
    const { subjects, reason, until } = one.waiver;
    const whom = el("span", { class: "soft" }, ` (${subjects.slice(0, SUBJECTS).join(", ")})`);
    return el("p", { class: "waiver", data: { state: "waived" } }, one.outcome === "waived" ? "Accepted" : badge("waived"), ` until ${until}: ${reason}`, whom);
  }

  function subjects(one) {
    const names = one.subjects || [];
    if (!names.length) return null;
    const item = (name) => el("li", {}, el("code", {}, name));
    const list = el("ul", { class: "subjects" }, some(names, SUBJECTS, item, (more) => el("li", {}, more)));
    if (one.more) list.append(el("li", { class: "note" }, `and ${number(one.more)} that verdicts.json has`));
    return el("div", {}, el("h5", {}, `Affected: ${number(names.length + (one.more || 0))}`), list);
  }

  /* All is quiet, or was not run: when it last was looked at. */
  function standing(shown) {
    const [first] = shown;
    const state = seatrial.worst(shown);
    if (state === "not-run") return el("p", { class: "note" }, "Not run in this run. ", before(first));
    if (state === "inapplicable") return el("p", { class: "note" }, `Declared as not applicable: ${first.message || ""}`);
    return el("p", { class: "soft" }, "Verified ", moment(seatrial.run.started), ` (${instant(seatrial.run.started)})`, seen(shown));
  }

  function before(one) {
    if (!one.was) return "Nothing is known of it.";
    const verified = one.verified ? [", last verified ", moment(one.verified)] : null;
    return ["Before this run: ", badge(one.was), " since ", since(one.was_since), verified];
  }

  function seen(shown) {
    const counts = shown.map((one) => one.evidence?.looked_at).filter(Boolean)[0];
    return counts ? `, having looked at ${Object.entries(counts).map(([name, count]) => `${number(count)} of ${name}`).join(", ")}` : "";
  }

  function guide(check, urgent) {
    const text = (name) => (name === "means" ? check.means : copyable(check[name], `${name} ${check.check}`));
    const step = (name) => [el("dt", {}, name[0].toUpperCase() + name.slice(1)), el("dd", {}, text(name))];
    const steps = el("dl", { class: "guide" }, ["means", "contain", "fix", "confirm"].filter((name) => check[name]).map(step));
    return urgent ? steps : el("details", { class: "seen" }, el("summary", {}, "If it breaks"), steps);
  }
})();
