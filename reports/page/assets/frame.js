"use strict";

/* What every part of the page is drawn with. Nothing here makes markup of text: elements and text nodes only, and the
   page's policy (trusted types) would refuse anything else. */
const seatrial = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const drawings = [];
  const listeners = new Map();
  const LANGUAGE = "en-GB";

  /* The outcomes, most urgent first; "missing" and "not-run" are the page's own words for cases without a verdict. */
  const signs = data.signs;
  const words = Object.fromEntries(Object.keys(signs).map((state) => [state, state.replace("-", " ")]));
  const urgency = Object.keys(signs);
  const quiet = new Set(["verified", "waived", "inapplicable", "not-run"]);

  /* An element: el("a", {href: "#x", class: "y", onclick: f, style: {width: "3px"}, data: {state: "blind"}}, "text", child).
     Children that are null or false are left out; arrays are flattened. */
  function el(name, attributes, ...children) {
    return furnish(document.createElement(name), attributes, children);
  }

  function svg(name, attributes, ...children) {
    return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  }

  function furnish(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "style") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
      else if (name === "data") Object.assign(element.dataset, value);
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  /* An outcome as sign and word: never by its colour alone. `count` stands before the word. */
  function badge(state, count) {
    const text = count === undefined ? words[state] : `${number(count)} ${words[state]}`;
    return el("span", { class: "badge", data: { state } }, el("span", { class: "sign", "aria-hidden": "true" }, signs[state]), text);
  }

  function number(value) {
    return value.toLocaleString(LANGUAGE);
  }

  function plural(count, one, many) {
    return `${number(count)} ${count === 1 ? one : many || `${one}s`}`;
  }

  /* 850 ms, 4.2 s, 3 min 20 s */
  function duration(ms) {
    if (ms < 1000) return `${Math.round(ms)} ms`;
    if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
    return `${Math.floor(ms / 60000)} min ${Math.round((ms % 60000) / 1000)} s`;
  }

  const UNITS = [[86400 * 365, "year"], [86400 * 30, "month"], [86400, "day"], [3600, "hour"], [60, "minute"]];

  /* "3 minutes ago", told from the reader's clock. */
  function ago(instant) {
    const seconds = (Date.now() - Date.parse(instant)) / 1000;
    if (Number.isNaN(seconds)) return "at an unknown time";
    if (seconds < -60) return "in the future, by your clock";
    const [size, unit] = UNITS.find(([size]) => seconds >= size) || [1, null];
    return unit ? `${plural(Math.floor(seconds / size), unit)} ago` : "just now";
  }

  /* 2026-11-22 10:00:01 UTC */
  function instant(text) {
    const time = new Date(text);
    return Number.isNaN(time.getTime()) ? String(text) : `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  }

  function moment(text) {
    return el("time", { datetime: text, title: instant(text) }, ago(text));
  }

  function button(text, onclick, attributes) {
    return el("button", { type: "button", onclick, ...attributes }, text);
  }

  /* Where a reader is whose button has just gone away. */
  function arrive(element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  /* The first `limit` of the values, each drawn, and the rest when they are asked for. */
  function some(values, limit, draw, wrap = (child) => child) {
    const rest = () => {
      const others = values.slice(limit).map(draw);
      more.replaceWith(...others);
      arrive(others[0]);
    };
    const more = wrap(button(`${number(values.length - limit)} more`, rest));
    return [...values.slice(0, limit).map(draw), values.length > limit ? more : null];
  }

  /* A command or a text, with a button that copies it. */
  function copyable(text, label) {
    const shown = el("pre", { tabindex: "0", role: "group", "aria-label": label }, text);
    return el("div", { class: "copyable" }, shown, copyButton(text, label));
  }

  function copyButton(text, label) {
    return button("Copy", (event) => copy(text, event.currentTarget), { class: "copy", "aria-label": `Copy: ${label}` });
  }

  async function copy(text, button) {
    const copied = (await offered(text)) || selected(text);
    say(copied ? "Copied" : "The browser did not let this page copy: select the text and copy it yourself");
    if (!button) return;
    button.textContent = copied ? "Copied" : "Select it";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }

  async function offered(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; /* a page opened from a file may not */
    }
  }

  function selected(text) {
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (before) before.focus({ preventScroll: true });
    return copied;
  }

  /* For those who do not see the page change. */
  function say(text) {
    document.getElementById("said").textContent = text;
  }

  function on(event, listener) {
    listeners.set(event, [...(listeners.get(event) || []), listener]);
  }

  function emit(event, detail) {
    for (const listener of listeners.get(event) || []) listener(detail);
  }

  /* A part of the page: draw(live, slice, seatrial) fills the empty element `live`. */
  function section(name, draw) {
    drawings.push({ name, draw });
  }

  function drawn({ name, draw }) {
    const place = document.getElementById(name);
    if (!place) return;
    const live = place.querySelector(".live");
    if (data.sections[name] === "failed") {
      place.dataset.drawn = "no"; /* its text says why */
      return;
    }
    try {
      draw(live, data.sections[name], seatrial);
      place.dataset.drawn = "yes";
    } catch (problem) {
      console.error(`${name} could not be drawn`, problem);
      live.replaceChildren(el("p", { class: "note" }, `This part could not be drawn (${problem.message}). What follows is its text.`));
      place.dataset.drawn = "no";
    }
  }

  /* The first part at once, the others when the page has been seen. */
  function start() {
    document.querySelectorAll(".static [id]").forEach((one) => one.removeAttribute("id")); /* links lead to what is drawn */
    emit("start");
    drawings.slice(0, 1).forEach(drawn);
    emit("drawn");
    setTimeout(() => rest(drawings.slice(1)), 0);
  }

  function rest([next, ...others]) {
    if (!next) {
      settled();
      return;
    }
    drawn(next);
    setTimeout(() => rest(others), 0);
  }

  /* When the browser has loaded the page it goes to the address in its own way; afterwards we go in ours. */
  function settled() {
    if (document.readyState !== "complete") {
      window.addEventListener("load", () => setTimeout(settled, 0), { once: true });
      return;
    }
    emit("settled");
    document.documentElement.dataset.ready = "yes";
  }

  document.addEventListener("DOMContentLoaded", start);

  return {
    data, run: data.run, checks: data.checks, cases: data.cases, signs, words, urgency, quiet, el, svg, badge, number, plural,
    duration, ago, instant, moment, button, some, arrive, copyable, copyButton, copy, say, on, emit, section,
  };
})();
