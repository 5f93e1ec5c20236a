/* What others do, as it happens. Nothing here moves what is under the cursor or the focus: lines change in place, new
   ones wait for a key, and whatever a change makes higher or lower is scrolled away under the hand. Without this file a
   reload shows the same. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const REFRESH_MS = 1500;  // what comes in so short a time is looked up together
  const REST_MS = 4000;  // between two looks
  const SILENT_MS = 45000;  // the server says something every 15 s
  const csrf = () => $("input[name=csrf]")?.value ?? "";
  const clock = () => new Date().toISOString().slice(11, 16);  // UTC, as everything that the server says
  const many = (count, one, more) => `${count} ${count === 1 ? one : more ?? `${one}s`}`;

  /* --- words: one place for the state of the line, one for what happened --------------------------------------- */
  function place(name) {
    const made = document.createElement("p");
    made.className = name;
    made.setAttribute("role", "status");
    made.setAttribute("aria-live", "polite");
    document.body.append(made);
    return made;
  }
  const net = place("net");
  const heard = place("sr live-words");
  let downSince = "";
  function isDown(words) {
    downSince = downSince || clock();
    const said = words.replace("{}", downSince);
    if (net.textContent !== said) net.textContent = said;
    net.dataset.state = "down";
  }
  function isUp() {
    if (!downSince) return;
    downSince = "";
    net.dataset.state = "up";
    net.textContent = "Back in touch. What you missed is here.";
    setTimeout(() => { if (!downSince) { net.textContent = ""; delete net.dataset.state; } }, 4000);
    look();
  }
  function isOver() {
    net.dataset.state = "down";
    net.textContent = "You are signed out. What is on the page stays. ";
    const link = document.createElement("a");
    link.href = "/desk/login";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in again in a new tab";
    net.append(link);
    isEnded = true;
    source?.close();
    release?.();  // a tab that signs in anew must be able to lead
  }
  const news = [];
  let newsTimer = 0;
  function tell(words) {
    news.push(words);
    clearTimeout(newsTimer);
    newsTimer = setTimeout(() => {
      heard.textContent = news.length > 3 ? `${news.length} changes by others` : news.join(". ");
      news.length = 0;
    }, 1200);
  }

  /* --- the line: one for all tabs of a browser, which opens few connections to one host ------------------------- */
  const KINDS = ["hello", "candidate", "here", "many", "beat", "ended"];
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("monitor-live") : null;
  let source = null;
  let isEnded = false;
  let lastId = "";
  let lastHeard = Date.now();
  let pause = 1000;
  let isLeader = false;
  let release = null;
  const told = [];  // of the last seconds: a tab that opens may have missed it
  function pass(kind, data) {
    const event = { kind, data, at: Date.now() };
    if (kind === "candidate") {
      told.push(event);
      while (told.length > 200 || (told.length && told[0].at < Date.now() - 20000)) told.shift();
    }
    tabs?.postMessage(event);
    hear(kind, data);
  }
  let trying = 0;
  function connect() {
    if (isEnded) return;
    clearTimeout(trying);  // one line at a time, whoever asked for it first
    source?.close();
    const line = new EventSource(`/desk/live${lastId ? `?since=${lastId}` : ""}`);
    source = line;
    for (const kind of KINDS) {
      line.addEventListener(kind, (event) => {
        if (line !== source) return;
        if (event.lastEventId) lastId = event.lastEventId;
        pause = 1000;
        pass(kind, JSON.parse(event.data));
      });
    }
    line.addEventListener("error", async () => {
      if (line !== source) return;
      pass("down", {});
      if (line.readyState !== EventSource.CLOSED) return;  // else the browser tries again by itself
      if (await isSignedOut()) return pass("ended", {});
      if (line !== source) return;
      trying = setTimeout(connect, pause + Math.random() * 1000);
      pause = Math.min(pause * 2, 30000);
    });
  }
  async function isSignedOut() {
    try { return (await fetch("/desk/keys", { redirect: "manual" })).type === "opaqueredirect"; } catch { return false; }
  }
  function lead() {
    if (isEnded) return undefined;
    isLeader = true;
    connect();
    setInterval(() => {
      if (isEnded || Date.now() - lastHeard < SILENT_MS) return;
      source?.close();  // it looks open, and says nothing
      lastHeard = Date.now();
      pass("down", {});
      connect();
    }, 5000);
    return new Promise((let_go) => { release = let_go; });
  }
  tabs?.addEventListener("message", ({ data }) => {
    if (data.kind === "asks") { if (isLeader) for (const event of told) tabs.postMessage({ ...event, to: data.from }); return; }
    if (data.to && data.to !== tab) return;
    hear(data.kind, data.data);
  });
  function hear(kind, data) {
    if (isEnded) return;
    lastHeard = Date.now();
    if (kind === "down") return isDown(navigator.onLine ? "No line to the newsroom since {}. What is on the page stays; trying again." : OFFLINE);
    if (kind === "ended") return isOver();
    isUp();
    if (kind === "candidate") change(data);
    else if (kind === "here") { here = data; showHere(); }
    else if (kind === "many") lookSoon();
  }
  const OFFLINE = "You are offline since {}. What is on the page stays; sending waits for the network.";
  addEventListener("offline", () => isDown(OFFLINE));
  addEventListener("online", () => { if (isLeader && !isEnded) { source?.close(); connect(); } });

  /* --- where the hand is ---------------------------------------------------------------------------------------- */
  const list = () => $("#lines");
  const lines = () => $$("#lines > .line");
  function anchor() {
    const held = document.activeElement?.closest?.("#lines > .line") ?? $("#lines > .line:hover") ?? $("#lines > .line[aria-current]");
    if (held) return held;
    return lines().find((line) => line.getBoundingClientRect().bottom > 0);
  }
  function scrollerOf(node) {
    for (let at = node.parentElement; at; at = at.parentElement) {
      if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    }
    return document.scrollingElement;
  }
  /* Do what may move lines, and put the one under the hand back to where it was. */
  function still(act) {
    const held = anchor();
    const before = held?.getBoundingClientRect().top;
    act();
    if (held?.isConnected) putBack(held, before);
  }
  /* By scrolling; where the list ends at its top already, by room above its lines, which gives way first afterwards. */
  function putBack(held, before) {
    const moved = () => held.getBoundingClientRect().top - before;
    const room = () => parseFloat(list().style.paddingTop) || 0;
    const makeRoom = (pixels) => { list().style.paddingTop = pixels > 0 ? `${pixels}px` : ""; };
    if (moved() >= 1 && room()) makeRoom(room() - moved());
    if (Math.abs(moved()) >= 1) scrollerOf(held).scrollTop += moved();
    if (moved() <= -1) makeRoom(room() - moved());
  }

  /* --- one candidate changed ------------------------------------------------------------------------------------ */
  const DONE = { accepted: "accepted", rejected: "rejected", merged: "merged", snoozed: "snoozed" };
  function change(data) {
    const line = document.getElementById(`c${data.id}`);
    const opened = $("#detail:not([hidden])");
    if (opened?.dataset.id === String(data.id)) changeOpened(opened, data);
    if (!line) {  // a line that is further down, or new since the page was made
      const isLater = data.at > Number($("#queue")?.dataset.seen || 0);
      if (isLater && (data.status === "open" || data.status === "snoozed")) lookSoon();
      return;
    }
    const isNews = data.version > Number(line.dataset.version || 0);
    if (!isNews && line.dataset.holder === (data.holder ?? "")) return;
    still(() => changeLine(line, data));
    if (!isNews) return;
    if (!data.own && DONE[data.status] && line === anchor()) tell(`Number ${data.id}: ${DONE[data.status]} by ${data.by}`);
    lookSoon();
  }
  function changeLine(line, data) {
    line.dataset.holder = data.holder ?? "";
    const who = $(".who", line);
    const gone = DONE[data.status];
    line.classList.toggle("gone", Boolean(gone));
    if (gone) line.dataset.version = data.version;
    if (who) {
      who.textContent = gone ? `${gone}${data.by ? ` by ${data.by}` : ""}` : data.holder ?? "";
      who.title = gone && data.reason ? data.reason : data.until ? `has it until ${data.until}` : "";
    }
    const count = $(".count b", line);
    if (count) count.textContent = data.sources;
    showHere();
  }
  /* The candidate that is open: what changed is said over its foot, and nothing in it moves. */
  function changeOpened(opened, data) {
    const seen = Number(opened.dataset.version || 0);
    const isNewer = data.version > seen;
    opened.dataset.holder = data.holder && !data.mine ? data.holder : "";
    opened.dataset.until = data.until ?? "";
    if (isNewer && data.version > Number(opened.dataset.newest || 0)) {
      opened.dataset.newest = data.version;
      const what = data.own ? "You changed this in another window"
        : data.did === "claim" && data.holder ? `${data.holder} has it now`
        : data.did && DONE[data.status] ? `${data.by} ${DONE[data.status]} this${data.reason ? `: ${data.reason}` : ""}`
        : `This has grown to ${many(data.sources, "source")} of ${many(data.articles, "article")}, or was decided on`;
      opened.dataset.news = `${what}. Your page shows it as it was.`;
    }
    showHere();
  }

  /* --- who else is here ------------------------------------------------------------------------------------------ */
  let here = {};
  const subject = () => {
    const opened = $("#detail:not([hidden])")?.dataset.id;
    if (opened) return `candidate ${opened}`;
    const wire = location.pathname.match(/^\/desk\/wires\/(\d+)$/);
    return wire ? `wire ${wire[1]}` : "";
  };
  function showHere() {
    for (const line of lines()) {
      const looking = here[`candidate ${line.dataset.id}`] ?? [];
      const who = $(".who", line);
      if (!who || line.classList.contains("gone")) continue;
      const mark = $(".looks", who);
      const words = looking.length ? `${looking.join(", ")} looks` : "";
      if (words && !line.dataset.holder && !who.textContent.trim()) {
        const made = document.createElement("span");
        made.className = "looks muted";
        made.textContent = words;
        who.append(made);
      } else if (mark && mark.textContent !== words) {
        if (words) mark.textContent = words; else mark.remove();
      }
    }
    showNotice();
  }
  function showNotice() {
    const at = subject();
    const foot = $("[data-live-foot]");
    if (!at || !foot) return;
    const opened = $("#detail:not([hidden])");
    const also = here[at] ?? [];
    const words = [];
    if (opened?.dataset.news) words.push(opened.dataset.news);
    if (also.length) words.push(`${also.join(" and ")} ${also.length > 1 ? "are" : "is"} here too.`);
    const said = words.join(" ");
    if (foot.dataset.said === said) return;
    foot.dataset.said = said;
    foot.textContent = said;
    if (opened?.dataset.news) {
      const link = document.createElement("a");
      link.href = opened.dataset.path ?? location.href;
      link.textContent = "Show it as it is now";
      link.className = "button";
      foot.append(" ", link);
    }
  }
  const tab = crypto.randomUUID();
  let saidSubject = "";
  let saidAt = 0;
  let handAt = Date.now();
  for (const kind of ["keydown", "pointermove", "pointerdown", "wheel", "input"]) addEventListener(kind, () => { handAt = Date.now(); }, { passive: true, capture: true });
  function sayHere() {
    if (!isEditor()) return;
    const isAtWork = document.visibilityState === "visible" && Date.now() - handAt < 120000;
    const now = isAtWork ? subject() : "";
    if (isEnded || (now === saidSubject && (!now || Date.now() - saidAt < 20000))) return;
    saidSubject = now;
    saidAt = Date.now();
    if (csrf()) fetch("/desk/live/here", { method: "POST", body: new URLSearchParams({ csrf: csrf(), tab, subject: now }), keepalive: true }).then((answer) => { if (answer.status === 401 && !isEnded) isOver(); }, () => { saidSubject = ""; });
    showNotice();
  }
  function leave() {
    if (saidSubject && csrf()) navigator.sendBeacon("/desk/live/here", new URLSearchParams({ csrf: csrf(), tab, subject: "" }));
    saidSubject = "";
  }
  const isEditor = () => Boolean($("#marked") ?? $("#wire-form"));  // readers look on, and nobody need know
  setInterval(sayHere, 1000);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

  /* --- the queue as it is now, laid beside the one on the page ---------------------------------------------------- */
  let lookTimer = 0;
  let lookedAt = 0;
  let fresh = null;  // the newest list, as yet to be shown
  function lookSoon() {
    clearTimeout(lookTimer);
    lookTimer = setTimeout(look, Math.max(REFRESH_MS, lookedAt + REST_MS - Date.now()));
  }
  async function look() {
    if (!$("#queue")) return;
    if (document.visibilityState === "hidden") { document.addEventListener("visibilitychange", lookSoon, { once: true }); return; }
    lookedAt = Date.now();
    const query = new URLSearchParams(location.search);
    query.delete("article");
    query.delete("done");
    if ($("#queue").dataset.beside) query.set("beside", $("#queue").dataset.beside);
    try {
      const answer = await fetch(`/desk/queue?${query}`, { headers: { "x-live": "1" } });
      if (!answer.ok || answer.redirected) return;
      lay(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the line says so */ }
  }
  function lay(page) {
    fresh = page;
    const now = new Map($$("#lines > .line", page).map((line) => [line.id, line]));
    still(() => {
      for (const line of lines()) if (now.has(line.id)) renew(line, now.get(line.id));
    });
    $("#queue").dataset.seen = $("#queue", page)?.dataset.seen ?? "";
    const figures = $(".figures");
    if (figures && $(".figures", page) && !figures.contains(document.activeElement)) figures.replaceWith($(".figures", page).cloneNode(true));
    const shown = new Set(lines().map((line) => line.id));
    const added = [...now.keys()].filter((id) => !shown.has(id));
    offer(added.length);
    showHere();
  }
  /* A line as it is now, part by part; the headline, which has the focus, stays the same element. */
  function renew(line, now) {
    if (Number(now.dataset.version || 0) < Number(line.dataset.version || 0)) return;
    for (const [name, value] of Object.entries(now.dataset)) line.dataset[name] = value;
    line.classList.remove("gone");
    for (const part of [...now.children]) {
      const own = [...line.children].find((child) => child.tagName === part.tagName && child.classList[0] === part.classList[0]);
      if (!own) { if (!part.matches("input")) line.append(part.cloneNode(true)); continue; }
      if (own.matches("input")) continue;
      if (own.matches("a") || own.contains(document.activeElement)) { if (own.matches("a") && own.textContent !== part.textContent) own.textContent = part.textContent; continue; }
      if (own.outerHTML !== part.outerHTML) own.replaceWith(part.cloneNode(true));
    }
  }
  function offer(count) {
    let bar = $("#fresh");
    if (!bar) {
      if (!count) return;
      bar = document.createElement("div");
      bar.id = "fresh";
      bar.setAttribute("role", "status");
      $("#queue").append(bar);
    }
    bar.hidden = !count;
    if (!count || bar.dataset.count === String(count)) return;
    bar.dataset.count = count;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.press = "n";
    button.textContent = `${count} new, show `;
    const key = document.createElement("kbd");
    key.textContent = "n";
    button.append(key);
    bar.replaceChildren(button);
  }
  document.addEventListener("click", (event) => { if (event.target.closest?.("#fresh button")) show(); });
  /* Put the lines in their order now. The one under the hand is not moved: the others go before and behind it. */
  function show() {
    if (!fresh) return;
    const page = fresh;
    const wanted = $$("#lines > .line", page);
    if (!list()) {
      const empty = $("#queue .empty");
      const made = document.importNode($("#lines", page), true);
      if (empty) empty.replaceWith(made); else $("#queue").append(made);
      window.htmx?.process(made);
      return done(wanted.length);
    }
    const held = document.activeElement?.closest?.("#lines > .line") ?? $("#lines > .line[aria-current]");
    const old = new Map(lines().map((line) => [line.id, line]));
    const order = wanted.map((line) => line.id);
    if (held && !order.includes(held.id)) order.splice(Math.min(lines().indexOf(held), order.length), 0, held.id);
    let count = 0;
    still(() => {
      let isPast = !held;
      for (const id of order) {
        if (id === held?.id) { isPast = true; continue; }
        let line = old.get(id);
        if (!line) {
          line = document.importNode(wanted.find((found) => found.id === id), true);
          line.classList.add("fresh");
          count += 1;
        }
        if (isPast) list().append(line); else list().insertBefore(line, held);
        if (!old.has(id)) window.htmx?.process(line);
      }
      for (const [id, line] of old) if (!order.includes(id)) line.remove();
    });
    const pager = $(".pager");
    if (pager && $(".pager", page)) pager.replaceWith(document.importNode($(".pager", page), true));
    done(count);
  }
  function done(count) {
    offer(0);
    showHere();
    document.dispatchEvent(new CustomEvent("desk:lines"));
    tell(`${many(count, "new line")} shown`);
  }

  /* --- begin ------------------------------------------------------------------------------------------------------- */
  document.addEventListener("htmx:after:swap", () => { $("[data-live-foot]")?.removeAttribute("data-said"); showHere(); sayHere(); });
  tabs?.postMessage({ kind: "asks", from: tab });
  if (navigator.locks && tabs) navigator.locks.request("monitor-live", lead); else lead();
})();
