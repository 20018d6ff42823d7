"use strict";
/* The whole matrix is in the page; this draws what was asked for. Texts go into the page as texts, never as markup. */
(() => {
const { cases, faults } = JSON.parse(document.getElementById("matrix").textContent);
const byId = (id) => document.getElementById(id);
const asked = Object.fromEntries(["case", "fault", "family", "file", "only"].map((id) => [id, byId(id)]));
const MARKS = { violates: "V", blinds: "B" };
const DONE = { violates: "violated", blinds: "blinded" };
const PAGE = 100;
const FEW = 4;
const canvas = byId("canvas");
const seen = { rows: [], columns: [], row: -1, column: -1, cases: PAGE, faults: PAGE };

/* ── what belongs to what ── */
cases.forEach((one, index) => Object.assign(one, { index, name: one.case, violates: [], blinds: [] }));
faults.forEach((one, index) => {
  Object.assign(one, { index, name: one.fault, mark: new Map() });
  for (const kind of ["violates", "blinds"]) for (const at of one[kind]) { cases[at][kind].push(index); one.mark.set(at, kind); }
});

function el(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}
const number = (value) => value.toLocaleString("en");
const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

/* ── filters ── */
for (const [id, all] of [["family", cases], ["file", faults]])
  for (const name of new Set(all.map((one) => one[id]))) asked[id].append(el("option", { value: name, textContent: name }));

function matches(text, words) {
  const here = text.toLowerCase();
  return words.every((word) => here.includes(word));
}
const wordsOf = (field) => asked[field].value.toLowerCase().split(/\s+/).filter(Boolean);

function choose() {
  const [inCase, inFault, only] = [wordsOf("case"), wordsOf("fault"), asked.only.value];
  const kinds = only === "violates" || only === "once" ? ["violates"] : only === "blinds" ? ["blinds"] : ["violates", "blinds"];
  let rows = cases.filter((one) => (!asked.family.value || one.family === asked.family.value) && matches(one.name, inCase));
  let columns = faults.filter((one) => (!asked.file.value || one.file === asked.file.value) && matches(`${one.name} ${one.breaks}`, inFault));
  if (only === "once") rows = rows.filter((one) => one.violates.length === 1);
  if (only === "quiet") columns = columns.filter((one) => !one.mark.size);
  if (only === "unrun") columns = columns.filter((one) => !one.ran || one.changed);
  const isAboutCases = inCase.length || asked.family.value || only === "once" || only === "violates" || only === "blinds";
  const isAboutFaults = inFault.length || asked.file.value || only === "violates" || only === "blinds" || only === "unrun";
  const [whole, all] = [new Set(rows.map((one) => one.index)), new Set(columns.map((one) => one.index))];
  if (isAboutCases) columns = columns.filter((one) => kinds.some((kind) => one[kind].some((at) => whole.has(at))));
  if (isAboutFaults && only !== "quiet") rows = rows.filter((one) => kinds.some((kind) => one[kind].some((at) => all.has(at))));
  Object.assign(seen, { rows, columns, kinds, row: -1, column: -1, cases: PAGE, faults: PAGE });
  byId("count").textContent = `${plural(rows.length, "case")} and ${plural(columns.length, "fault")}: ${marksOf(rows, columns, kinds)}`;
  draw();
  list();
}

function marksOf(rows, columns, kinds) {
  const here = new Set(columns.map((one) => one.index));
  return kinds.map((kind) => `${number(rows.reduce((sum, one) => sum + one[kind].filter((at) => here.has(at)).length, 0))} ${DONE[kind]}`).join(", ");
}

/* ── the picture ── */
/* light-dark() is resolved by an element only. */
function resolved(name) {
  canvas.style.color = `var(--${name})`;
  const value = getComputedStyle(canvas).color;
  canvas.style.color = "";
  return value;
}
const between = (low, value, high) => Math.max(low, Math.min(high, value));

function measure() {
  const [columns, rows] = [seen.columns.length || 1, seen.rows.length || 1];
  const room = byId("picture").clientWidth;
  const high = between(1, Math.floor(620 / rows), 18);
  const left = high >= 11 ? Math.min(270, room / 2) : Math.min(120, room / 3);
  const wide = between(1, Math.floor((room - left - 4) / columns), 18);
  return { high, wide, left, top: wide >= 11 ? 190 : 22, width: left + wide * columns + (wide >= 11 ? 90 : 4) };
}

function draw() {
  const size = (seen.size = measure());
  const scale = window.devicePixelRatio || 1;
  const height = size.top + size.high * seen.rows.length + 4;
  Object.assign(canvas, { width: size.width * scale, height: height * scale });
  Object.assign(canvas.style, { width: `${size.width}px`, height: `${height}px` });
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  bands(pen, size, height);
  const paint = { violates: resolved("violated"), blinds: resolved("blind"), ground: resolved("raised") };
  const rowOf = new Map(seen.rows.map((one, at) => [one.index, at]));
  seen.columns.forEach((fault, column) => {
    for (const kind of seen.kinds) for (const at of fault[kind]) if (rowOf.has(at)) cell(pen, size, kind, column, rowOf.get(at), paint);
  });
  if (seen.row >= 0) cross(pen, size, height);
}

function cell(pen, { left, top, wide, high }, kind, column, row, paint) {
  const [x, y] = [left + column * wide, top + row * high];
  const gap = Math.min(wide, high) >= 6 ? 1 : 0;
  const [hasLetter, isBlind] = [Math.min(wide, high) >= 11, kind === "blinds"];
  pen.fillStyle = pen.strokeStyle = paint[kind];
  if (isBlind && hasLetter) pen.strokeRect(x + 0.5, y + 0.5, wide - 2, high - 2);
  else if (isBlind && high >= 5) pen.fillRect(x, y + high * 0.3, wide - gap, high * 0.4);
  else pen.fillRect(x, y, wide - gap, high - gap);
  if (!hasLetter) return;
  pen.fillStyle = isBlind ? paint[kind] : paint.ground;
  pen.textAlign = "center";
  pen.font = "bold 10px sans-serif";
  pen.fillText(MARKS[kind], x + (wide - gap) / 2, y + high - (high - 8) / 2);
}

/* Families down and files across as bands; names instead, where there is room for them. */
function bands(pen, { left, top, wide, high, width }, height) {
  const [soft, sunken] = [resolved("soft"), resolved("sunken")];
  pen.font = "11px sans-serif";
  pen.textAlign = "left";
  runs(seen.rows, high >= 11 ? "name" : "family").forEach(({ name, from, count }, turn) => {
    pen.fillStyle = sunken;
    if (turn % 2) pen.fillRect(0, top + from * high, width, count * high);
    pen.fillStyle = soft;
    if (count * high >= 11) pen.fillText(name, 4, top + from * high + Math.min(count * high - 2, 12), left - 8);
  });
  runs(seen.columns, wide >= 11 ? "name" : "file").forEach(({ name, from, count }, turn) => {
    const x = left + from * wide;
    pen.fillStyle = sunken;
    if (wide < 11 && turn % 2) { pen.globalAlpha = 0.6; pen.fillRect(x, 0, count * wide, height); pen.globalAlpha = 1; }
    pen.fillStyle = soft;
    if (wide < 11) { if (count * wide >= pen.measureText(name).width + 4) pen.fillText(name, x + 2, 14); return; }
    pen.save();
    pen.translate(x + wide / 2 + 3, top - 6);
    pen.rotate(-1.1);
    pen.fillText(name, 0, 0, 200);
    pen.restore();
  });
}

function runs(all, field) {
  const found = [];
  all.forEach((one, at) => {
    if (found.length && found.at(-1).name === one[field]) found.at(-1).count += 1;
    else found.push({ name: one[field], from: at, count: 1 });
  });
  return found;
}

function cross(pen, { left, top, wide, high }, height) {
  pen.strokeStyle = resolved("link");
  pen.strokeRect(left + seen.column * wide - 0.5, top - 0.5, wide + 1, height - top);
  pen.strokeRect(left - 0.5, top + seen.row * high - 0.5, seen.columns.length * wide + 1, high + 1);
}

function point(column, row) {
  if (!seen.rows.length || !seen.columns.length) return;
  seen.column = between(0, column, seen.columns.length - 1);
  seen.row = between(0, row, seen.rows.length - 1);
  const [fault, one] = [seen.columns[seen.column], seen.rows[seen.row]];
  const kind = fault.mark.get(one.index);
  byId("here").replaceChildren(
    el("b", { className: kind ? MARKS[kind].toLowerCase() : "", textContent: kind ? `${MARKS[kind]} ` : "– " }),
    el("code", { textContent: fault.name }), ` (${fault.breaks}) `, kind || "leaves as it was", " ", el("code", { textContent: one.name }));
  requestAnimationFrame(draw);
}

function at(event) {
  const { left, top, wide, high } = seen.size;
  return [Math.floor((event.offsetX - left) / wide), Math.floor((event.offsetY - top) / high)];
}
function keep() {
  if (seen.row < 0) return;
  set({ case: seen.rows[seen.row].name });
}
canvas.addEventListener("pointermove", (event) => point(...at(event)));
canvas.addEventListener("click", (event) => { point(...at(event)); keep(); });
canvas.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (step) { event.preventDefault(); point(seen.column + step[0], seen.row + step[1]); }
  if (event.key === "Enter") keep();
});

/* ── the two tables ── */
function set(values) {
  for (const id of Object.keys(asked)) asked[id].value = values[id] ?? "";
  choose();
  byId("every").scrollIntoView();
}
/* The first few; the rest a click away, in a table of their own. `own` is what the row itself is. */
function names(all, field, kind, own) {
  if (!all.length) return el("td", { className: "soft", textContent: "–" });
  const link = (textContent, values) => el("button", { type: "button", textContent, onclick: () => set(values) });
  const shown = all.slice(0, FEW).map((one) => link(one.name, { [field]: one.name }));
  const more = all.length > FEW ? link(`and ${number(all.length - FEW)} more`, own) : null;
  const count = el("span", { className: kind, textContent: `${kind.toUpperCase()} ${number(all.length)}` });
  return el("td", {}, el("div", { className: "names" }, count, ...shown, more));
}
function name(one, field) {
  return el("th", { scope: "row" }, el("button", { type: "button", textContent: one.name, onclick: () => set({ [field]: one.name }) }));
}
function ranText({ ran, changed }) {
  if (!ran) return "not noted";
  return `${ran.at} at ${ran.commit}, ${plural(ran.cases, "case")}${changed ? "; the row has changed since" : ""}`;
}
function list() {
  byId("case-rows").replaceChildren(...seen.rows.slice(0, seen.cases).map((one) => el("tr", {},
    name(one, "case"), el("td", { textContent: one.severity }), el("td", { textContent: one.lanes.join(", ") }),
    names(one.violates.map((index) => faults[index]), "fault", "v", { case: one.name }), names(one.blinds.map((index) => faults[index]), "fault", "b", { case: one.name }))));
  byId("fault-rows").replaceChildren(...seen.columns.slice(0, seen.faults).map((one) => el("tr", {},
    name(one, "fault"), el("td", { textContent: one.breaks }),
    names(one.violates.map((index) => cases[index]), "case", "v", { fault: one.name }), names(one.blinds.map((index) => cases[index]), "case", "b", { fault: one.name }),
    el("td", { className: "soft", textContent: ranText(one) }))));
  byId("more-cases").hidden = seen.cases >= seen.rows.length;
  byId("more-faults").hidden = seen.faults >= seen.columns.length;
}
for (const what of ["cases", "faults"]) byId(`more-${what}`).addEventListener("click", () => { seen[what] += 5 * PAGE; list(); });

let waiting = 0;
for (const field of Object.values(asked)) field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(choose, 60); });
byId("asked").addEventListener("submit", (event) => event.preventDefault());
byId("asked").addEventListener("reset", () => setTimeout(choose));
window.addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
document.documentElement.dataset.ready = "yes";
choose();
})();
