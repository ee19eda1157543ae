// X numbers, and what is bound on each.

import { perform, setStatus, unbind } from "./actions.js";
import { h } from "./dom.js";
import { badge, copies, day, empty, facts, json, mono } from "./format.js";
import { openBind, openCall, openCallee, openSms } from "./forms.js";
import { rows } from "./rows.js";
import { state } from "./store.js";
import { t } from "./words.js";

const MOST = 300;
const NORMAL = "5";

const appsOf = () => state.world.applications;
const xsOf = () => appsOf().flatMap((app) => app.numbers.map((x) => ({ ...x, app })));
const on = (bindings, x) => bindings.filter((binding) => binding.x === x || binding.shown.relationNum === x);

export function numbersList(bindings) {
  const bound = new Set(bindings.map((binding) => binding.x));
  const wanted = xsOf().filter((x) => !state.find || x.number.includes(state.find) || bound.has(x.number));
  if (!wanted.length) return empty(state.find ? t("found.nothing") : t("numbers.empty"));
  return [
    rows("numbers", wanted.slice(0, MOST), {
      id: (x) => x.number,
      heads: ["X", t("mode"), t("area"), t("bound"), t("status")],
      cells: (x) => [
        ["mono", x.number],
        ["", x.app.mode],
        ["mono soft", x.area_code ?? "–"],
        ["mono", usersOn(on(bindings, x.number))],
        ["end", x.status === NORMAL ? "" : badge(t(`status.${x.status}`), "bad")],
      ],
    }),
    wanted.length > MOST ? empty(t("more.found", { n: wanted.length - MOST })) : null,
  ];
}

function usersOn(bindings) {
  const [first, ...others] = bindings;
  if (!first) return "–";
  return first.users.join(" ↔ ") + (others.length ? ` +${others.length}` : "");
}

export function numberDetail(number, here) {
  const x = xsOf().find((each) => each.number === number);
  if (!x) return empty(t("gone"));
  return h(
    "article",
    {},
    h("header", { class: "detail-head" }, h("h2", { class: "mono" }, number), badge(x.app.mode), copies(() => number)),
    facts([
      [t("application"), mono(x.app.app_key)],
      [t("area"), mono(x.area_code)],
      [t("status"), statusOf(x)],
      ["SMS", x.sms === false ? t("no") : t("yes")],
    ]),
    h(
      "p",
      { class: "buttons" },
      x.app.mode in state.contract.binds ? h("button", { type: "button", onclick: () => openBind({ x: number }) }, t("bind")) : null,
      h("button", { type: "button", onclick: () => openCall({ x: number }) }, t("call")),
      ["AXE", "AXYB"].includes(x.app.mode) ? null : h("button", { type: "button", onclick: () => openSms({ x: number }) }, t("sms")),
    ),
    h("h3", {}, t("bindings")),
    here.length ? here.map((binding) => bindingOf(binding, x.app)) : empty(t(x.app.mode === "X" ? "bindings.of_x" : "bindings.empty")),
  );
}

function bindingOf(binding, app) {
  return h(
    "section",
    { class: "attempt", "data-key": binding.id },
    h(
      "p",
      { class: "buttons" },
      h("b", { class: "mono" }, binding.users.join(" ↔ ")),
      h("button", { type: "button", onclick: () => perform(unbind(app, binding.id)) }, t("unbind")),
      app.mode === "AX" ? h("button", { type: "button", onclick: () => openCallee(app, binding) }, t("do.callee")) : null,
    ),
    facts([
      ["subscriptionId", [mono(binding.id), " ", copies(() => binding.id)]],
      [t("bound.at"), day(binding.bound_at)],
      [t("ends.at"), binding.ends_at ? day(binding.ends_at) : t("never")],
      [t("a.reaches"), binding.reaches && mono(binding.reaches)],
    ]),
    h("details", {}, h("summary", {}, t("as.query")), json(binding.shown)),
  );
}

function statusOf(x) {
  const change = (event) => perform(setStatus(x.number, event.currentTarget.value));
  const select = h("select", { onchange: change, "aria-label": t("status") }, state.contract.statuses.map((status) => h("option", { value: status, selected: status === x.status }, `${status} ${t(`status.${status}`)}`)));
  select.value = x.status;
  return select;
}
