"use strict";
// The page says everything without this: it adds filters, copying, and the opening of what a link leads to.
(() => {
  const filters = document.getElementById("filters");
  const rules = [...document.querySelectorAll(".rule")];
  const words = JSON.parse(document.body.dataset.words || "{}");
  const say = (text, values = {}) =>
    Object.entries(values).reduce((told, [name, value]) => told.replace(`{${name}}`, value), words[text] || text);
  // As in the text: 1,058 in English, 1058 in Chinese.
  const figure = (number) => number.toLocaleString("en", { useGrouping: document.documentElement.lang === "en" });
  const topics = [...document.querySelectorAll(".topic")];
  const texts = new Map(rules.map((rule) => [rule, rule.textContent.toLowerCase()]));

  // ── filters ──

  const shows = (rule, wanted) =>
    wanted.words.every((word) => texts.get(rule).includes(word)) &&
    (!wanted.verdicts.length || wanted.verdicts.includes(rule.dataset.verdict)) &&
    ["mode", "basis", "level"].every((name) => !wanted[name] || rule.dataset[name] === wanted[name]);

  const filter = () => {
    const form = new FormData(filters);
    const wanted = {
      words: form.get("text").toLowerCase().split(/\s+/).filter(Boolean),
      verdicts: form.getAll("verdict"),
      mode: form.get("mode"),
      basis: form.get("basis"),
      level: form.get("level"),
    };
    let shown = 0;
    for (const rule of rules) {
      rule.hidden = !shows(rule, wanted);
      shown += !rule.hidden;
    }
    for (const topic of topics) topic.hidden = !topic.querySelector(".rule:not([hidden])");
    document.getElementById("none").hidden = shown > 0;
    const all = say("{count} rules", { count: figure(rules.length) });
    filters.elements.count.value = shown === rules.length ? all : say("{shown} of {all}", { shown: figure(shown), all });
  };

  const unfold = filters.elements.unfold;
  const setOpen = (open) => {
    for (const rule of rules) if (!rule.hidden || !open) rule.open = open;
    unfold.textContent = say(open ? "Close all" : "Open all");
  };

  filters.hidden = false;
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(filter));
  unfold.addEventListener("click", () => setOpen(unfold.textContent === say("Open all")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    filters.elements.text.focus();
  });

  // A count of the table shows its rules.
  for (const cell of document.querySelectorAll(".matrix td[data-mode]:not(.zero)")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    const { mode, basis, verdict } = cell.dataset;
    const label = { count: cell.textContent, mode: say(mode), basis: say(basis), verdict: say(verdict.replace("_", " ")) };
    button.setAttribute("aria-label", say("{count}: show these rules ({mode}, {basis}, {verdict})", label));
    button.addEventListener("click", () => {
      filters.reset();
      filters.elements.mode.value = mode;
      filters.elements.basis.value = basis;
      for (const box of filters.querySelectorAll("[name=verdict]")) box.checked = box.value === verdict;
      setTimeout(() => {
        filter();
        document.getElementById("all").scrollIntoView();
      });
    });
    cell.replaceChildren(button);
  }

  // ── links ──

  const follow = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const rule = place && place.closest(".rule");
    if (!rule) return;
    if (rule.hidden) {
      filters.reset();
      filter();
    }
    rule.open = true;
    rule.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) setTimeout(follow);
  });
  follow();

  // ── copying ──

  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  for (const block of document.querySelectorAll(".copyable")) {
    const text = block.querySelector("code");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say("Copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        select(text); // a page from a file may not write to the clipboard; the copy command of the keyboard will
        if (!document.execCommand("copy")) return;
      }
      button.textContent = say("Copied");
      setTimeout(() => (button.textContent = say("Copy")), 2000);
    });
    block.prepend(button);
  }

  // ── paper ──

  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("#failed details.body:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
})();
