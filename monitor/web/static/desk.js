/* The keyboard of the desk and a few conveniences. Every action is a form or a link that works without this file. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (words) => { const live = $("#live"); if (live) { live.textContent = ""; requestAnimationFrame(() => { live.textContent = words; }); } };
  const remembered = {
    get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* private window */ } },
    drop: (name) => { try { sessionStorage.removeItem(name); } catch { /* private window */ } },
  };

  /* --- the queue ------------------------------------------------------------------------------------------ */
  const lines = () => $$("#lines > .line");
  const link = (line) => $(".headline", line);
  const pane = () => $("#detail:not([hidden])");
  const current = () => document.activeElement?.closest?.("#lines > .line") ?? $("#lines > .line[aria-current]");
  const isWide = () => matchMedia("(min-width: 1100px)").matches;
  /* Whether the open candidate is the one that a key means: the pane may be a step behind the cursor. */
  const isPaneCurrent = () => { const line = current(); return Boolean(pane()) && (!line || line.dataset.id === pane().dataset.id); };

  function move(step) {
    const all = lines();
    if (!all.length) return moveAlong(step);
    closePalette();
    const here = all.indexOf(current());
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
    point(next);
    if (pane() && isWide()) open(next);
  }
  /* Lists that are no queue, of wires and of what was found: the keys go from headline to headline. */
  function moveAlong(step) {
    const all = $$("table.wires .headline a, .found .title a");
    if (!all.length) return false;
    const here = all.indexOf(document.activeElement);
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }
  function point(line) {
    link(line).focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }

  /* Open a candidate beside the queue: the pane alone is fetched, and of several asked for in a row the last shown. */
  let opening = null;
  async function open(line, then) {
    opening?.abort();
    const asked = opening = new AbortController();
    const address = link(line).href;
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true", "HX-Target": "detail" } });
      const made = $("#detail", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (!made) { location.assign(address); return; }
      $("#detail").replaceWith(made);
      if (location.href !== answer.url) history.pushState({ desk: true }, "", answer.url);
      settle(made);
      then?.();
    } catch (error) {
      if (error.name !== "AbortError") say("The candidate did not come. What is on the page stays; try again.");
    } finally { if (opening === asked) opening = null; }
  }
  addEventListener("popstate", () => { if ($("#queue")) location.reload(); });
  document.addEventListener("click", (event) => {
    const line = event.target.closest?.(".headline")?.closest("#lines > .line");
    if (!line || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(line);
  });
  /* What was put on the page by us is made known to whoever works on it: htmx, the live view, the candidate's script. */
  function settle(...made) {
    for (const part of made) window.htmx?.process(part);
    document.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true, detail: {} }));
    document.dispatchEvent(new CustomEvent("desk:lines"));
  }

  function showCurrent() {
    const id = pane()?.dataset.id;
    for (const line of lines()) {
      if (id && line.dataset.id === id) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    }
  }

  const marks = new Set((remembered.get("marked") ?? "").split(" ").filter(Boolean));
  function showMarks() {
    for (const box of $$("#lines .mark")) box.checked = marks.has(box.value);
    const here = $("#detail")?.dataset.id;
    const others = [...marks].filter((id) => id !== here);
    const field = $("[data-marked]");
    if (field && others.length && !field.value) field.value = others.join(" ");
  }
  function keepMark(box) {
    if (box.checked) marks.add(box.value); else marks.delete(box.value);
    remembered.set("marked", [...marks].join(" "));
    say(marks.size ? `${marks.size} marked` : "None marked");
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".line .mark")) keepMark(event.target);
    if (event.target.id === "signs") {
      remembered.set("signs", event.target.checked ? "" : "off");
      say(event.target.checked ? "Words for and against are marked" : "Words for and against are not marked");
    }
  });

  /* Whether words for and against are marked, and the evidence is open, holds from one candidate to the next. */
  function showSigns() {
    if (remembered.get("here")) for (const evidence of $$("#text .here")) evidence.open = true;
    const box = $("#signs");
    if (box) box.checked = remembered.get("signs") !== "off";
  }

  /* --- deciding from the line: one key opens the choices under it, one more decides --------------------------------- */
  const palette = () => $(".palette:not([hidden])");
  function openPalette(name) {
    const line = current();
    const choices = $(`#palette-${name}`);
    if (!line || !choices) return false;
    closePalette();
    line.append(choices);
    choices.hidden = false;
    aim(line);
    $("button", choices).focus({ preventScroll: true });
    choices.scrollIntoView({ block: "nearest" });
    return true;
  }
  function closePalette() {
    const choices = palette();
    if (!choices) return null;
    const line = choices.closest(".line");
    choices.hidden = true;
    $("#queue")?.append(choices);
    return line;
  }
  /* The one form of the lines is made to mean this line: what an editor saw of it goes along (D10). */
  let turn = 0;
  function aim(line) {
    const form = $("#quick");
    if (!form) return null;
    form.dataset.line = line.dataset.id;
    form.elements.version.value = line.dataset.version;
    form.dataset.key ??= form.elements.key.value;
    form.elements.key.value = `${form.dataset.key}-${line.dataset.id}-${turn += 1}`;
    form.elements.saw.value = $(".count", line).textContent.trim().replace(/\s+/g, " ");
    return form;
  }
  function quick(action) {
    const line = current();
    const form = line && aim(line);
    if (!form) return false;
    form.action = `/desk/candidates/${line.dataset.id}/${action}`;
    form.requestSubmit();
    return true;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".palette button");
    const form = button && $("#quick");
    if (form) form.action = `/desk/candidates/${form.dataset.line}/${button.name === "hours" ? "snooze" : "reject"}`;
  }, true);

  /* --- after a decision: the answer takes the place of what it changed, and the next line has the focus -------------- */
  const LEAVES = /\/(reject|snooze|attach)$/;
  const DECIDES = /^\/desk\/(undo|candidates\/\d+\/(reject|snooze|attach|claim|unclaim|takeover|merge|split|undo))$/;
  const HOLDS = /\/(claim|unclaim|takeover)$/;
  const pathOf = (form, submitter) => new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href).pathname;
  function nextOf(id) {
    const all = lines();
    const here = all.findIndex((line) => line.dataset.id === id);
    return (all[here + 1] ?? all[here - 1])?.dataset.id ?? "";
  }
  async function decide(form, submitter) {
    const path = pathOf(form, submitter);
    const id = path.match(/\d+/)?.[0] ?? "";
    const wasOpen = Boolean(pane());
    const next = LEAVES.test(path) ? nextOf(id) : id;
    let answer;
    let page;
    try {
      const body = new URLSearchParams(new FormData(form, submitter));
      if (!wasOpen) body.set("alone", "1");  // the queue as it stands comes back, not the few lines beside a candidate
      answer = await fetch(path, { method: "POST", body });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      delete form.dataset.sent;
      say("You are offline, or the newsroom is. Nothing was decided; try again.");
      return;
    }
    if (!$("#queue", page) || !$("#queue")) {
      if (answer.ok) location.assign(answer.url);
      else refuse(page, form);
      return;
    }
    if (/\/merge$/.test(path)) { marks.clear(); remembered.drop("marked"); }
    const scrolled = $("#queue").scrollTop;
    const shown = [];
    const isQuiet = answer.ok && !wasOpen;  // decided from the line: no pane opens by itself
    for (const part of isQuiet ? ["#queue", ".figures"] : ["#queue", "#detail", ".figures"]) {
      const made = $(part, page);
      if (!made || !$(part)) continue;
      if (part === "#queue" && wasOpen && answer.ok && HOLDS.test(path)) keepLines(made);
      $(part).replaceWith(made);
      shown.push(made);
    }
    $("#queue").scrollTop = scrolled;
    const address = new URL(answer.url);
    if (address.pathname.startsWith("/desk/candidates/") && !answer.ok) address.pathname = `/desk/candidates/${id}`;
    address.searchParams.delete("done");
    if (!isQuiet && !DECIDES.test(address.pathname)) history.replaceState({ desk: true }, "", address);
    settle(...shown);
    fade();
    if (!answer.ok) { $("#detail .problem")?.scrollIntoView({ block: "nearest" }); say($("#detail .problem")?.textContent ?? ""); return; }
    const toast = $(".toast");
    if (toast) say(toast.firstElementChild.textContent);
    const wanted = toast?.dataset.kind === "undo" ? toast.dataset.candidate : next;
    const line = document.getElementById(`c${wanted}`) ?? lines()[0];
    if (!line) return;
    point(line);
    if (wasOpen && !pane() && isWide()) open(line);
  }
  /* Who has a candidate changes its own line only: beside a candidate come few, and the list stays as it was. */
  function keepLines(made) {
    for (const line of lines()) {
      const anew = made.querySelector(`#${line.id}`);
      if (anew) line.replaceWith(anew);
    }
    for (const part of ["#lines", ".pager"]) {
      const [old, its] = [$(part), made.querySelector(part)];
      if (old && its) its.replaceWith(old);
      else its?.remove();
    }
  }
  /* A refusal without a queue: its words, and the form as it was. */
  function refuse(page, form) {
    delete form.dataset.sent;
    say($("main", page)?.textContent.trim().replace(/\s+/g, " ").slice(0, 300) ?? "That did not work. Nothing was decided.");
    const told = document.createElement("p");
    told.className = "problem";
    told.textContent = $("main p", page)?.textContent ?? "That did not work. Nothing was decided.";
    $("#queue")?.prepend(told);
    setTimeout(() => told.remove(), 12000);
  }
  function goOn() {
    const toast = $('.toast[data-kind="undo"]');  // what was taken back from another page has the focus again
    const next = remembered.get("next") ?? toast?.dataset.candidate;
    remembered.drop("next");
    const line = next && document.getElementById(`c${next}`);
    if (line) link(line).focus();
  }
  function fade() {
    for (const toast of $$("[data-fades]")) setTimeout(() => { if (!toast.contains(document.activeElement)) toast.remove(); }, 10000);
  }

  /* --- forms ---------------------------------------------------------------------------------------------- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    sayWaiting(form);
    if (!form.hasAttribute("data-stays")) form.dataset.sent = "yes";
    if ($("#queue") && DECIDES.test(pathOf(form, event.submitter))) { event.preventDefault(); decide(form, event.submitter); }
  });
  /* A form whose answer takes long says what is going on, and for how long. */
  let waitTimer = 0;
  function sayWaiting(form) {
    const place = form.dataset.waits && $("[data-working]", form);
    if (!place) return;
    const words = form.dataset.waits.replace("{}", $("[name=address]", form).value.trim().slice(0, 80));
    const began = Date.now();
    place.textContent = words;
    for (const button of $$("button", form)) button.disabled = true;
    clearInterval(waitTimer);
    waitTimer = setInterval(() => { place.setAttribute("aria-live", "off"); place.textContent = `${words} ${Math.round((Date.now() - began) / 1000)} s`; }, 1000);
  }
  addEventListener("pageshow", () => {
    clearInterval(waitTimer);
    for (const place of $$("[data-working]")) {
      place.textContent = "";
      for (const button of $$("button", place.closest("form"))) button.disabled = false;
    }
    for (const form of $$("form[data-sent]")) delete form.dataset.sent;
  });

  /* A key's form: of the candidate that is meant, of what was just decided, or of the line itself. */
  function press(action) {
    if (!$("#queue") && $(`[data-press="${action}"]`)) return pressButton(action);
    const isOpen = isPaneCurrent();
    const form = (action === "u" && $('.toast form[data-action="u"]'))
      || (isOpen && $(`#detail form[data-action="${action}"]`))
      || (action === "u" && $('form.undo[data-action="u"]'));
    if (form) { form.requestSubmit(); return true; }
    if (!isOpen && action === "a") return quick("accept");
    if (!isOpen && action === "c") return quick(claimOf(current()));
    if (action === "u" && !$("#queue")) return undoElsewhere();
    return pressButton(action);
  }
  const claimOf = (line) => !line?.dataset.holder ? "claim" : line.dataset.holder === $("#queue")?.dataset.who ? "unclaim" : "takeover";
  /* On a page without a queue: the same undo, and then the queue that shows what it did. */
  function undoElsewhere() {
    const csrf = $("input[name=csrf]")?.value;
    if (!csrf) return false;
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/desk/undo";
    for (const [name, value] of Object.entries({ csrf, key: crypto.randomUUID().replaceAll("-", ""), back: "/desk/queue" })) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.requestSubmit();
    return true;
  }
  /* Buttons and links that name their own key. */
  function pressButton(key) {
    const button = $(`[data-press="${key}"]`);
    if (button) button.click();
    return Boolean(button);
  }
  function openMenu(name) {
    const menu = $(`details[data-menu="${name}"]`);
    if (!menu) return false;
    for (const other of $$("details[data-menu]")) other.open = other === menu;
    showMarks();
    $("summary ~ * :is(input:not([type=hidden]), select, textarea, button, a)", menu)?.focus();
    return true;
  }
  /* A menu of the candidate: where another one is open, or none, this line's is opened first. */
  function choose(name) {
    if (isPaneCurrent() || !$("#queue")) return openMenu(name);
    if ((name === "r" || name === "s") && openPalette(name)) return true;
    const line = current();
    if (line) open(line, () => openMenu(name));
    return Boolean(line);
  }
  const menuOpen = () => palette() ?? $("details[data-menu][open]");
  function letter(key) {
    const button = menuOpen()?.querySelector(`[data-letter="${key}"]`);
    if (!button) return false;
    button.click();
    return true;
  }
  document.addEventListener("click", (event) => {
    const shown = menuOpen();
    if (shown?.open && !shown.contains(event.target)) shown.open = false;
    else if (palette() && !palette().contains(event.target)) closePalette();
    const keys = event.target.closest?.("[data-keys]");
    if (keys && $("#keys")) { event.preventDefault(); showKeys(); }
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-menu]")) showMarks();
    if (event.target.matches?.(".here")) remembered.set("here", event.target.open ? "open" : "");
  }, true);

  /* --- the keyboard --------------------------------------------------------------------------------------- */
  const isTyping = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  let isGoing = false;
  function go(key) {
    isGoing = false;
    const target = $(`[data-go="${key}"]`);
    const elsewhere = { m: "/desk/queue?mine=1", f: "/desk/filters", o: "/desk/order" }[key];
    if (target) target.click();
    else if (elsewhere) location.assign(elsewhere);
    return Boolean(target || elsewhere);
  }
  const keys = {
    j: () => move(1), k: () => move(-1), ArrowDown: null, ArrowUp: null,
    x: () => { const told = document.activeElement?.closest?.(".telling"); if (told) { $("input[type=checkbox]", told)?.click(); return true; } const box = current() && $(".mark", current()); if (box) { box.checked = !box.checked; keepMark(box); } return Boolean(box); },
    a: () => press("a"), c: () => press("c"), u: () => press("u"),
    r: () => choose("r"), s: () => choose("s"), m: () => choose("m"), w: () => choose("w"), v: () => choose("v"),
    f: () => openMenu("f"), l: () => openMenu("l"), t: () => split(), z: () => fold(),
    J: () => step(1), K: () => step(-1), X: () => pressButton("X"), B: () => pressButton("B"),
    g: () => { isGoing = true; setTimeout(() => { isGoing = false; }, 1500); say("Go to: q queue, w wires, s sources, / search, m mine, f filters, o order, a account, p site"); },
    "/": () => { const field = $("#filter"); if (!field) return go("/"); field.focus(); field.select(); return true; },
    "?": () => showKeys(),
    o: () => { const line = current(); if (line) link(line).click(); return Boolean(line); },
    n: () => pressButton("n"), p: () => pressButton("p"), i: () => pressButton("i"), h: () => pressButton("h"), e: () => pressButton("e"), b: () => pressButton("b"),
    d: () => openMenu("d"),
    Escape: () => escape(),
  };
  /* Inside a candidate: the next article, ticking it, taking the ticked apart, copies shown or folded away. */
  function step(by) {
    const all = $$("#detail .telling .title a");
    if (!all.length) return false;
    const here = all.findIndex((a) => a.closest(".telling").matches(".chosen"));
    const next = all[Math.min(all.length - 1, Math.max(0, here + by))];
    remembered.set("telling", "yes");
    next.click();
    return true;
  }
  function split() {
    const form = isPaneCurrent() && $("#split");
    if (!form) return false;
    if ($("input[name=article]:checked", form)) form.requestSubmit($("button:not([type=button])", form) ?? undefined);
    else say("Tick the articles that leave first: J and K choose one, x ticks it, t takes them apart.");
    return true;
  }
  function fold() {
    const all = $$("#detail details.copies");
    if (!all.length) return false;
    const isShut = all.some((copies) => !copies.open);
    for (const copies of all) copies.open = isShut;
    say(isShut ? "Copies shown" : "Copies folded away");
    return true;
  }
  /* The sheet of keys; where the page came without it, it is fetched once. */
  async function showKeys() {
    const sheet = $("#keys");
    if (!sheet) return;
    if (sheet.dataset.from && !sheet.childElementCount) {
      try {
        const page = new DOMParser().parseFromString(await (await fetch(sheet.dataset.from)).text(), "text/html");
        const close = document.createElement("form");
        close.method = "dialog";
        close.append(document.createElement("button"));
        close.firstChild.textContent = "Close";
        sheet.replaceChildren(close, ...$$(".keys", page));
      } catch { location.assign(sheet.dataset.from); return; }
    }
    if (!sheet.open) sheet.showModal();
  }
  function escape() {
    const line = closePalette();
    if (line) { point(line); return; }
    const menu = menuOpen();
    if (menu) { menu.open = false; $("summary", menu).focus(); return; }
    const back = $("#detail:not([hidden]) [data-back]");
    if (back) { remembered.set("next", $("#detail").dataset.id); location.assign(back.href); }
    else if ($("[data-back]")) { remembered.set("next", $("[data-back]").dataset.back); location.assign($("[data-back]").href); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing || $("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); if (!menuOpen()) return; }
    else if (isTyping(event.target)) return;
    const isDone = isGoing ? go(event.key) : (menuOpen() && letter(event.key)) || (keys[event.key] && keys[event.key]() !== false);
    if (isDone) event.preventDefault();
  });

  /* --- what htmx brings ------------------------------------------------------------------------------------ */
  document.addEventListener("htmx:after:swap", () => {
    showCurrent();
    showMarks();
    showSigns();
    if (remembered.get("telling")) { remembered.drop("telling"); $("#detail .telling.chosen .title a")?.focus(); }
    const detail = $("#detail:not([hidden])");
    if (detail && detail.dataset.title && document.title.split(" · ")[0] !== detail.dataset.title) {
      document.title = `${detail.dataset.title} · ${document.title.split(" · ").slice(1).join(" · ")}`;
      if (!isWide()) scrollTo(0, 0);
      say(`Opened: ${detail.dataset.title}`);
    } else if (detail && new URLSearchParams(location.search).has("article")) {
      const text = $("#text");
      if (text && text.getBoundingClientRect().top > innerHeight * 0.8) text.scrollIntoView();
    }
  });
  const held = { id: null };
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.id === "standing" && event.target.contains(document.activeElement)) { event.preventDefault(); return; }
    held.id = document.activeElement?.closest?.(".line")?.dataset.id ?? null;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.raw?.status;
    if (status === 401) location.reload();
    else if (status >= 400) say("That did not work. Nothing was changed; reload the page.");
  });
  document.addEventListener("htmx:after:settle", () => {
    if (held.id && !document.activeElement?.closest?.(".line") && document.activeElement === document.body) {
      const line = document.getElementById(`c${held.id}`);
      if (line) link(line).focus({ preventScroll: true });
    }
  });
  fade();
  addEventListener("offline", () => say("You are offline. What is on the page stays; sending waits for the network."));

  showCurrent();
  showMarks();
  showSigns();
  goOn();
})();
