// The forms: to bind, to call, to write an SMS, to make a fault.

import * as actions from "./actions.js";
import { openForm } from "./dialogs.js";
import { state } from "./store.js";
import { known, ofField, t } from "./words.js";

const USERS = { A: "+8613800000001", B: "+8613900000002" };
const MOST = 500;

const apps = () => state.world.applications;
const bindable = () => apps().filter((app) => app.mode in state.contract.binds);
const appOf = (key, among) => among.find((app) => app.app_key === key) ?? among[0];
const appOption = (app) => [app.app_key, `${app.mode} · ${app.app_key}`];
const xs = (among) => among.flatMap((app) => app.numbers.slice(0, MOST).map((x) => [x.number, `${x.number} · ${app.mode}`]));
// Numbers that were used lately, to choose from.
const users = () => [
  ...new Set([...Object.values(USERS), ...(state.lists.calls ?? []).map((call) => call.caller), ...state.bindings.flatMap((each) => each.users)]),
].slice(0, 30);

export function openBind(chosen = {}) {
  const among = bindable();
  if (!among.length) return;
  const usual = among.find((app) => app.numbers.some((x) => x.number === chosen.x)) ?? among.find((app) => app.mode === "AXB") ?? among[0];
  openForm({
    title: t("bind"),
    intro: t("bind.intro"),
    fields: (values) => [
      { name: "app", label: t("application"), options: among.map(appOption), value: usual.app_key },
      ...bindFields(appOf(values.app ?? usual.app_key, among), chosen),
    ],
    action: ({ app, ...body }) => actions.bind(appOf(app, among), body),
  });
}

function bindFields(app, chosen) {
  const hasX = state.contract.binds[app.mode].fields.some((field) => field.number === "X");
  const x = app.numbers.some((each) => each.number === chosen.x) ? chosen.x : (app.numbers[0]?.number ?? "");
  return state.contract.binds[app.mode].fields.map((field) => ({
    name: field.name,
    label: field.name,
    kind: field.kind,
    required: field.required,
    hint: ofField(field.text),
    more: !field.usual || (field.name === "areaCode" && hasX),
    ...(field.number === "X"
      ? { options: [["", t("bind.any_x")], ...app.numbers.slice(0, MOST).map((each) => [each.number, each.number])], value: x }
      : {}),
    ...(field.number in USERS ? { value: USERS[field.number], list: users() } : {}),
    ...(field.name === "areaCode" && !hasX ? { value: app.numbers[0]?.area_code ?? "" } : {}),
  }));
}

export function openCall(chosen = {}) {
  const among = apps();
  const asksDigits = (x) => among.find((app) => app.numbers.some((each) => each.number === x))?.mode === "AXE";
  const first = chosen.x ?? state.bindings.at(-1)?.x ?? xs(among)[0]?.[0];
  // In AXB one of the two calls the other; elsewhere somebody who is bound on no X calls A.
  const callerOf = (x) => {
    const bound = state.bindings.find((each) => each.x === x);
    if (!bound || bound.mode === "AXB") return bound?.users[0] ?? USERS.A;
    return bound.mode === "AXYB" ? (bound.users[1] ?? USERS.B) : USERS.B;
  };
  openForm({
    title: t("call"),
    intro: t("call.intro"),
    fields: (values) => [
      { name: "caller", label: t("caller"), required: true, value: callerOf(values.called ?? first), list: users() },
      { name: "called", label: "X", options: xs(among), value: first },
      ...(asksDigits(values.called ?? first) ? [{ name: "digits", label: t("digits"), hint: t("digits.hint"), value: extensionOf(values.called ?? first) }] : []),
      { name: "behaviour", label: t("behaviour"), options: state.contract.behaviours.map((word) => [word, known(`behaviour.${word}`, word)]), value: "answer" },
      { name: "hang_up_after", label: t("hang_up_after"), kind: "number", hint: t("hang_up.hint") },
      { name: "caller_hangs_up_after", label: t("caller_hangs_up_after"), kind: "number", hint: t("caller_hangs_up.hint") },
      { name: "ring_after", label: t("ring_after"), kind: "number", more: true },
      { name: "answer_after", label: t("answer_after"), kind: "number", more: true },
    ],
    action: ({ behaviour, ring_after, answer_after, hang_up_after, ...rest }) =>
      actions.call({ ...rest, callee: given({ behaviour, ring_after, answer_after, hang_up_after }) }),
    after: (made) => made?.id && (location.hash = `#/${state.worldId}/calls/${made.id}`),
  });
}

const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
const extensionOf = (x) => state.bindings.find((each) => each.x === x)?.shown?.extendNum ?? "";

export function openCallee(app, binding) {
  openForm({
    title: t("do.callee"),
    intro: t("callee.intro"),
    fields: () => [
      { name: "subscriptionId", label: "subscriptionId", required: true, value: binding.id },
      { name: "calleeNum", label: "calleeNum", required: true, value: USERS.B, list: users() },
    ],
    action: (body) => actions.setCallee(app, body),
  });
}

export function openSms(chosen = {}) {
  const among = apps().filter((app) => !["AXE", "AXYB"].includes(app.mode));
  openForm({
    title: t("sms"),
    intro: t("sms.intro"),
    fields: () => [
      { name: "from", label: t("sender"), required: true, value: USERS.A, list: users() },
      { name: "to", label: "X", options: xs(among), value: chosen.x ?? xs(among)[0]?.[0] },
      { name: "text", label: t("text"), required: true, value: t("sms.example") },
      { name: "network", label: t("network"), options: state.contract.networks.map((word) => [word, known(`network.${word}`, word)]), value: "delivers" },
    ],
    action: (body) => actions.sms(body),
    after: (made) => made?.id && (location.hash = `#/${state.worldId}/sms/${made.id}`),
  });
}

const OF_FAULT = { code: "text", status: "number", delay_ms: "number", delay_seconds: "number" };

export function openFault() {
  const words = (befalls) => state.contract.faults.filter((each) => each.befalls === befalls);
  openForm({
    title: t("do.fault"),
    intro: t("fault.intro"),
    fields: (values) => {
      const befalls = values.befalls || "request";
      const chosen = words(befalls).find((each) => each.word === values.fault) ?? words(befalls)[0];
      return [
        { name: "befalls", label: t("fault.befalls"), options: ["request", "push"].map((each) => [each, t(`fault.${each}`)]), value: "request" },
        befalls === "request"
          ? { name: "operation", label: t("operation"), options: [["any", t("fault.any")], ...Object.keys(state.contract.operations).map((id) => [id, id])], value: "any" }
          : { name: "push", label: t("push"), options: [["any", t("fault.any")], ...state.contract.kinds.map((kind) => [kind, t(`kind.${kind}`)])], value: "any" },
        { name: "fault", label: t("fault"), options: words(befalls).map(({ word }) => [word, known(`fault.word.${word}`, word)]), value: chosen.word, hint: chosen.text },
        ...chosen.needs.map((name) => ({ name, label: t(`fault.${name}`), kind: OF_FAULT[name] ?? "text", required: true, list: name === "code" ? Object.keys(state.contract.codes) : null, value: { code: "403/1012010", status: 503, delay_ms: 1000, delay_seconds: 60 }[name] })),
        { name: "times", label: t("fault.times"), kind: "number", hint: t("fault.times.hint") },
        { name: "number", label: t("fault.number"), more: true },
        { name: "probability", label: t("fault.probability"), more: true },
      ];
    },
    action: ({ befalls, probability, ...body }) => actions.addFault({ ...body, ...(probability ? { probability: Number(probability) } : {}) }),
  });
}
