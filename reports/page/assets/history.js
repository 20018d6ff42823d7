/* The strips become buttons that tell what a run came to. */
seatrial.section("history", (live, slice, { el, badge, moment, instant, plural, urgency, charts }) => {
  const place = document.getElementById("history");
  charts.ages(place);
  place.querySelectorAll(".strip").forEach((strip, at) => furnish(strip, slice[at]));

  function furnish(strip, runs) {
    const about = el("div", { class: "detail", hidden: true });
    const marks = [...strip.children].map((item, at) => {
      const button = el("button", { type: "button", "aria-expanded": "false", title: instant(runs[at].started) }, ...item.childNodes);
      button.addEventListener("click", () => toggle(button, runs[at], item.dataset.state));
      item.append(button);
      return button;
    });
    strip.parentElement.removeAttribute("tabindex");
    strip.parentElement.after(about);
    charts.roving(strip, marks, marks.length - 1);
    strip.parentElement.scrollLeft = strip.parentElement.scrollWidth;

    function toggle(button, run, state) {
      const opened = button.getAttribute("aria-expanded") !== "true";
      marks.forEach((mark) => mark.setAttribute("aria-expanded", String(mark === button && opened)));
      about.hidden = !opened;
      about.dataset.state = state;
      about.replaceChildren(...(opened ? told(run).filter(Boolean) : []));
    }
  }

  function told(run) {
    const totals = urgency.filter((state) => run.totals[state]).map((state) => [badge(state, run.totals[state]), " "]);
    return [
      el("h4", {}, `${run.word}, `, moment(run.started), el("span", { class: "soft" }, ` (${instant(run.started)})`)),
      el("p", {}, `${run.lanes.join(", ") || "all lanes"}, in ${run.took}${run.commit ? `, commit ${run.commit.slice(0, 12)}` : ""}. `, run.url ? el("a", { href: run.url, rel: "noreferrer" }, "Its report") : null),
      el("p", {}, totals),
      ...["violated", "blind"].map((kind) => cases(run, kind)),
    ];
  }

  function cases(run, kind) {
    const named = run.named[kind];
    if (!named.length) return null;
    const more = run.more[kind] ? ` and ${plural(run.more[kind], "more case")}` : "";
    return el("p", {}, `${kind === "violated" ? "Violated" : "Not seen"}: `, named.map((id, at) => [at ? ", " : "", el("a", { href: `#${encodeURIComponent(id)}` }, id)]), more);
  }
});
