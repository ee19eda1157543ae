// What is around the lists: the head with world, search and clock, the tabs, the buttons that do something, the foot.

import { perform, reset } from "./actions.js";
import { clockView } from "./clock.js";
import { foot } from "./code.js";
import { h } from "./dom.js";
import { openBind, openCall, openSms } from "./forms.js";
import { linkTo } from "./rows.js";
import { changed, loadContract, reload, state } from "./store.js";
import { choose, others, t } from "./words.js";

const THEMES = ["auto", "light", "dark"];
const SETTLES_MS = 250;

export function page(tabs, parts, loading) {
  return [
    h("a", { class: "skip", href: "#main", onclick: skip }, t("skip")),
    head(),
    navigation(tabs),
    state.world?.faults.length ? h("p", { class: "banner", role: "note" }, t("faults.on"), " ", h("a", { href: linkTo("faults") }, t("tab.faults"))) : h("p", { class: "banner none", hidden: true }),
    h("main", { id: "main", tabindex: -1, "aria-busy": String(loading), "data-place": place(), class: parts.length > 1 ? `two ${state.id ? "with-detail" : ""}` : "one" }, parts),
    foot(state.last),
  ];
}

const place = () => [state.worldId, state.tab, state.id].filter(Boolean).join("/");

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

function head() {
  return h(
    "header",
    { class: "head" },
    h("h1", {}, "privnum"),
    h("span", { class: `live ${state.live}`, role: "status", title: t(`live.${state.live}`) }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", {}, t(`live.${state.live}`))),
    worldSelect(),
    search(),
    state.world ? clockView() : h("div", { class: "clock" }),
    h("span", { class: "settings" }, languages(), theme()),
  );
}

function worldSelect() {
  const ids = state.worlds.includes(state.worldId) ? state.worlds : [state.worldId, ...state.worlds];
  const go = (event) => (location.hash = `#/${encodeURIComponent(event.currentTarget.value)}/${state.tab}`);
  const select = h("select", { class: "mono", onchange: go, "aria-label": t("world") }, ids.map((id) => h("option", { value: id, selected: id === state.worldId }, id)));
  select.value = state.worldId;
  return select;
}

let settling = 0;
function search() {
  const find = (event) => {
    const text = event.currentTarget.value.trim();
    clearTimeout(settling);
    settling = setTimeout(() => {
      state.find = text;
      reload();
    }, SETTLES_MS);
  };
  const clear = (event) => {
    if (event.key !== "Escape") return;
    event.currentTarget.value = "";
    find(event);
  };
  return h("input", { type: "search", id: "find", class: "mono", placeholder: t("find.hint"), "aria-label": t("find"), "aria-keyshortcuts": "/", oninput: find, onkeydown: clear, autocomplete: "off", spellcheck: "false" });
}

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("find")?.focus();
});

function navigation(tabs) {
  return h(
    "nav",
    { class: "tabs", "aria-label": t("tabs") },
    h("ul", { class: "plain" }, tabs.map((tab) => h("li", { "data-key": tab }, h("a", { href: linkTo(tab), "aria-current": tab === state.tab ? "page" : null }, t(`tab.${tab}`))))),
    h(
      "span",
      { class: "buttons" },
      [["bind", openBind], ["call", openCall], ["sms", openSms]].map(([name, open]) => h("button", { type: "button", class: "main", disabled: !state.world?.applications.length, onclick: () => open() }, t(name))),
      h("button", { type: "button", disabled: !state.world, title: t("reset.title"), onclick: () => confirm(t("reset.sure", { world: state.worldId })) && perform(reset()) }, t("reset")),
    ),
  );
}

function languages() {
  return others().map(([code, name]) =>
    h("button", { type: "button", class: "quiet", lang: code, onclick: () => chooseLanguage(code) }, name),
  );
}

async function chooseLanguage(code) {
  await choose(code);
  await loadContract();
  await reload();
}

// Dark or light as the system has it, unless one of them is chosen.
const chosenTheme = () => localStorage.getItem("privnum.theme") ?? "auto";
function applyTheme() {
  document.documentElement.dataset.theme = chosenTheme();
}
applyTheme();

function theme() {
  const next = () => {
    localStorage.setItem("privnum.theme", THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length]);
    applyTheme();
    changed();
  };
  return h("button", { type: "button", class: "quiet", onclick: next, title: t("theme") }, t(`theme.${chosenTheme()}`));
}
