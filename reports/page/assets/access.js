/* Tables x people: four letters a cell, each with whose rows it reaches. */
seatrial.section("access", (live, slice, { el, plural, number, say, charts }) => {
  const LETTERS = ["S", "I", "U", "D"];
  const VERBS = ["reads", "inserts", "changes", "deletes"];
  const WHOSE = { o: "own rows", t: "rows of their tenant", a: "all rows", e: "fails", "?": "not known" };
  const NAMES = { ".": "n", "?": "u", " ": "x", o: "o", t: "t", a: "a", e: "e" };
  const SHOWN = { ".": "·", "?": "?", " ": "", e: "!" };
  const OUTSIDE = new Set(["anon-bare", "anon", "stranger", "anonymous", "forged"]);
  const KINDS = { trespass: ["✕", "rows of another tenant"], seen: ["✕", "rows that are not public"], fails: ["!", "fails for everybody"], blind: ["?", "could not be judged"], changed: ["Δ", "not as agreed on"] };

  const marked = new Map();
  for (const [table, persona, command, kind, says] of slice.marks) {
    if (!marked.has(table)) marked.set(table, []);
    marked.get(table).push({ persona, command, kind, says });
  }
  live.append(el("div", { class: "gist" }, slice.told.map((sentence) => el("p", {}, sentence))));
  if (!slice.tables.length) return;

  const table = el("table", { class: "rights" }, el("caption", { class: "unseen" }, "Who may do what with which table"), head());
  const scroll = el("div", { class: "scrolls tall", tabindex: "0", role: "region", "aria-label": "Tables and people" }, table);
  const show = charts.lengthy(table, row, 40, scroll);
  const count = el("span", { class: "soft" });
  const search = el("input", { type: "search", "aria-label": "Tables whose name has", placeholder: "table", oninput: draw });
  const urgent = el("button", { type: "button", "aria-pressed": "false", onclick: () => { press(urgent); draw(); } }, "Only wrong, changed or open to anybody");
  live.append(legend(), el("div", { class: "chooses" }, search, urgent, count), scroll, functions() || "");
  draw();

  function press(button) {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  }

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const first = new Set(slice.urgent);
    const fits = (name) => !wanted || name.toLowerCase().includes(wanted);
    const found = slice.tables.filter(([name]) => fits(name));
    const wrong = found.filter(([name]) => marked.has(name)).sort(([one], [other]) => rank(one) - rank(other));
    const rest = found.filter(([name]) => !marked.has(name) && (urgent.getAttribute("aria-pressed") !== "true" || first.has(name)));
    show([...(wrong.length ? [`Wrong, not known, or not as agreed on (${number(wrong.length)})`, ...wrong] : []), ...grouped(rest)]);
    count.textContent = `${number(wrong.length + rest.length)} of ${plural(slice.tables.length, "table")}`;
    if (document.activeElement === search) say(count.textContent);
  }

  function rank(name) {
    return Math.min(...marked.get(name).map(({ kind }) => Object.keys(KINDS).indexOf(kind)));
  }

  function grouped(tables) {
    const schemas = new Map();
    for (const one of tables) {
      const schema = one[0].includes(".") ? one[0].split(".", 1)[0] : "other";
      schemas.set(schema, [...(schemas.get(schema) || []), one]);
    }
    return [...schemas].flatMap(([schema, some]) => [`${schema} (${number(some.length)})`, ...some]);
  }

  function head() {
    const people = slice.people.map(({ name, is }, at) => el("th", { scope: "col", title: is || null, class: outside(at) ? "outside" : null }, el("span", {}, name), is ? el("span", { class: "unseen" }, `, ${is}`) : null));
    return el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Table"), people));
  }

  function outside(at) {
    return OUTSIDE.has(slice.people[at].name);
  }

  function row(item) {
    if (typeof item === "string") return el("tr", { class: "group" }, el("th", { scope: "rowgroup", colspan: slice.people.length + 1 }, el("span", {}, item)));
    const [name, cells] = item;
    const marks = marked.get(name) || [];
    const flags = [...new Map(marks.map(({ kind }) => [KINDS[kind][0], kind])).values()].map((kind) => el("span", { class: "flag", data: { kind }, title: KINDS[kind][1] }, KINDS[kind][0], el("span", { class: "unseen" }, ` ${KINDS[kind][1]}, `)));
    const button = el("button", { type: "button", class: "opens", "aria-expanded": "false" }, flags, name);
    const made = el("tr", {}, el("th", { scope: "row" }, button), cells.map((cell, at) => rights(cell, at, marks)));
    button.addEventListener("click", () => toggle(made, button, item, marks));
    return made;
  }

  function rights(cell, at, marks) {
    const person = slice.people[at].name;
    const mine = marks.filter(({ persona }) => !persona || persona === person);
    const squares = LETTERS.map((letter, command) => {
      const kinds = mine.filter((mark) => mark.command === command).map(({ kind }) => kind);
      const wrong = ["trespass", "seen"].find((kind) => kinds.includes(kind));
      const level = kinds.includes("fails") ? "e" : cell[command] === "." && kinds.includes("blind") ? "?" : cell[command];
      return el("i", { data: { level: NAMES[level], ...(wrong ? { wrong } : {}), ...(kinds.includes("changed") ? { changed: "" } : {}) } }, wrong ? letter : SHOWN[level] ?? letter);
    });
    const words = said(cell, mine);
    return el("td", { class: outside(at) ? "outside" : null, title: `${person}: ${words}` }, el("span", { class: "cell", "aria-hidden": "true" }, squares), el("span", { class: "unseen" }, words));
  }

  /* t.t. is "reads, changes: rows of their tenant". */
  function said(cell, marks) {
    const verbs = new Map();
    [...cell].forEach((level, command) => { if (WHOSE[level]) verbs.set(level, [...(verbs.get(level) || []), VERBS[command]]); });
    const held = [...verbs].map(([level, some]) => `${some.join(", ")}: ${WHOSE[level]}`);
    const wrong = [...new Set(marks.map(({ command, kind }) => `${command < 0 ? "" : `${VERBS[command]}: `}${KINDS[kind][1]}`))];
    return [...wrong, ...held].join("; ") || (cell.trim() ? "nothing" : "not tried");
  }

  function toggle(made, button, [, cells], marks) {
    const opened = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opened));
    if (!opened) return made.nextElementSibling.remove();
    const sentences = [...new Set(marks.map(({ says }) => says))];
    const people = cells.map((cell, at) => el("li", {}, el("strong", {}, slice.people[at].name), slice.people[at].is ? el("span", { class: "soft" }, ` (${slice.people[at].is})`) : null, `: ${said(cell, marks.filter(({ persona }) => !persona || persona === slice.people[at].name))}`));
    const about = el("div", { class: "detail", data: sentences.length ? { state: "violated" } : {} }, sentences.length ? el("ul", {}, sentences.map((sentence) => el("li", {}, sentence))) : null, el("ul", {}, people));
    return made.after(el("tr", { class: "opened" }, el("td", { colspan: slice.people.length + 1 }, about)));
  }

  function legend() {
    const sample = (level, text, words, more) => el("li", {}, el("span", { class: "cell one" }, el("i", { data: { level, ...more } }, text)), ` ${words}`);
    return el("ul", { class: "legend", "aria-label": "What the squares mean" },
      el("li", {}, "S reads, I inserts, U changes, D deletes"), sample("n", "·", "nothing"), sample("o", "S", "own rows"), sample("t", "S", "rows of their tenant"), sample("a", "S", "all rows"),
      el("li", {}, el("span", { class: "outside" }, el("span", { class: "cell one" }, el("i", { data: { level: "a" } }, "S"))), " all rows, for everybody"), sample("n", "S", "rows of another tenant, or that are not public", { wrong: "trespass" }), sample("t", "S", "not as agreed on", { changed: "" }), sample("e", "!", "fails"), sample("u", "?", "not known"));
  }

  function functions() {
    const roles = [["anon", "Anybody"], ["authenticated", "Whoever has signed up"]].filter(([role]) => (slice.functions[role] || []).length);
    if (!roles.length) return null;
    return el("div", { class: "functions" }, roles.map(([role, who]) => el("details", {}, el("summary", {}, `${who} may call ${plural(slice.functions[role].length, "function")}`), el("ul", {}, slice.functions[role].map((name) => el("li", {}, el("code", {}, name)))))));
  }
});
