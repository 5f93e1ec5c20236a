/* Marking many lines: a range with Shift, and the way to decide on what is marked. The marks themselves are desk.js's. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const boxes = () => $$("#lines > .line > .mark");
  let last = null;  // the line that was marked last
  function mark(box, isMarked) {
    if (box.checked === isMarked) return;
    box.checked = isMarked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  /* From the line that was marked last, else the nearest that is marked, to this one. */
  function range(to) {
    const all = boxes();
    const here = all.indexOf(to);
    const near = all.map((box, place) => ({ box, away: Math.abs(place - here) })).filter(({ box }) => box.checked && box !== to);
    const from = all.find((box) => box.value === last && box !== to && box.checked) ?? near.sort((a, b) => a.away - b.away)[0]?.box ?? to;
    const [first, end] = [all.indexOf(from), here].sort((a, b) => a - b);
    for (const box of all.slice(first, end + 1)) mark(box, true);
    last = to.value;
  }
  /* The focus stays where it is: it unfolds reasons under its line, and what is clicked would move away meanwhile. */
  document.addEventListener("mousedown", (event) => { if (event.target.matches?.("#lines > .line > .mark")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("#lines > .line > .mark");
    if (!box) return;
    if (event.shiftKey && box.checked) range(box);
    last = box.value;
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.(".line > .mark")) return;
    setTimeout(show);  // once desk.js has kept it
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-press="X"]')) return;
    const line = document.activeElement?.closest?.("#lines > .line") ?? $("#lines > .line[aria-current]");
    if (line) range($(".mark", line));
  });
  /* What is marked, over all pages of the queue: desk.js keeps it for the session. */
  const marked = () => { try { return (sessionStorage.getItem("marked") ?? "").split(" ").filter(Boolean); } catch { return boxes().filter((box) => box.checked).map((box) => box.value); } };
  function show() {
    const bar = $("#marked");
    if (!bar) return;
    const count = marked().length;
    $("[data-marked-count]", bar).textContent = count ? `${count} marked` : "";
    bar.classList.toggle("is-held", count > 0);
  }
  /* Those on other pages of the queue go along. */
  document.addEventListener("submit", (event) => {
    const bar = event.target;
    if (bar.id !== "marked") return;
    const here = new Set(boxes().map((box) => box.value));
    for (const old of $$("input[data-held]", bar)) old.remove();
    const rest = marked().filter((id) => !here.has(id));
    if (!rest.length) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "marked", value: rest.join(" ") });
    field.dataset.held = "";
    bar.append(field);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-unmark]")) return;
    for (const box of boxes()) mark(box, false);
    try { sessionStorage.removeItem("marked"); } catch { /* private window */ }
    show();
  });
  /* Once it is stated, nothing is marked any more. */
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/desk/bulk" && event.target.elements.items) try { sessionStorage.removeItem("marked"); } catch { /* private window */ }
  });
  document.addEventListener("desk:lines", show);
  document.addEventListener("htmx:after:swap", show);
  const open = $(".bulk details.menu[open] textarea");
  if (open) open.focus();
  show();
})();
