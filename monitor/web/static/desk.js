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
  const lines = () => $$("#lines .line");
  const link = (line) => $(".headline", line);
  const current = () => {
    const held = document.activeElement?.closest?.(".line");
    return held ?? $("#lines .line[aria-current]");
  };
  const isWide = () => matchMedia("(min-width: 1100px)").matches;

  function move(step) {
    const all = lines();
    if (!all.length) return;
    const here = all.indexOf(current());
    const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
    link(next).focus();
    next.scrollIntoView({ block: "nearest" });
    if ($("#detail:not([hidden])") && isWide()) link(next).click();
  }

  function showCurrent() {
    const id = $("#detail:not([hidden])")?.dataset.id;
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
  });

  /* After a decision that leaves the queue, go on with the line that stood below. */
  function rememberNext(form) {
    if (!/\/(reject|snooze|attach)$/.test(form.getAttribute("action") ?? "")) {
      if (/\/merge$/.test(form.getAttribute("action") ?? "")) { marks.clear(); remembered.drop("marked"); }
      return;
    }
    const all = lines();
    const here = all.findIndex((line) => line.dataset.id === $("#detail")?.dataset.id);
    const next = all[here + 1] ?? all[here - 1];
    if (next) remembered.set("next", next.dataset.id);
  }
  function goOn() {
    const next = remembered.get("next");
    remembered.drop("next");
    const line = next && document.getElementById(`c${next}`);
    if (line) link(line).focus();
  }

  /* --- forms ---------------------------------------------------------------------------------------------- */
  let isSaving = false;
  let waiting = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.id === "wire-form" && isSaving) { event.preventDefault(); waiting = event.submitter; return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    rememberNext(form);
    sayWaiting(form);
    if (!form.hasAttribute("data-stays")) form.dataset.sent = "yes";
    isSubmitting = true;
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
    isSubmitting = false;
  });

  function press(action) {
    const form = $(`#detail form[data-action="${action}"]`) ?? $(`.toast form[data-action="${action}"]`);
    if (!form) return pressButton(action);
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
    $("input:not([type=hidden]), textarea, button", $("form", menu)).focus();
    return true;
  }
  const menuOpen = () => $("details[data-menu][open]");
  function letter(key) {
    const button = menuOpen()?.querySelector(`[data-letter="${key}"]`);
    if (!button) return false;
    button.form.requestSubmit(button);
    return true;
  }
  document.addEventListener("click", (event) => {
    const open = menuOpen();
    if (open && !open.contains(event.target)) open.open = false;
    const keys = event.target.closest?.("[data-keys]");
    if (keys && $("#keys")) { event.preventDefault(); $("#keys").showModal(); }
  });
  document.addEventListener("toggle", (event) => { if (event.target.matches?.("[data-menu]")) showMarks(); }, true);

  /* --- the keyboard --------------------------------------------------------------------------------------- */
  const isTyping = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  let isGoing = false;
  function go(key) {
    isGoing = false;
    const target = $(`[data-go="${key}"]`);
    if (target) target.click();
    return Boolean(target);
  }
  const keys = {
    j: () => move(1), k: () => move(-1), ArrowDown: null, ArrowUp: null,
    x: () => { const box = current() && $(".mark", current()); if (box) { box.checked = !box.checked; keepMark(box); } return Boolean(box); },
    a: () => press("a"), c: () => press("c"), u: () => press("u"),
    r: () => openMenu("r"), s: () => openMenu("s"), m: () => openMenu("m"), v: () => openMenu("v"),
    g: () => { isGoing = true; setTimeout(() => { isGoing = false; }, 1500); say("Go to: q queue, w wires, s sources, a account, p site"); },
    "/": () => { const field = $("#filter"); field?.focus(); field?.select(); return Boolean(field); },
    "?": () => $("#keys")?.showModal(),
    o: () => { const line = current(); if (line) link(line).click(); return Boolean(line); },
    n: () => pressButton("n"), p: () => pressButton("p"), h: () => pressButton("h"), e: () => pressButton("e"), b: () => pressButton("b"),
    d: () => openMenu("d"),
    Escape: () => escape(),
  };
  function escape() {
    const open = menuOpen();
    if (open) { open.open = false; $("summary", open).focus(); return; }
    const back = $("#detail:not([hidden]) [data-back]");
    if (back) { remembered.set("next", $("#detail").dataset.id); location.assign(back.href); }
    else if ($("[data-back]")) { remembered.set("next", $("[data-back]").dataset.back); location.assign($("[data-back]").href); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing || $("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) return shortcut(event);
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); if (!menuOpen()) return; }
    else if (isTyping(event.target)) return;
    const isDone = isGoing ? go(event.key) : (menuOpen() && letter(event.key)) || (keys[event.key] && keys[event.key]() !== false);
    if (isDone) event.preventDefault();
  });
  function shortcut(event) {
    const form = $("#wire-form");
    if (!form) return;
    if (event.key === "s") { event.preventDefault(); form.requestSubmit($("[data-save]", form.ownerDocument)); }
    if (event.key === "Enter") { event.preventDefault(); const button = $("[data-publish]"); if (button) form.requestSubmit(button); }
  }

  /* --- the wire form -------------------------------------------------------------------------------------- */
  document.addEventListener("focusin", (event) => {
    const field = event.target.closest?.("[data-guide]");
    if (!field) return;
    const wanted = document.getElementById(`guide-${field.dataset.guide}`);
    if (!wanted) return;
    for (const part of $$(".guide section")) part.hidden = part !== wanted;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-cite]");
    if (!button) return;
    const body = $("#body");
    const mark = `[source](article:${button.dataset.cite})`;
    const at = body.selectionEnd ?? body.value.length;
    const gap = at > 0 && !/\s/.test(body.value[at - 1]) ? " " : "";
    body.setRangeText(gap + mark, at, at, "end");
    const box = $(`#source-${button.dataset.cite}`);
    if (box) box.checked = true;
    body.focus();
    body.dispatchEvent(new Event("input", { bubbles: true }));
  });
  /* The preview lives in a shadow root, so that the site's type and the desk's do not meet. */
  let previewTimer = 0;
  let previewTurn = 0;
  async function preview() {
    const host = $("[data-preview]");
    const paper = host?.shadowRoot?.querySelector("[data-paper]");
    const form = $("#wire-form");
    if (!paper || !form) return;
    const turn = ++previewTurn;
    try {
      const answer = await fetch(host.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok && turn === previewTurn) paper.innerHTML = await answer.text();
    } catch { say("The preview waits for the network. What you type stays."); }
  }
  let isChanged = false;
  let isSubmitting = false;
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.("#wire-form")) return;
    isChanged = true;
    clearTimeout(previewTimer);
    previewTimer = setTimeout(preview, 500);
    const saved = $("#saved");
    if (saved && saved.dataset.state !== "changed") { saved.dataset.state = "changed"; saved.textContent = "Changed, not saved"; }
  });
  addEventListener("beforeunload", (event) => { if (isChanged && !isSubmitting) event.preventDefault(); });

  /* --- what htmx brings ------------------------------------------------------------------------------------ */
  document.addEventListener("htmx:after:swap", () => {
    if ($("#missing")) {
      const missing = new Set($$("#missing a").map((a) => a.hash.slice(1)));
      for (const field of $$(".field")) field.classList.toggle("is-missing", missing.has(field.id));
    }
    showCurrent();
    showMarks();
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
    if (event.target.id === "saved") isSaving = true;
    if (event.target.id === "standing" && event.target.contains(document.activeElement)) { event.preventDefault(); return; }
    held.id = document.activeElement?.closest?.(".line")?.dataset.id ?? null;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.raw?.status;
    if (status === 401) location.reload();
    else if (status >= 400) say("That did not work. Nothing was changed; reload the page.");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.target.id !== "saved" && !isSaving) return;
    isSaving = false;
    isChanged = $("#saved")?.dataset.state === "changed";
    if (waiting !== null) { const button = waiting; waiting = null; $("#wire-form").requestSubmit(button); }
  });
  document.addEventListener("htmx:after:settle", () => {
    if (held.id && !document.activeElement?.closest?.(".line") && document.activeElement === document.body) {
      const line = document.getElementById(`c${held.id}`);
      if (line) link(line).focus({ preventScroll: true });
    }
  });
  for (const toast of $$("[data-fades]")) setTimeout(() => { if (!toast.contains(document.activeElement)) toast.remove(); }, 10000);
  addEventListener("offline", () => say("You are offline. What is on the page stays; sending waits for the network."));

  showCurrent();
  showMarks();
  goOn();
})();
