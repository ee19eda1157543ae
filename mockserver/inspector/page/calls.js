// Calls: those of late, and one as a ladder.

import { hangUp, perform } from "./actions.js";
import { h } from "./dom.js";
import { badge, causeOf, clockTime, copies, day, empty, facts, json, mono, seconds } from "./format.js";
import { openBind, openCall } from "./forms.js";
import { ladder, outcome, stateBadge } from "./ladder.js";
import { linkTo, rows } from "./rows.js";
import { state } from "./store.js";
import { t } from "./words.js";

export function callsList(calls) {
  if (!calls.length) return empty(state.find ? t("found.nothing") : t("calls.empty"), " ", h("button", { type: "button", onclick: () => openBind() }, t("bind")), h("button", { type: "button", onclick: () => openCall() }, t("call")));
  return rows("calls", [...calls].reverse(), {
    id: (call) => call.id,
    heads: [t("time"), t("caller"), "X", t("reaches"), t("state")],
    cells: (call) => [
      ["mono soft", clockTime(call.started_at)],
      ["mono", call.caller],
      ["mono", call.x],
      ["mono", call.forwarded_to ?? "–"],
      ["end", stateBadge(call)],
    ],
  });
}

export function callDetail({ call, pushes }) {
  const talked = call.answered_at && seconds(call.answered_at, call.ended_at ?? state.world.clock.now);
  const cdrs = pushes.filter((push) => push.kind === "cdr");
  return h(
    "article",
    {},
    h("header", { class: "detail-head" }, h("h2", {}, call.id), stateBadge(call), badge(call.mode), hangUps(call)),
    call.release_cause_text ? h("p", { class: "cause" }, causeOf(call)) : null,
    call.answer_problem ? h("p", { class: "problem" }, call.answer_problem) : null,
    ladder(call, pushes),
    facts([
      ["sessionId", [mono(call.session_id), " ", copies(() => call.session_id)]],
      [t("binding"), call.subscription_id && h("a", { class: "mono", href: linkTo("numbers", call.x) }, call.subscription_id)],
      [t("shows"), mono(call.displayed)],
      [t("started"), day(call.started_at)],
      [t("talked"), talked === null || talked === undefined ? null : t("seconds", { n: talked })],
      [t("extension"), call.extension],
    ]),
    h("h3", {}, t("kind.cdr")),
    cdrs.length ? cdrs.map(cdrOf) : empty(t(call.state === "ended" ? "cdr.later" : "cdr.at_end")),
  );
}

function cdrOf(push) {
  return h(
    "div",
    { "data-key": push.id },
    h("p", {}, h("a", { href: linkTo("pushes", push.id) }, push.id), " ", badge(t(`state.${push.state}`), push.state === "delivered" ? "good" : "busy"), " ", push.attempts.map((each) => outcome(each.outcome)).join(", ")),
    json(push.body.feeLst?.[0] ?? push.body),
  );
}

function hangUps(call) {
  if (call.state === "ended") return null;
  const sides = call.alerting_at ? ["caller", "callee"] : ["caller"];
  return h("span", { class: "buttons" }, sides.map((by) => h("button", { type: "button", onclick: () => perform(hangUp(call.id, by)) }, t(`hang_up.${by}`))));
}
