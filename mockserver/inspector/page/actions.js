// What can be done on the page. An action has a title, what it asks of the server, and the lines that do the same.

import { control, inWorld, request } from "./api.js";
import { causeOf } from "./format.js";
import { curlOf, pythonOf, signedCurlOf } from "./lines.js";
import { changed, reload, state } from "./store.js";
import { t } from "./words.js";

// Carries an action out; what came of it is shown below. Throws what was refused, if `strict`.
export async function perform(action, { strict = false } = {}) {
  state.last = { action, outcome: null };
  changed();
  try {
    const outcome = await action.run();
    state.last = { action, outcome: outcome ?? t("done"), good: true };
    await reload(true);
    return outcome;
  } catch (error) {
    state.last = { action, outcome: error.message, good: false };
    changed();
    if (strict) throw error;
    return null;
  }
}

function message(title, method, path, body, python, outcome = () => t("done")) {
  const place = inWorld(state.worldId, path);
  return {
    title,
    curl: curlOf(method, place, body),
    python,
    run: async () => outcome(await control(method, place, body)),
  };
}

function signed(title, app, operation, parts, python) {
  const { method, path } = state.contract.operations[operation];
  const query = app.mode === "AXYB" ? { app_key: app.app_key, ...parts.query } : parts.query;
  const sent = { method, path, ...parts, query };
  return {
    title,
    curl: signedCurlOf(state.worldId, app, sent),
    secret: app.app_secret,
    python,
    run: async () => {
      const { status, answer } = await request(state.worldId, app, sent);
      if (answer.resultcode !== "0") {
        throw new Error(answer.resultcode ? `${status} ${answer.resultcode}: ${answer.resultdesc}` : `HTTP ${status}`);
      }
      return t("bound.as", { id: answer.subscriptionId ?? answer.subscriptionIds ?? "" });
    },
  };
}

// How the fixture names an application: by its mode, where it is the first of it.
function named(app) {
  const apps = state.world.applications;
  const first = apps.find((each) => each.mode === app.mode);
  return first.app_key === app.app_key ? app.mode.toLowerCase() : `applications[${apps.findIndex((each) => each.app_key === app.app_key)}]`;
}

// Which fields the fixture's bind takes in its place, by mode.
const IN_PLACE = {
  AX: ["origNum", "privateNum"],
  AXB: ["callerNum", "calleeNum", "relationNum"],
  AXE: ["bindNum", "virtualNum"],
  AXYB: ["origNum", "areaCode"],
};

export function bind(app, body) {
  const ofB = app.mode === "AXYB" && body.subscriptionId;
  const first = ofB ? ["origNum", "subscriptionId"] : IN_PLACE[app.mode];
  const given = first.filter((name, place) => first.slice(0, place + 1).every((each) => each in body));
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !given.includes(name)));
  const python = pythonOf(`${named(app)}.${ofB ? "bind_b" : "bind"}`, given.map((name) => body[name]), rest);
  return signed(t("do.bind", { mode: app.mode }), app, `${app.mode.toLowerCase()}.bind`, { body }, python);
}

// Whom A of an AX binding reaches by his next call of X.
export function setCallee(app, body) {
  const { subscriptionId, calleeNum, ...rest } = body;
  const python = pythonOf(`${named(app)}.set_callee`, [subscriptionId, calleeNum], rest);
  const action = signed(t("do.callee"), app, "ax.set_callee", { body }, python);
  return { ...action, run: async () => (await action.run()) && t("done") };
}

export function unbind(app, id) {
  const query = { subscriptionId: id };
  const python = pythonOf(`${named(app)}.unbind`, [], query);
  const action = signed(t("do.unbind"), app, `${app.mode.toLowerCase()}.unbind`, { query }, python);
  return { ...action, run: async () => (await action.run()) && t("done") };
}

export function call(body) {
  const { caller, called, callee = {}, ...rest } = body;
  const python = pythonOf("call", [caller, called], { ...callee, ...rest });
  return message(t("do.call"), "POST", "/calls", body, python, (made) => ({ text: `${made.id}: ${stateOf(made)}`, id: made.id }));
}

const stateOf = (made) => (made.release_cause_text ? causeOf(made) : t(`state.${made.state}`));

export const hangUp = (id, by) =>
  message(t("do.hang_up"), "POST", `/calls/${id}/hang_up`, { by }, pythonOf("hang_up", [id], { by }));

export function sms(body) {
  const { from, to, text, network } = body;
  const python = pythonOf("send_sms", [from, to, text], { network });
  return message(t("do.sms"), "POST", "/sms", body, python, (made) => ({ text: `${made.id}: ${t(`state.${made.state}`)}`, id: made.id }));
}

export const advance = (by) =>
  message(t("do.advance"), "POST", "/clock", { advance_seconds: by }, pythonOf("advance", [by]));

export function setClock(mode, rate) {
  const body = { mode, ...(rate > 1 ? { rate } : {}) };
  return message(t("do.clock"), "POST", "/clock", body, pythonOf("set_clock", [mode], { rate: body.rate }));
}

export const resend = (id) =>
  message(t("do.resend"), "POST", `/pushes/${id}/resend`, {}, pythonOf("resend", [id]), (push) => ({ text: push.id, id: push.id }));

export function addFault(body) {
  const { fault, ...rest } = body;
  return message(t("do.fault"), "POST", "/faults", body, pythonOf("fault", fault ? [fault] : [], rest));
}

export const endFault = (id) =>
  message(t("do.end_fault"), "DELETE", `/faults?id=${id}`, undefined, "fault.end()  # fault = private_number.fault(…)");

export const clearFaults = () =>
  message(t("do.clear_faults"), "DELETE", "/faults", undefined, pythonOf("clear_faults"));

export const setStatus = (x, status) =>
  message(t("do.status"), "PATCH", `/numbers/${encodeURIComponent(x)}`, { status }, pythonOf("set_number", [x, status]));

export const reset = () => message(t("do.reset"), "POST", "/reset", undefined, pythonOf("reset"));
