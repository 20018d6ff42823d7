/* What was seen, as tables where it is made of rows and as names and values where it is not. */
(() => {
  const { el, number } = seatrial;
  const ROWS = 50;
  const DEEPEST = 6;

  function draw(value, depth = 0) {
    if (value === null || typeof value !== "object") return el("code", {}, plain(value));
    if (depth > DEEPEST) return el("code", {}, JSON.stringify(value));
    if (Array.isArray(value)) return listed(value, depth);
    return pairs(Object.entries(value), depth);
  }

  function plain(value) {
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  function listed(values, depth) {
    if (!values.length) return el("span", { class: "soft" }, "none");
    const columns = shared(values);
    if (columns) return table(values, columns, depth);
    return el("ul", { class: "items" }, values.slice(0, ROWS).map((value) => el("li", {}, draw(value, depth + 1))), rest(values, "li"));
  }

  /* The columns of rows that are alike. */
  function shared(values) {
    if (!values.every((value) => value && typeof value === "object" && !Array.isArray(value))) return null;
    const names = [...new Set(values.slice(0, ROWS).flatMap(Object.keys))];
    return names.length && names.length <= 8 ? names : null;
  }

  function table(values, columns, depth) {
    const head = el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name)));
    const row = (value) => el("tr", {}, columns.map((name) => el("td", {}, name in value ? draw(value[name], depth + 1) : "")));
    const body = el("tbody", {}, values.slice(0, ROWS).map(row));
    const scrolls = { class: "scrolls", tabindex: "0", role: "group", "aria-label": "What was seen" };
    return el("div", scrolls, el("table", {}, el("thead", {}, head), body), rest(values, "p"));
  }

  function rest(values, name) {
    return values.length > ROWS ? el(name, { class: "note" }, `and ${number(values.length - ROWS)} more, see verdicts.json`) : null;
  }

  function pairs(entries, depth) {
    if (!entries.length) return el("span", { class: "soft" }, "nothing");
    const shown = entries.slice(0, ROWS).map(([name, value]) => [el("dt", {}, name), el("dd", {}, draw(value, depth + 1))]);
    return el("div", {}, el("dl", { class: "pairs" }, shown), rest(entries, "p"));
  }

  seatrial.evidence = draw;
})();
