/* What several pictures need: ages, a single tab stop for many marks, and long tables drawn as one comes near. */
seatrial.charts = (() => {
  const { el, ago } = seatrial;

  /* Times become ages: "3 hours ago" for a <time class="dated">; on paper they stay what they are. */
  function ages(place) {
    const times = [...place.querySelectorAll("time.dated")].map((time) => [time, time.textContent]);
    const young = () => times.forEach(([time]) => { time.textContent = ago(time.dateTime); });
    window.addEventListener("beforeprint", () => times.forEach(([time, text]) => { time.textContent = text; }));
    window.addEventListener("afterprint", young);
    young();
  }

  /* Arrow keys, Home and End go from one to the next of `marks`, of which one is in the tab order. */
  function roving(place, marks, start) {
    let here = Math.max(0, start);
    marks.forEach((mark, at) => mark.setAttribute("tabindex", at === here ? "0" : "-1"));
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
    place.addEventListener("focusin", ({ target }) => {
      const at = marks.indexOf(target);
      if (at < 0) return;
      marks[here].setAttribute("tabindex", "-1");
      here = at;
      target.setAttribute("tabindex", "0");
    });
    place.addEventListener("keydown", (event) => {
      const to = event.key === "Home" ? 0 : event.key === "End" ? marks.length - 1 : here + step[event.key];
      if (event.ctrlKey || event.altKey || event.metaKey || !marks[to]) return;
      event.preventDefault();
      marks[to].focus();
    });
  }

  const CHUNK = 60;

  /* A table of any length: groups of rows, of which those are made that come near the view. `row(item, index)` makes a
     <tr>; `height` is about that of a row, in pixels; `root` is what scrolls, where that is not the page. Returns the function that shows other items. */
  function lengthy(table, row, height, root) {
    const near = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => fill(target)), { root: root || null, rootMargin: "800px" });
    const waiting = new Map();

    function fill(group) {
      const rows = waiting.get(group);
      if (!rows) return;
      waiting.delete(group);
      near.unobserve(group);
      group.replaceChildren(...rows());
    }

    function show(items) {
      near.disconnect();
      waiting.clear();
      [...table.tBodies].forEach((group) => group.remove());
      for (let from = 0; from < items.length; from += CHUNK) {
        const some = items.slice(from, from + CHUNK);
        const room = el("tr", { "aria-hidden": "true", style: { height: `${some.length * height}px` } }, el("td", { class: "room" }));
        const group = el("tbody", {}, room);
        waiting.set(group, () => some.map((item, at) => row(item, from + at)));
        table.append(group);
        if (from) near.observe(group);
        else fill(group);
      }
    }

    window.addEventListener("beforeprint", () => [...waiting.keys()].slice(0, 4).forEach(fill));
    return show;
  }

  return { ages, roving, lengthy };
})();
