/* Fields that take a number and find it by words: what is typed is looked up, an arrow and Enter put the number in. */
(() => {
  "use strict";
  const WAIT_MS = 120;
  const isNumber = (word) => /^#?\d+$/.test(word);
  const words = (field) => field.value.split(/[\s,]+/).filter(Boolean);
  /* Numbers in front are taken already. What follows is looked for; where nothing does, the last of them, to see what
     it is. */
  function parts(field) {
    const said = words(field);
    const first = said.findIndex((word) => !isNumber(word));
    const taken = (first < 0 ? said : said.slice(0, first)).map((word) => word.replace("#", ""));
    return { taken, text: first < 0 ? "" : said.slice(first).join(" ") };
  }
  function asked(field) {
    const { taken, text } = parts(field);
    return text || (taken.at(-1) ?? "");
  }
  const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
  const options = (field) => [...(listOf(field)?.children ?? [])];
  let timer = 0;
  let turn = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-find]")) return;
    if (parts(field).text) event.stopPropagation();  // words are no numbers yet: nobody need complain of them
    clearTimeout(timer);
    timer = setTimeout(() => look(field), WAIT_MS);
  }, true);
  async function look(field) {
    const mine = ++turn;
    const text = asked(field);
    if (!text) return shut(field);
    const address = new URL(field.dataset.find, location.href);
    address.searchParams.set("text", text);
    try {
      const answer = await fetch(address);
      if (mine !== turn || !answer.ok || answer.redirected || !field.isConnected) return;
      const list = listOf(field);
      list.replaceChildren(...new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html").querySelectorAll("li"));
      options(field).forEach((option, place) => { option.id = `${list.id}-${place}`; });
      if (!options(field).length && !isNumber(text)) {
        const none = document.createElement("li");
        none.className = "muted";
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        none.textContent = `Nothing says “${text}”.`;
        list.append(none);
      }
      list.hidden = !list.children.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      point(field, null);
    } catch { /* the numbers still work */ }
  }
  function shut(field) {
    const list = listOf(field);
    turn += 1;
    if (!list) return;  // the part of the page was replaced
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  const picked = (field) => listOf(field).querySelector("[aria-selected=true]");
  function point(field, option) {
    for (const each of options(field)) each.setAttribute("aria-selected", String(each === option));
    if (option) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else field.removeAttribute("aria-activedescendant");
  }
  function take(field, option) {
    const { taken, text } = parts(field);
    const kept = text ? taken : taken.slice(0, -1);
    field.value = "many" in field.dataset ? [...new Set([...kept, option.dataset.value])].join(" ") : option.dataset.value;
    shut(field);
    field.focus();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  /* Of the field's own: which of what was found is meant. */
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-find]") || (listOf(field)?.hidden ?? true) || event.isComposing) return;
    const all = options(field).filter((option) => option.dataset.value);
    const here = all.indexOf(picked(field));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) point(field, all[(here + step + all.length + (here < 0 && step < 0 ? 1 : 0)) % all.length]);
    } else if (event.key === "Enter" && (picked(field) || !words(field).every(isNumber))) {
      const option = picked(field) ?? (all.length === 1 ? all[0] : null);
      if (option) take(field, option); else if (all.length) point(field, all[0]);
    } else if (event.key === "Escape") shut(field);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.(".found [data-value]");
    if (!option) return;
    event.preventDefault();
    const field = document.querySelector(`[aria-controls="${option.parentElement.id}"]`);
    if (field) take(field, option);
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches?.("[data-find]")) setTimeout(() => { if (document.activeElement !== event.target) shut(event.target); }, 150); });

  /* A long list of options comes when somebody opens the menu it stands in. */
  document.addEventListener("toggle", async (event) => {
    const select = event.target.open ? event.target.querySelector("select[data-options]") : null;
    if (!select) return;
    const from = select.dataset.options;
    delete select.dataset.options;
    try {
      const answer = await fetch(from);
      if (!answer.ok || answer.redirected) throw new Error("not here");
      const chosen = select.value;
      const page = new DOMParser().parseFromString(`<select>${await answer.text()}</select>`, "text/html");
      select.replaceChildren(...page.querySelectorAll("option"));
      select.value = chosen;
    } catch { select.dataset.options = from; }  // those that stand there can be chosen all the same
  }, true);
})();
