// A call as a ladder: who said what to whom, at which world time. Lanes: caller, platform, callee, customer.

import { h } from "./dom.js";
import { badge, causeOf, clockTime, day } from "./format.js";
import { linkTo } from "./rows.js";
import { known, t } from "./words.js";

const [CALLER, PLATFORM, CALLEE, CUSTOMER] = [0, 1, 2, 3];
// Where the events of one instant belong: behind what they tell of.
const RANKS = { callin: 2, collectInfo: 3, transfer: 5, callout: 5, alerting: 7, answer: 9, disconnect: 12 };
const CDR_RANK = 14;

export function ladder(call, pushes) {
  const entered = pushes.filter((push) => push.body.eventType === "collectInfo").map((push) => push.attempts[0]?.at);
  const steps = [...stepsOfCall(call, entered), ...pushes.flatMap((push, place) => stepsOfPush(push, place))];
  steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.rank - b.rank);
  const lanes = [["caller", call.caller], ["platform", call.x], ["callee", call.forwarded_to], ["customer", call.app_key && t("customer.server")]];
  let before = "";
  return h(
    "section",
    { class: "ladder", "aria-label": t("ladder") },
    h("div", { class: "lanes" }, h("span", { class: "at" }, day(call.started_at).slice(0, 10)), lanes.map(([name, who]) => h("div", { class: "lane" }, h("b", {}, t(name)), h("span", { class: "mono" }, who ?? "")))),
    h(
      "ol",
      { class: "plain steps" },
      steps.map((step) => {
        const time = clockTime(step.at);
        const line = h("li", { class: "step", "data-key": step.key }, h("time", { class: "at mono", datetime: step.at }, time === before ? "" : time), arrow(step));
        before = time;
        return line;
      }),
    ),
  );
}

function arrow({ from, to, text, note, tone = "", href, pending }) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const name = `arrow s${low}${high} ${from < to ? "right" : "left"} ${tone} ${pending ? "pending" : ""}`;
  const words = [h("span", { class: "step-text" }, text), note ? h("span", { class: "step-note" }, note) : null];
  return h("div", { class: name }, href ? h("a", { href, class: "step-link" }, words) : h("span", { class: "step-link" }, words));
}

// `entered` are the times at which the caller has entered digits, as far as a push tells them.
function stepsOfCall(call, entered) {
  const steps = [];
  const add = (at, rank, from, to, text, more = {}) => at && steps.push({ at, rank, from, to, text, key: `call-${rank}`, ...more });
  const decided = call.forwarded_at ?? call.ended_at ?? call.started_at;
  add(call.started_at, 1, CALLER, PLATFORM, t("step.calls"));
  (call.played ?? []).forEach((tone, place) =>
    add(place ? (entered[place - 1] ?? decided) : call.started_at, 3.5 + place / 100, PLATFORM, CALLER, t("step.plays", { tone: known(`tone.${tone}`, tone) })),
  );
  (call.collected ?? []).forEach((digits, place) => add(entered[place] ?? decided, 2.5 + place / 100, CALLER, PLATFORM, t("step.digits", { digits })));
  add(call.forwarded_at, 4, PLATFORM, CALLEE, t("step.forwards"), { note: t("step.sees", { number: call.displayed }) });
  add(call.alerting_at, 6, CALLEE, PLATFORM, t("step.rings"));
  add(call.answered_at, 8, CALLEE, PLATFORM, t("step.answers"), { tone: "good" });
  add(call.ended_at, 11, PLATFORM, CALLER, t("step.ends"), {
    note: causeOf(call),
    tone: call.release_cause === 0 ? "good" : "bad",
  });
  return steps;
}

function stepsOfPush(push, place) {
  const event = push.body.eventType;
  const rank = (push.kind === "cdr" ? CDR_RANK : (RANKS[event] ?? 10)) + place / 1000;
  const href = linkTo("pushes", push.id);
  const text = push.kind === "cdr" ? t("kind.cdr") : (event ?? t(`kind.${push.kind}`));
  const steps = push.attempts.map((attempt, count) => ({
    at: attempt.at,
    rank,
    from: PLATFORM,
    to: CUSTOMER,
    text,
    note: [outcome(attempt.outcome), count ? t("step.again", { n: count + 1 }) : "", toldBy(push.body)].filter(Boolean).join(" · "),
    tone: /^2/.test(attempt.outcome) ? "push" : "bad",
    key: `${push.id}-${count}`,
    href,
  }));
  if (push.state === "pending") {
    steps.push({ at: push.next_attempt_at, rank, from: PLATFORM, to: CUSTOMER, text, note: t("step.due"), tone: "busy", pending: true, key: `${push.id}-due`, href });
  }
  return steps;
}

export const outcome = (word) => known(`outcome.${word}`, word);

// The cause that a push tells, if it tells one.
function toldBy(body) {
  const info = body.statusInfo ?? body.feeLst?.[0] ?? {};
  const cause = info.stateCode ?? info.ulFailReason;
  return cause === undefined || cause === 0 || cause === "0" ? "" : String(cause);
}

export const stateBadge = (call) =>
  call.state === "ended"
    ? badge(String(call.release_cause), call.release_cause === 0 ? "good" : "bad")
    : badge(t(`state.${call.state}`), "busy");
