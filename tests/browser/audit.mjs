// Uses the page of an audit as a reader does, in headless Chromium over its DevTools port, and prints as JSON what was
// seen: node --experimental-websocket audit.mjs CHROMIUM PAGE FOLDER [AXE]; pictures and the print go to FOLDER.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync, existsSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [chromium, page, folder, axe] = process.argv.slice(2);
const profile = mkdtempSync(join(folder, "profile-"));
const browser = spawn(chromium, ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0",
  `--user-data-dir=${profile}`, "about:blank"], { stdio: "ignore" });
const pause = ms => new Promise(done => setTimeout(done, ms));
const seen = { console: [], requests: [] };

async function connect() {
  const active = join(profile, "DevToolsActivePort");
  while (!existsSync(active) || !readFileSync(active, "utf8").includes("\n")) await pause(50);
  const port = readFileSync(active, "utf8").split("\n")[0];
  const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = new WebSocket(targets.find(target => target.type === "page").webSocketDebuggerUrl);
  await new Promise((opened, failed) => { socket.onopen = opened; socket.onerror = failed; });
  return socket;
}

try {
  const socket = await connect();
  const waiting = new Map(), listeners = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id) {
      const { done, failed } = waiting.get(message.id);
      message.error ? failed(new Error(JSON.stringify(message.error))) : done(message.result);
    } else if (message.method === "Log.entryAdded") seen.console.push(message.params.entry.text);
    else if (message.method === "Runtime.exceptionThrown") seen.console.push(message.params.exceptionDetails.text);
    else if (message.method === "Runtime.consoleAPICalled") seen.console.push(JSON.stringify(message.params.args));
    else if (message.method === "Network.requestWillBeSent") seen.requests.push(message.params.request.url.slice(0, 60));
    else listeners.get(message.method)?.(message.params);
  };
  const send = (method, params = {}) => new Promise((done, failed) => {
    waiting.set(last += 1, { done, failed });
    socket.send(JSON.stringify({ id: last, method, params }));
  });
  const once = method => new Promise(done => listeners.set(method, done));
  const ask = async expression => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  const key = async (key, code, text) => {
    await send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key, code: key, windowsVirtualKeyCode: code, text });
    await send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key, windowsVirtualKeyCode: code });
  };
  const type = async text => { for (const letter of text) await key(letter, letter.toUpperCase().charCodeAt(0), letter); };
  const view = (width, height, scheme) => Promise.all([
    send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false }),
    send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] }),
  ]);
  const picture = async (name, whole = true) => {
    const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: whole });
    writeFileSync(join(folder, name), Buffer.from(data, "base64"));
  };
  const part = async (name, selector) => {
    const box = await ask(`(() => { const { x, y, width, height } = document.querySelector('${selector}').getBoundingClientRect(); return { x, y: y + scrollY, width, height: Math.min(height, 1600), scale: 1 }; })()`);
    const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true, clip: box });
    writeFileSync(join(folder, name), Buffer.from(data, "base64"));
  };
  const parts = async scheme => {
    for (const section of ["rules", "teams", "ages", "past", "flow", "gaps", "findings"]) {
      if (await ask(`!!document.getElementById('${section}')`)) await part(`${section}-${scheme}.png`, `section[aria-labelledby=${section}]`);
    }
  };
  const count = () => ask("document.getElementById('count').textContent");
  const column = number => ask(`[...document.querySelectorAll('#rows tbody tr')].map(row => row.cells[${number}].textContent)`);
  const focus = () => ask("document.activeElement.textContent.trim() || document.activeElement.name || document.activeElement.tagName");

  await Promise.all(["Page", "Runtime", "Log", "Network"].map(domain => send(`${domain}.enable`)));
  await view(1280, 900, "light");
  const loaded = once("Page.loadEventFired");
  const start = performance.now();
  await send("Page.navigate", { url: pathToFileURL(page).href });
  await loaded;
  // A frame that was drawn says that the page can be seen and used.
  await ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
  seen.milliseconds = Math.round(performance.now() - start);
  seen.ready = await ask("'ready' in document.documentElement.dataset");
  seen.count = await count();

  // The skip link is the first stop of the keyboard and leads to the findings.
  await key("Tab", 9);
  seen.first = await focus();
  await picture("wide-light.png", false);
  await parts("light");
  if (axe) {
    const check = async () => {
      await ask(`document.querySelectorAll('details').forEach(details => details.open = true)`);
      const { violations } = JSON.parse(await ask("axe.run().then(result => JSON.stringify(result))"));
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.target.join(" ")).join("; ")}`);
    };
    await ask(readFileSync(axe, "utf8") + ";0");
    seen.axe = await check();
    await view(1280, 900, "dark");
    seen.axeDark = await check();
  }
  await view(1280, 900, "dark");
  await parts("dark");
  await view(360, 740, "dark");
  seen.fits = await ask("document.documentElement.scrollWidth <= innerWidth");
  await picture("narrow-dark.png", false);
  await parts("narrow");
  await view(1280, 900, "light");

  // Words typed into the filter, with nothing but keys.
  await ask("document.querySelector('#filter input').focus()");
  await type("scoped");
  seen.typed = await count();
  seen.rules = [...new Set(await column(1))];
  await ask("document.getElementById('filter').scrollIntoView({ behavior: 'instant' })");
  await picture("filtered-light.png", false);
  await ask("document.querySelector('#filter button').focus()");
  await key("Enter", 13, "\r");
  await pause(50);
  seen.reset = await count();

  // Sorted by severity: once up, once down, once more as it was.
  await ask("document.querySelector('#rows thead button').focus()");
  const heading = () => ask("document.querySelector('#rows thead th').getAttribute('aria-sort')");
  seen.source = (await column(2))[0];
  seen.sorted = [];
  for (const _ of [1, 2, 3]) {
    await key("Enter", 13, "\r");
    seen.sorted.push([await heading(), (await column(0))[0], await focus()]);
  }
  seen.sourceAgain = (await column(2))[0];
  seen.next = await ask("(() => { const next = document.querySelectorAll('#pages button')[1]; if (next.disabled) return null; next.focus(); return next.textContent; })()");
  if (seen.next) { await key("Enter", 13, "\r"); seen.second = await count(); }
  // A rule's count leads to its findings.
  seen.led = await ask("(async () => { const link = document.querySelector('[data-filter=rule]'); link.click(); await new Promise(done => setTimeout(done, 50)); return [link.dataset.value, document.getElementById('count').textContent, document.querySelector('[name=rule]').value]; })()");
  const { data } = await send("Page.printToPDF", { printBackground: true });
  writeFileSync(join(folder, "page.pdf"), Buffer.from(data, "base64"));

  // Without scripts every row is there.
  await send("Emulation.setScriptExecutionDisabled", { value: true });
  const again = once("Page.loadEventFired");
  await send("Page.reload");
  await again;
  const { root } = await send("DOM.getDocument");
  const shown = await send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "#rows tbody tr" });
  seen.plain = shown.nodeIds.length;
  socket.close();
} finally {
  browser.kill();
}
console.log(JSON.stringify(seen, null, 1));
