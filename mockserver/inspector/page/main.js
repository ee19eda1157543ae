// Begins, draws the page whenever something has changed, and follows the address of the page.

import { control, keepToken, token } from "./api.js";
import { applicationsView } from "./applications.js";
import { callDetail, callsList } from "./calls.js";
import { tick } from "./clock.js";
import { askToken } from "./dialogs.js";
import { h, morphChildren } from "./dom.js";
import { faultsView } from "./faults.js";
import { empty } from "./format.js";
import { page } from "./frame.js";
import { numberDetail, numbersList } from "./numbers.js";
import { pushDetail, pushesList } from "./pushes.js";
import { requestDetail, requestsList } from "./requests.js";
import { linkTo } from "./rows.js";
import { smsDetail, smsList } from "./messages.js";
import { changed, heard, loadContract, onChange, reload, state } from "./store.js";
import { follow } from "./stream.js";
import { loadWords, t } from "./words.js";

// Each tab: its list, and what is shown of what is chosen.
const TABS = {
  calls: { list: callsList, detail: callDetail },
  numbers: { list: numbersList, detail: ({ bindings }) => numberDetail(state.id, bindings) },
  pushes: { list: pushesList, detail: pushDetail },
  requests: { list: requestsList, detail: requestDetail },
  sms: { list: smsList, detail: smsDetail },
  applications: { whole: () => applicationsView(state.world) },
  faults: { whole: () => faultsView(state.lists.faults ?? []) },
};

function draw() {
  const root = document.getElementById("page");
  const tab = TABS[state.tab];
  const list = state.lists[state.tab];
  let parts = [];
  if (state.problem) parts = [empty(problemText(state.problem))];
  else if (!state.world) parts = [empty(t("loading"))];
  else if (tab.whole) parts = [h("section", { class: "whole" }, tab.whole())];
  else parts = [h("section", { class: "list", "aria-label": t(`tab.${state.tab}`) }, list ? tab.list(list) : empty(t("loading"))), detailOf(tab, list)];
  morphChildren(root, page(Object.keys(TABS), parts, isLoading(tab, list)));
  document.title = `privnum · ${state.worldId}`;
}

// Whether what the address names has still to come.
function isLoading(tab, list) {
  if (state.problem) return false;
  return !state.world || (!tab.whole && !list) || (!tab.whole && Boolean(state.id) && state.detail.id !== state.id);
}

function detailOf(tab, list) {
  const { detail, id } = state;
  let shown = empty(t("choose"));
  if (id && detail.problem) shown = empty(detail.problem);
  else if (id && list && detail.id === id) shown = tab.detail(detail);
  const back = id ? h("a", { class: "back", href: linkTo(state.tab), "aria-label": t("close"), title: t("close") }, "×") : null;
  return h("section", { class: `detail ${id ? "chosen" : ""}`, "aria-label": t("detail"), "data-key": `${state.tab}/${id}` }, back, shown);
}

const problemText = (problem) =>
  problem.status === 404 ? t("no.world", { world: state.worldId }) : problem.status ? problem.message : t("no.server");

function readAddress() {
  const [, world, tab, id] = location.hash.split("/").map(decodeURIComponent);
  if (world && world !== state.worldId) Object.assign(state, { worldId: world, world: null, lists: {} });
  state.tab = tab in TABS ? tab : "calls";
  state.id = id || null;
  changed();
  reload().then(bringIntoView);
}

// On a telephone the tabs are wider than the screen, and what was chosen is above the list.
function bringIntoView() {
  const near = { block: "nearest", inline: "nearest" };
  document.querySelector(".tabs [aria-current]")?.scrollIntoView(near);
  if (state.id) document.querySelector(".detail-head")?.scrollIntoView(near);
}

// Asks for the token until the server takes one, where it wants one.
async function enter() {
  for (;;) {
    try {
      await control("GET", "/worlds");
      return;
    } catch (error) {
      if (error.status !== 401) return;
      const refused = token() !== null; // else none was sent so far
      keepToken(null);
      keepToken(await askToken(refused));
    }
  }
}

async function begin() {
  await loadWords();
  await loadContract();
  onChange(draw);
  await enter();
  addEventListener("hashchange", readAddress);
  readAddress();
  setInterval(tick, 200);
  for (;;) {
    await follow({ event: heard, state: (live) => ((state.live = live), changed()) });
    await enter();
  }
}

begin();
