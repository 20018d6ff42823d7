/* Drives a real Chromium for the self-tests and the benchmark: one JSON object a line in, one a line out.
   In: {url, script, width, height, dark, print, scripted, motion, axe}: `script` is the body of an async function of
   `page` (playwright's) and `axe` (a function that returns what axe-core finds wrong).
   Out: {result, problems}: what the script returned; console errors, errors of the page, violations of its policy, and
   requests for anything but the page's own file, none of which is let through. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AsyncFunction = (async () => {}).constructor;
const browser = await chromium.launch({ executablePath: process.argv[2], headless: true, args: FLAGS });

async function visit({ url, script, width = 1440, height = 900, dark = false, print = false, scripted = true, granted = [] }) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: dark ? "dark" : "light", javaScriptEnabled: scripted, reducedMotion: "reduce", permissions: granted,
  });
  const problems = [];
  try {
    const page = await context.newPage();
    if (print) await page.emulateMedia({ media: "print" });
    watch(page, url, problems);
    await page.goto(url);
    if (scripted) await page.waitForSelector("html[data-ready]", { state: "attached" });
    const result = await Promise.race([new AsyncFunction("page", "axe", script)(page, () => wrong(page, scripted)), late()]);
    return { result: result ?? null, problems };
  } catch (problem) {
    return { error: String(problem.stack || problem), problems };
  } finally {
    await context.close();
  }
}

function watch(page, url, problems) {
  page.setDefaultTimeout(15000);
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (problem) => problems.push(`error: ${problem.message}`));
  /* What gets as far as the network: of what the page's policy refuses there may be an event, but no request. */
  page.route("**", (route) => {
    if (route.request().url().split("#")[0] === url.split("#")[0]) return route.continue();
    problems.push(`request: ${route.request().url()}`);
    return route.abort();
  });
}

/* Whatever a script waits for: a test that hangs holds up all others. */
function late() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("the script did not end within 90 s")), 90_000).unref());
}

/* axe makes functions of text, which the page's policy forbids: its realm is an isolated one of the debugger's. */
async function wrong(page, scripted) {
  if (!scripted) throw new Error("axe waits for a timer, which a page without scripts does not have");
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 5).map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join(" | ")}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await visit(JSON.parse(line)))}\n`);
}
await browser.close();
