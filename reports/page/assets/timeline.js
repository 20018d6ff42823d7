/* Where the time went: how many looks were under way, and each piece of work as a bar. */
seatrial.section("timeline", (live, slice, { el, svg, badge, duration, number, plural, say, charts }) => {
  const LEGEND = "Dotted: ready, and waiting for what it needs. Bar: looking, which includes waiting for a free connection or for a provider's pace. Striped: it saw nothing.";
  const looks = slice.looks;
  const end = Math.max(slice.end, 1);
  const told = el("div", { class: "gist" }, slice.told.map((sentence) => el("p", {}, sentence)));
  live.append(told);
  if (!looks.length && !slice.never.length) return;

  const step = niceStep(end);
  const table = el("table", { class: "gantt", role: "table", style: { "--step": `${(step / end) * 100}%` } }, el("caption", { class: "unseen" }, "Looks, with when they began and how long they took"), head());
  const show = charts.lengthy(table, row, 34);
  const FEW = 15;
  const count = el("span", { class: "soft" });
  const all = el("button", { type: "button", class: "needs-script", onclick: () => { whole = true; draw(); } });
  let whole = false;
  const search = el("input", { type: "search", "aria-label": "Looks whose name, question, reason or case has", placeholder: "look, question or case", oninput: draw });
  const order = chooser("Order", [["slowest", bySlowest], ["as they began", byBegan], ["as they ended", byEnd]]);
  const only = chooser("Show", [["all", () => true], ["not seen", ({ state }) => state === "blind" || state === "crashed"], ["again", ({ attempts }) => attempts]]);
  live.append(looks.length ? overview() : "", el("div", { class: "chooses" }, order.place, only.place, search, count), table, el("p", {}, all), el("p", { class: "note" }, LEGEND));
  draw();

  function bySlowest(one, other) { return other.ms - one.ms || one.at - other.at; }
  function byBegan(one, other) { return one.at - other.at || other.ms - one.ms; }
  function byEnd(one, other) { return other.at + other.ms - (one.at + one.ms); }

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const every = [...slice.never.map((look) => ({ ...look, never: true })), ...looks];
    const shown = every.filter((look) => only.chosen(look) && (!wanted || words(look).includes(wanted))).sort(order.chosen);
    shown.sort((one, other) => Boolean(other.never) - Boolean(one.never));
    show(whole || wanted ? shown : shown.slice(0, FEW));
    all.hidden = whole || Boolean(wanted) || shown.length <= FEW;
    all.textContent = `Show all ${number(shown.length)}`;
    count.textContent = `${shown.length === every.length ? "" : `${number(shown.length)} of `}${plural(every.length, "piece of work", "pieces of work")}`;
    if (document.activeElement === search) say(count.textContent);
  }

  function words(look) {
    return [look.name, look.reason, ...(look.asked || []), ...(look.checks || [])].join("\n").toLowerCase();
  }

  function chooser(legend, choices) {
    const place = el("fieldset", {}, el("legend", {}, legend));
    const made = { place, chosen: choices[0][1] };
    const buttons = choices.map(([name, value], at) => el("button", { type: "button", "aria-pressed": String(!at), onclick: () => choose(at) }, name));
    function choose(at) {
      buttons.forEach((button, nth) => button.setAttribute("aria-pressed", String(nth === at)));
      made.chosen = choices[at][1];
      draw();
    }
    place.append(...buttons);
    return made;
  }

  function head() {
    const ticks = [];
    for (let at = 0; at <= end; at += step) ticks.push(el("span", { style: { left: `${(at / end) * 100}%` } }, duration(at)));
    const cells = [["Look", "called-by"], [el("div", { class: "axis" }, ticks), "track"], ["Took", "took"]];
    return el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, cells.map(([text, kind]) => el("th", { scope: "col", role: "columnheader", class: kind, "aria-label": kind === "track" ? "When" : null }, text))));
  }

  function row(look) {
    const button = el("button", { type: "button", class: "opens", "aria-expanded": "false" }, el("span", { class: "called" }, look.name), " ", look.state === "verified" ? null : [badge(look.state), " "], el("span", { class: "soft" }, question(look)));
    const made = el("tr", { role: "row", data: { state: look.state } }, el("th", { scope: "row", role: "rowheader", class: "called-by" }, button), el("td", { role: "cell", class: "track" }, look.never ? "" : bar(look)), el("td", { role: "cell", class: "took" }, look.never ? "never began" : duration(look.ms), look.attempts ? el("span", { class: "again" }, ` ×${number(look.attempts)}`, el("span", { class: "unseen" }, " attempts")) : null));
    button.addEventListener("click", () => toggle(made, button, look));
    return made;
  }

  function bar(look) {
    const left = (at) => `${(at / end) * 100}%`;
    const ready = look.at - (look.waited || 0);
    return el("div", { class: "lane", title: `${duration(look.at)} to ${duration(look.at + look.ms)}` },
      look.waited > 5 ? el("span", { class: "waiting", style: { left: left(ready), width: left(look.waited) } }) : null,
      el("span", { class: "look", style: { left: left(look.at), width: left(look.ms) } }));
  }

  function question(look) {
    if (look.count) return `×${number(look.count)}`;
    return (look.asked || []).join(", ");
  }

  function toggle(made, button, look) {
    const opened = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opened));
    if (!opened) made.nextElementSibling.remove();
    else made.after(el("tr", { role: "row", class: "opened" }, el("td", { role: "cell", colspan: "3" }, el("div", { class: "detail", data: look.state === "verified" ? {} : { state: look.state } }, about(look)))));
  }

  function about(look) {
    const when = look.never ? "It never began: what it needs was not to be had." : `From ${duration(look.at)} to ${duration(look.at + look.ms)} of the run: ${duration(look.ms)}.`;
    const waited = look.waited > 5 ? ` Before that it stood ready for ${duration(look.waited)}${look.needs ? `, for ${look.needs.join(", ")}` : ""}.` : look.needs ? ` It was given ${look.needs.join(", ")}.` : "";
    const asked = look.count ? [...(look.asked || []), ...(look.more ? [`${number(look.more)} more`] : [])].join(" · ") : "";
    return [
      look.reason ? el("p", {}, badge(look.state), " ", look.reason) : null,
      el("p", {}, when, waited),
      asked ? el("p", {}, `${number(look.count)} looks in one piece of work: ${asked}`) : null,
      waiters(look),
    ];
  }

  function waiters(look) {
    if (!look.cases) return null;
    const more = look.cases - look.checks.length;
    return el("p", {}, `${plural(look.cases, "case")} waited for it: `, look.checks.map((id, at) => [at ? ", " : "", el("a", { href: `#${encodeURIComponent(id)}` }, id)]), more ? ` and ${number(more)} more` : "");
  }

  /* How many looks were under way at each moment. */
  function overview() {
    const parts = 200;
    const counts = new Array(parts + 1).fill(0);
    for (const look of looks) {
      const last = Math.min(parts, Math.floor(((look.at + look.ms) / end) * parts));
      for (let at = Math.max(0, Math.floor((look.at / end) * parts)); at <= last; at += 1) counts[at] += look.count || 1;
    }
    const most = Math.max(...counts);
    const edge = counts.map((count, at) => `${at} ${40 - (count / most) * 38}`).join(" L ");
    const blind = looks.filter(({ state }) => state === "blind" || state === "crashed").map((look) => svg("line", { x1: ((look.at + look.ms) / end) * parts, x2: ((look.at + look.ms) / end) * parts, y1: 0, y2: 40, class: "ended" }));
    const label = `At most ${plural(most, "look")} at once, over ${duration(end)}`;
    return el("figure", { class: "overview" }, el("figcaption", {}, `${label}.`, blind.length ? " Lines: a look that ended without having seen anything." : ""), svg("svg", { viewBox: `0 0 ${parts} 40`, preserveAspectRatio: "none", role: "img", "aria-label": label }, svg("path", { d: `M 0 40 L ${edge} L ${parts} 40 Z`, class: "under-way" }), blind));
  }

  function niceStep(whole) {
    const rough = whole / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  }
});
