/* What is chosen and where the reader is: kept in the address, so that a link shows the same.
   #check, #check[case], #timeline, #outcome=violated,blind&family=health&text=invoices, or one of the first and all of the last. */
(() => {
  const FACETS = ["outcome", "severity", "family", "lane", "runbook", "change"];
  const chosen = Object.fromEntries(FACETS.map((facet) => [facet, new Set()]));
  let text = "";
  let target = "";

  function decoded(part) {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; /* a % that stands for itself */
    }
  }

  /* Commas separate values; those inside of one are encoded. */
  function encoded(value) {
    return encodeURIComponent(value).replace(/%5B/g, "[").replace(/%5D/g, "]");
  }

  function read() {
    FACETS.forEach((facet) => chosen[facet].clear());
    [text, target] = ["", ""];
    for (const part of location.hash.slice(1).split("&").filter(Boolean)) {
      const [, name, value] = /^([a-z]+)=(.*)$/.exec(part) || [];
      if (name === "text") text = decoded(value);
      else if (name in chosen) value.split(",").filter(Boolean).forEach((one) => chosen[name].add(decoded(one)));
      else target = decoded(part);
    }
  }

  function address() {
    const parts = FACETS.filter((facet) => chosen[facet].size).map((facet) => `${facet}=${[...chosen[facet]].map(encoded).join(",")}`);
    return `#${[...(target ? [encoded(target)] : []), ...parts, ...(text ? [`text=${encoded(text)}`] : [])].join("&")}`;
  }

  function keep() {
    const wanted = address();
    if (wanted !== location.hash && !(wanted === "#" && !location.hash)) history.replaceState(null, "", wanted);
  }

  /* Choose what is shown: filter({family: ["health"], outcome: ["blind"]}) and nothing else. `go` shows the list. */
  function filter(wanted, go) {
    FACETS.forEach((facet) => { chosen[facet] = new Set(wanted[facet] || []); });
    text = wanted.text || "";
    [target, seatrial.state.target] = ["", ""];
    changed();
    if (go) document.getElementById("runbook").scrollIntoView();
  }

  function changed() {
    keep();
    seatrial.emit("filter");
  }

  function toggle(facet, value) {
    if (!chosen[facet].delete(value)) chosen[facet].add(value);
    changed();
  }

  function search(wanted) {
    text = wanted;
    changed();
  }

  /* Show a case ("rls_enabled[public]"), a check ("rls_enabled") or a part of the page ("timeline"). */
  function go(where) {
    target = where;
    keep();
    seatrial.emit("go", where);
  }

  seatrial.state = {
    facets: FACETS,
    get chosen() { return chosen; },
    get text() { return text; },
    get target() { return target; },
    set target(where) { target = where; },
    get empty() { return !text && FACETS.every((facet) => !chosen[facet].size); },
  };
  Object.assign(seatrial, { filter, toggle, search, go, address });

  seatrial.on("start", read);
  seatrial.on("drawn", () => seatrial.emit("filter"));
  seatrial.on("settled", () => target && seatrial.emit("go", target));
  window.addEventListener("hashchange", () => {
    read();
    seatrial.emit("filter");
    if (target) seatrial.emit("go", target);
  });
})();
