// The clock of the world: it is shown as it runs, stopped, moved on and made faster.

import { advance, perform, setClock } from "./actions.js";
import { h } from "./dom.js";
import { state } from "./store.js";
import { t } from "./words.js";

const STEPS = [[1, "1 s"], [10, "10 s"], [60, "1 min"], [3600, "1 h"], [86400, "1 d"]];
const RATES = [1, 10, 60, 3600];

// World time now; between two answers of the server a running clock goes on by itself.
export function now() {
  const { clock } = state.world;
  const passed = clock.mode === "running" ? (performance.now() - state.clockAt) * (clock.rate ?? 1) : 0;
  return new Date(Date.parse(clock.now) + passed).toISOString().slice(0, 19).replace("T", " ");
}

export function clockView() {
  const { clock } = state.world;
  const runs = clock.mode === "running";
  const pace = runs ? `running-${clock.rate ?? 1}` : clock.mode;
  const paces = [["frozen", t("clock.frozen")], ...RATES.map((rate) => [`running-${rate}`, t("clock.running", { rate })]), ["jumping", t("clock.jumping")]];
  if (!paces.some(([value]) => value === pace)) paces.push([pace, t("clock.running", { rate: clock.rate })]);
  const choose = (event) => {
    const [mode, rate] = event.currentTarget.value.split("-");
    perform(setClock(mode, Number(rate ?? 1)));
  };
  const select = h("select", { "aria-label": t("clock.pace"), onchange: choose }, paces.map(([value, text]) => h("option", { value, selected: value === pace }, text)));
  select.value = pace;
  return h(
    "div",
    { class: "clock", role: "group", "aria-label": t("clock") },
    h("time", { id: "now", class: "mono", title: t("clock.title") }, now()),
    h("button", { type: "button", class: "pause", onclick: () => perform(runs ? setClock("frozen") : setClock("running", 1)) }, t(runs ? "clock.pause" : "clock.run")),
    select,
    h("span", { class: "steps-of-time" }, STEPS.map(([by, text]) => h("button", { type: "button", title: t("clock.step", { by: text }), onclick: () => perform(advance(by)) }, `+${text}`))),
  );
}

export function tick() {
  const shown = document.getElementById("now");
  if (shown && state.world) shown.textContent = now();
}
