/* Writing a wire: sources offered at "[", quotations that find their source, suggestions taken with one key, saving by
   itself, and nothing lost while the network is down. Without this file the form works by its buttons. */
(() => {
  "use strict";
  const form = document.querySelector("#wire-form");
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (words) => { const live = $("#live"); if (live) { live.textContent = ""; requestAnimationFrame(() => { live.textContent = words; }); } };

  /* --- a list to choose from, at a textarea ------------------------------------------------------------------ */
  /* The sign opens a field of its own (ARIA combobox with a list): typing narrows, arrows move, Enter takes, and
     Escape goes back with what was typed, so that a plain bracket stays a plain bracket. */
  class Choice {
    constructor(area, { sign, label, options, take }) {
      Object.assign(this, { area, sign, options, take, begin: 0, at: -1, found: [] });
      this.box = document.createElement("div");
      this.box.className = "offer";
      this.box.hidden = true;
      this.list = document.createElement("ul");
      this.list.id = `${area.id}-offer`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", label);
      this.field = document.createElement("input");
      const traits = { type: "text", role: "combobox", "aria-label": label, "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false", autocomplete: "off", spellcheck: "false" };
      for (const [name, value] of Object.entries(traits)) this.field.setAttribute(name, value);
      this.box.append(this.field, this.list);
      area.after(this.box);
      area.addEventListener("input", (event) => { if (event.data === sign) this.open(); });
      this.field.addEventListener("input", (event) => { event.stopPropagation(); this.narrow(); });
      this.field.addEventListener("keydown", (event) => this.key(event));
      this.field.addEventListener("blur", () => { if (!this.box.hidden) this.leave(); });
      this.list.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        const option = event.target.closest("[role=option]");
        if (option) this.choose(Number(option.dataset.at));
      });
    }
    open() {
      this.begin = this.area.selectionStart - 1;
      const before = this.area.value[this.begin - 1] ?? "";
      if ((this.sign === "@" && /[\w.]/.test(before)) || before === "\\" || !this.options().length) return;
      this.box.hidden = false;
      this.field.value = "";
      this.field.setAttribute("aria-expanded", "true");
      this.narrow();
      this.box.scrollIntoView({ block: "nearest" });
      this.field.focus();
    }
    narrow() {
      if (/[\])]/.test(this.field.value)) { this.close(this.field.value); return; }
      const wanted = this.field.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.found = this.options().filter((o) => wanted.every((w) => o.words.toLowerCase().includes(w))).slice(0, 9);
      this.list.replaceChildren(...this.found.map((option, at) => {
        const line = document.createElement("li");
        line.id = `${this.list.id}-${at}`;
        line.dataset.at = at;
        line.setAttribute("role", "option");
        const name = document.createElement("b");
        name.textContent = option.name;
        line.append(name, ` ${option.rest}`);
        return line;
      }));
      this.move(0);
      if (!this.found.length) say("No source is like this. Escape leaves it as text.");
    }
    move(to) {
      this.at = this.found.length ? (to + this.found.length) % this.found.length : -1;
      $$("[role=option]", this.list).forEach((line, at) => {
        line.setAttribute("aria-selected", String(at === this.at));
        if (at === this.at) line.scrollIntoView({ block: "nearest" });
      });
      if (this.at < 0) this.field.removeAttribute("aria-activedescendant");
      else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    }
    hide() {
      this.box.hidden = true;
      this.field.setAttribute("aria-expanded", "false");
      this.area.focus();
    }
    close(words) {
      this.hide();
      const at = this.begin + this.sign.length;
      this.area.setRangeText(words, at, at, "end");
      if (words) this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    leave() {
      const words = this.field.value;
      this.box.hidden = true;
      this.field.setAttribute("aria-expanded", "false");
      if (words) { const at = this.begin + this.sign.length; this.area.setRangeText(words, at, at, "end"); }
    }
    choose(at) {
      const option = this.found[at];
      this.hide();
      if (option) this.take(option, this.begin, this.begin + this.sign.length);
    }
    key(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = {
        ArrowDown: () => this.move(this.at + 1), ArrowUp: () => this.move(this.at - 1),
        Enter: () => (this.at < 0 ? this.close(this.field.value) : this.choose(this.at)), Tab: () => this.choose(this.at),
        Escape: () => this.close(this.field.value), Backspace: () => this.close(""),
      };
      if (!acts[event.key] || (event.key === "Backspace" && this.field.value)) return;
      event.preventDefault();
      event.stopPropagation();
      acts[event.key]();
    }
  }

  const note = $("#note-text");
  if (note) new Choice(note, {
    sign: "@",
    label: "Editors to call",
    options: () => note.dataset.names.split(" ").filter(Boolean).map((name) => ({ name, rest: "", words: name })),
    take: (option, begin, end) => note.setRangeText(`@${option.name} `, begin, end, "end"),
  });

  /* The guide's paragraph of the field one is in. The page has the first; the others come when another is wanted. */
  let guide = null;
  async function wholeGuide(aside) {
    const answer = await fetch(aside.dataset.from);
    if (!answer.ok) throw new Error("no guide");
    const place = $(".scroll", aside);
    const known = new Set($$("section", place).map((part) => part.id));
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.append(...$$("section", parts).filter((part) => !known.has(part.id)));
  }
  let guided = "";
  document.addEventListener("focusin", async (event) => {
    const field = event.target.closest?.("[data-guide]");
    const aside = $(".guide[data-from]");
    if (!field || !aside) return;
    guided = field.dataset.guide;
    if (!document.getElementById(`guide-${guided}`)) {
      try { await (guide ??= wholeGuide(aside)); } catch { guide = null; return; }
    }
    const wanted = document.getElementById(`guide-${guided}`);
    if (wanted) for (const part of $$(".guide section")) part.hidden = part !== wanted;
  });

  /* What was typed here and not saved, of a wire that is no draft any more: shown, never dropped by itself. */
  const clock = (at) => new Date(at).toISOString().slice(11, 16);  // UTC, as everything that the server says
  const sheet = $("[data-wire]");
  const mine = (name) => sheet && name.startsWith(`wire ${sheet.dataset.wire} `) && name.endsWith(` ${sheet.dataset.who}`);
  function leftovers() {
    for (const name of Object.keys(localStorage).filter(mine)) {
      const kept = JSON.parse(localStorage.getItem(name) ?? "null");
      if (!kept || kept.isSent) { localStorage.removeItem(name); continue; }
      const box = document.createElement("details");
      box.className = "kept";
      const words = document.createElement("summary");
      words.textContent = `What you typed here at ${clock(kept.at)} was not saved: the wire went out meanwhile. It is kept in this browser.`;
      const text = document.createElement("pre");
      text.textContent = kept.values.filter(([, value]) => value).map(([field, value]) => `${field}: ${value}`).join("\n\n");
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = "Drop it";
      drop.addEventListener("click", () => { localStorage.removeItem(name); box.remove(); });
      box.append(words, text, drop);
      $(".sheet").prepend(box);
    }
  }
  if (!form) {
    try { leftovers(); } catch { /* this browser keeps nothing */ }
    return;
  }

  /* --- citing ------------------------------------------------------------------------------------------------- */
  const body = $("#body");
  let token = $("[name=csrf]", form).value;
  const path = form.getAttribute("action");
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
  const title = (words) => (words ? ` "${words.replace(/\s+/g, " ").replace(/["\\]/g, "\\$&").trim()}"` : "");
  const citation = (article, words) => `[source](article:${article}${title(words)})`;
  const sources = () => $$(".citables li[data-article]", form).map((line) => ({
    id: line.dataset.article, name: line.dataset.publisher, rest: line.dataset.title, words: `${line.dataset.publisher} ${line.dataset.title} ${line.dataset.article}`,
  }));
  function tick(article) {
    const box = $(`#source-${article}`);
    if (box) box.checked = true;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-cite]");
    if (!button) return;
    const at = body.selectionEnd ?? body.value.length;
    body.focus();
    cite(body, sources().find((s) => s.id === button.dataset.cite), at, at);
  });
  /* A quotation that ends where the citation is put is kept with it, where that article says it. */
  const quoted = (before) => before.match(/[“"«„]([^“”"«»„\n]{12,600})[”"»“][.,;:]?\s*$/)?.[1] ?? "";
  async function cite(area, option, begin, end) {
    const before = area.value.slice(0, begin);
    const gap = before && !/\s$/.test(before) ? " " : "";
    area.setRangeText(gap + citation(option.id, ""), begin, end, "end");
    tick(option.id);
    changed(area);
    const words = quoted(before);
    if (!words) return;
    const answer = await find(words);
    if (answer && String(answer.article) === option.id) {
      swap(area, gap + citation(option.id, ""), citation(option.id, answer.passage), begin, gap);
      tell(`The quotation is kept with the citation of ${answer.publisher}.`);
    }
  }
  function swap(area, plain, full, begin, gap) {
    if (area.value.slice(begin, begin + plain.length) !== plain) return;
    area.setRangeText(gap + full, begin, begin + plain.length, "preserve");
    changed(area);
  }
  const tell = (words) => { const place = $("#quote-said"); if (place) place.textContent = words; };
  async function find(words) {
    try {
      const answer = await fetch(`${path}/quote`, { method: "POST", body: new URLSearchParams({ csrf: token, text: words }) });
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  }
  for (const area of [body, $("#counterfactual")]) new Choice(area, {
    sign: "[", label: "Sources of this wire", options: sources, take: (option, begin, end) => cite(area, option, begin, end),
  });

  /* A pasted quotation finds its source: the words go in at once, the citation follows. */
  body.addEventListener("paste", async (event) => {
    const words = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (words.length < 12 || words.length > 2000 || /\]\(|^https?:/.test(words)) return;
    const looked = find(words);
    tell("Looking for the source of what you pasted…");
    const answer = await looked;
    if (!answer) return tell("The source of what you pasted could not be looked for: there is no connection.");
    if (!answer.article) return tell("No article of this wire says what you pasted, to the letter.");
    const at = body.value.lastIndexOf(words);
    if (at < 0) return tell(`${answer.publisher} says this.`);
    const isMarked = /[“"«„]/.test(body.value[at - 1] ?? "") || /^[“"«„]/.test(words);
    const text = isMarked ? words : `“${words}”`;
    body.setRangeText(`${text} ${citation(answer.article, answer.passage)}`, at, at + words.length, "end");
    tick(answer.article);
    changed(body);
    tell(`${answer.publisher} says this; it is cited, and the passage kept${answer.is_kept ? " with its snapshot" : ""}.`);
  });

  /* --- Markdown by key ------------------------------------------------------------------------------------------ */
  function wrap(area, mark) {
    const { selectionStart: a, selectionEnd: b } = area;
    area.setRangeText(`${mark}${area.value.slice(a, b)}${mark}`, a, b, "select");
    area.setSelectionRange(a + mark.length, b + mark.length);
    changed(area);
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const isText = event.target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])");
    const area = event.target.matches?.("[data-editor]") ? event.target : null;
    if ((event.ctrlKey || event.metaKey) && area && (event.key === "b" || event.key === "i")) {
      event.preventDefault();
      wrap(area, event.key === "b" ? "**" : "*");
    } else if (event.key.toLowerCase() === "t" && !event.ctrlKey && !event.metaKey && (isText ? event.altKey : !event.altKey)) {
      if (takeNext(event.target)) event.preventDefault();
    }
  });

  /* --- suggestions: one key, and never by themselves ------------------------------------------------------------- */
  /* Pressed again, the key goes on: from the field one is in to the next that has a suggestion, each taken once. */
  const taken = new Set();
  const isSingle = (field) => !["codes", "providers"].includes(field);
  const nameOf = ({ dataset }) => (isSingle(dataset.field) ? dataset.field : `${dataset.field} ${dataset.value}`);
  function takeNext(from) {
    const here = from.closest?.(".field");
    const open = $$("[data-take]", form).filter((button) => !taken.has(nameOf(button)));
    const isPast = (button) => here && !here.contains(button) && here.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_PRECEDING;
    const button = open.find((one) => !isPast(one)) ?? open[0];
    if (!button) { say("No suggestion is left."); return false; }
    const field = button.closest(".field");
    button.click();
    if (field !== here || !from.matches("textarea, select, input")) field.focus();
    return true;
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    event.preventDefault();
    const { field, value } = button.dataset;
    taken.add(nameOf(button));
    if (field === "providers") offerProvider(value, $("b", button).textContent);
    if (field === "severity" || field === "codes" || field === "providers") {
      const box = $(`[name="${field}"][value="${CSS.escape(value)}"]`, form);
      if (box) { box.checked = true; box.closest("details")?.setAttribute("open", ""); box.focus(); }
    } else if (field === "but_for") {
      for (const [part, words] of Object.entries(JSON.parse(value))) $(`#test_${part}`, form).value = words ?? "";
      $("#test_outcome", form).focus();
    } else {
      const control = $(`[name="${field}"]`, form);
      control.value = value;
      control.focus();
    }
    say(`Taken over: ${$("b", button).textContent}`);
    changed(form);
    save({ take: `${field} ${value}` });
  });

  /* --- providers: ticked, or typed and found in the register by the server ------------------------------------- */
  const typed = $("#provider_name");
  const saidOfIt = $("#provider-said");
  function offerProvider(id, name) {
    const known = $(`[name="providers"][value="${CSS.escape(id)}"]`, form);
    if (known) { if (known.nextSibling.data === id) known.nextSibling.data = name; return; }
    const label = document.createElement("label");
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: "providers", value: id });
    label.append(box, name);
    $("#providers-chosen").append(label);
  }
  async function addProvider() {
    const name = typed.value.trim();
    saidOfIt.textContent = "";
    typed.removeAttribute("aria-invalid");
    if (!name) return;
    const answer = await save({});
    if (!answer) saidOfIt.textContent = `“${name}” is looked up when the draft is saved.`;
  }
  function providersOf(told, sent) {
    const name = new Map(sent).get("provider_name")?.trim() ?? "";
    const before = new Set($$("[name=providers]:checked", form).map((box) => box.value));
    for (const [id, words] of told.providers) offerProvider(id, words);
    if (!name || typed.value.trim() !== name) return;
    if (told.unknown) {
      typed.setAttribute("aria-invalid", "true");
      saidOfIt.textContent = `The register has no provider called “${told.unknown}”.`;
      return;
    }
    const added = told.providers.filter(([id]) => !before.has(id));
    for (const [id] of added) $(`[name="providers"][value="${CSS.escape(id)}"]`, form).checked = true;
    typed.value = "";
    preview();
    saidOfIt.textContent = added.length ? `Added: ${added.map(([, words]) => words).join(", ")}` : "It is ticked already.";
  }
  typed.addEventListener("input", (event) => { event.stopPropagation(); keep(); }); // half a name is nobody's
  typed.addEventListener("change", addProvider);
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    addProvider();
  });
  $("[data-add-provider]", form).addEventListener("click", (event) => { event.preventDefault(); addProvider(); typed.focus(); });

  /* Where nothing else is asked for, the keyboard begins at the headline, or at what held publication back: one Tab goes
     into the field, t takes over. */
  if (!location.hash && document.activeElement === document.body && matchMedia("(hover: hover)").matches) {
    const wanted = "refused" in form.dataset && $("#missing a[href^='#field-']");
    $(wanted ? wanted.hash : "#field-headline").focus({ preventScroll: true });
    document.activeElement.scrollIntoView({ block: "nearest" });
  }

  /* The but-for prose follows its data as long as nobody has changed it. */
  const prose = $("#counterfactual");
  let drafted = $("[data-draft-test]", form).dataset.prose;
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-draft-test]")) return;
    event.preventDefault();
    save({}).then((answer) => {
      if (!answer) return;
      if (!answer.prose) { tellMissing(); return; }
      const own = prose.value.trim();
      if (own !== answer.prose) prose.value = own && own !== drafted ? `${answer.prose}\n\n${own}` : answer.prose;
      drafted = answer.prose;
      changed(prose);
      prose.focus();
    });
  });
  function tellMissing() {
    const empty = $$(".test input, .test select", form).find((c) => !c.value);
    say("The prose is drafted when every part is said.");
    empty?.focus();
  }

  /* --- values, and what is kept in this browser ------------------------------------------------------------------- */
  const key = `wire ${form.dataset.wire} ${form.dataset.number} ${form.dataset.who}`;
  const store = {
    get: () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (kept) => { try { localStorage.setItem(key, JSON.stringify(kept)); return true; } catch { return false; } },
    drop: () => { try { localStorage.removeItem(key); } catch { /* private window */ } },
  };
  let base = JSON.parse(form.dataset.base);
  let version = $("#version").value;
  const isControl = (name) => !["csrf", "version", "publish_at"].includes(name);
  const values = () => [...new FormData(form)].filter(([name]) => isControl(name));
  function fill(pairs) {
    const wanted = new Map();
    for (const [name, value] of pairs) {
      wanted.set(name, [...(wanted.get(name) ?? []), value]);
      if (name === "providers") offerProvider(value, value); // its name comes with the next answer
    }
    for (const control of form.elements) {
      if (!control.name || !isControl(control.name) || control.type === "submit" || control.type === "hidden") continue;
      const given = wanted.get(control.name) ?? [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
      else if (control.value !== (given[0] ?? "")) control.value = given[0] ?? "";
    }
  }
  const pairsOf = (record) => Object.entries(record).flatMap(([name, value]) => (Array.isArray(value) ? value.map((v) => [name, v]) : [[name, value]]));

  /* --- saving ------------------------------------------------------------------------------------------------------- */
  const saved = $("#saved");
  let isDirty = false;
  let isOut = 0; // since when there is no connection
  let running = null;
  let timer = 0;
  let retry = 0;
  let pause = 2000;
  function state(words, name) {
    saved.textContent = words;
    if (name) saved.dataset.state = name; else delete saved.dataset.state;
  }
  function keep() {
    const isKept = store.set({ version, base, values: values(), at: Date.now(), isOut: Boolean(isOut) });
    if (!isKept && isOut) state("No connection, and this browser keeps nothing: copy your text before you leave.", "lost");
    return isKept;
  }
  form.addEventListener("input", () => {
    isDirty = true;
    if (!isOut) state("Changed, not saved", "changed");
    keep();
    clearTimeout(timer);
    timer = setTimeout(() => save({}), 2000);
    clearTimeout(previewing);
    previewing = setTimeout(preview, 500);
  });

  /* One save at a time: a second waits for the first, so that no answer overtakes another. */
  function save(more) {
    clearTimeout(timer);
    const next = (running ?? Promise.resolve()).then(() => send(more)).finally(() => { if (running === next) running = null; });
    running = next;
    return next;
  }
  async function send(more) {
    const sent = values();
    const form_ = new URLSearchParams([...sent, ["csrf", token], ["version", version], ...Object.entries(more)]);
    if (isOut) form_.append("base", JSON.stringify(base));
    let answer;
    try {
      answer = await fetch(path, { method: "POST", body: form_, headers: { accept: "application/json" }, redirect: "manual" });
    } catch { return isGone(); }
    if (answer.status === 502 || answer.status === 503 || answer.status === 504) return isGone();
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
      keep();
      state("Not saved: you are signed out. Your text is kept in this browser; sign in again in another tab, then go on here.", "changed");
      renew();
      return null;
    }
    const told = await answer.json().catch(() => ({ problem: "Not saved: Monitor answered with an error. Your text is kept in this browser." }));
    if (!answer.ok) return refused(told, answer.status);
    return isSaved(told, sent);
  }
  /* Signed in again in another tab: the forms of this page take the new session's token. */
  async function renew() {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
      const fresh = $("#wire-form [name=csrf]", page)?.value;
      if (fresh && fresh !== token) {
        for (const field of $$("[name=csrf]")) field.value = fresh;
        token = fresh;
        return again(0);
      }
    } catch { /* asked again below */ }
    return again(15000);
  }
  function isGone() {
    isOut ||= Date.now();
    if (keep()) state(`No connection since ${clock(isOut)}. Your text is kept in this browser and is saved when the connection is back.`, "offline");
    say("No connection. Your text is kept in this browser.");
    again(pause);
    pause = Math.min(pause * 1.5, 15000);
    return null;
  }
  function again(wait) {
    clearTimeout(retry);
    retry = setTimeout(() => save({}), wait);
  }
  addEventListener("online", () => { if (isOut) save({}); });
  function refused(told, status) {
    keep();
    state(status === 409 && told.by ? `Not saved: ${told.problem}` : told.problem, "stale");
    say(told.problem);
    if (status === 409 && told.by) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Compare both texts";
      button.addEventListener("click", () => { $("#version").value = version; leave(); form.requestSubmit($("[data-save]")); });
      saved.append(" ", button);
    }
    return null;
  }
  function isSaved(told, sent) {
    const wasOut = isOut;
    const now = values();
    const isSame = JSON.stringify(now) === JSON.stringify(sent);
    version = String(told.version);
    base = told.draft;
    $("#version").value = version;
    isOut = 0;
    pause = 2000;
    clearTimeout(retry);
    providersOf(told, sent);
    if (told.is_merged && isSame) fill(pairsOf(told.values));
    isDirty = !isSame;
    if (isSame) store.drop(); else { keep(); timer = setTimeout(() => save({}), 500); }
    const back = wasOut ? ". The connection is back, and nothing was lost" : "";
    state(isSame ? told.words + back : "Changed, not saved", isSame ? "" : "changed");
    if (wasOut || told.is_merged) { say(told.words + back); preview(); }
    parts(told);
    return told;
  }
  function parts(told) {
    $("#missing").innerHTML = told.missing;
    const open = $$("#check details[open] summary").map((s) => s.textContent);
    $("#check").innerHTML = told.check;
    for (const summary of $$("#check details summary")) if (open.includes(summary.textContent)) summary.parentElement.open = true;
    const missing = new Set(told.fields.map((name) => `field-${name}`));
    for (const field of $$(".field")) field.classList.toggle("is-missing", missing.has(field.id));
    for (const [field, html] of Object.entries(told.suggestions)) {
      const place = $(`#suggest-${field}`);
      if (place && !place.contains(document.activeElement)) place.innerHTML = html;
    }
    $("[data-publish] span").textContent = told.release;
    if (told.prose && prose.value.trim() === drafted && drafted) { prose.value = told.prose; drafted = told.prose; }
  }

  /* Leaving: a submitted form takes its text along. */
  let isLeaving = false;
  const leave = () => {
    isLeaving = true;
    store.set({ version, base, values: values(), at: Date.now(), isSent: true });
  };
  form.addEventListener("submit", () => { leave(); state("Sent; waiting for the answer…"); });
  addEventListener("pageshow", () => { isLeaving = false; });
  addEventListener("beforeunload", (event) => { if (isDirty && !isLeaving && !keep()) event.preventDefault(); });
  addEventListener("pagehide", () => { if (isDirty) keep(); });

  /* What was kept when the page was left comes back, and is saved: merged with what others saved meanwhile. */
  const kept = store.get();
  if (kept && !("refused" in form.dataset)) {
    const plain = (pairs) => JSON.stringify(pairs.map(([name, value]) => [name, String(value).replace(/\r\n/g, "\n").trim()]));
    const isNews = plain(kept.values) !== plain(values());
    const isKnown = kept.isSent && String(kept.version) !== version && form.dataset.editor === form.dataset.who;
    if (isNews && !isKnown) {
      const words = `What you typed here at ${clock(kept.at)} was kept in this browser, and is back.`;
      version = String(kept.version);
      base = kept.base;
      isOut = kept.at;
      isDirty = true;
      fill(kept.values);
      const place = $("#kept");
      place.hidden = false;
      place.textContent = words;
      save({});
    } else store.drop();
  }

  /* --- preview: in a shadow root, so that the site's type and the desk's do not meet --------------------------------- */
  let previewing = 0;
  let turn = 0;
  async function preview() {
    const host = $("[data-preview]");
    const paper = host?.shadowRoot?.querySelector("[data-paper]");
    if (!paper) return;
    const mine = ++turn;
    try {
      const answer = await fetch(host.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok && mine === turn) paper.innerHTML = await answer.text();
    } catch { /* said beside the buttons */ }
  }

  /* --- jumping to what is missing ---------------------------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#missing a, #check a");
    if (!link || !link.hash.startsWith("#field-")) return;
    event.preventDefault();
    const field = $(link.hash);
    const control = $("textarea, input:not([type=hidden]), select", field) ?? field;
    field.scrollIntoView({ block: "center" });
    control.focus();
    if (link.dataset.line && control.matches("textarea")) selectLine(control, Number(link.dataset.line));
  });
  function selectLine(area, line) {
    const lines = area.value.split("\n");
    const begin = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    let last = line - 1;
    while (last + 1 < lines.length && lines[last + 1].trim()) last += 1;
    const end = begin + lines.slice(line - 1, last + 1).join("\n").length;
    area.setSelectionRange(begin, end);
    area.scrollTop = area.scrollHeight * ((line - 1) / lines.length) - area.clientHeight / 3;
  }

  /* --- keys of the form ----------------------------------------------------------------------------------------------- */
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    if (event.key === "s") { event.preventDefault(); event.stopImmediatePropagation(); save({}); }
    if (event.key === "Enter") {
      event.preventDefault();
      event.stopImmediatePropagation();
      (running ?? Promise.resolve()).then(() => { leave(); form.requestSubmit($("[data-publish]")); });
    }
  }, true);
})();
