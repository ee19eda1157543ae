// Pushes: to the customer's server, with every attempt.

import { perform, resend } from "./actions.js";
import { h } from "./dom.js";
import { badge, clockTime, day, empty, facts, json, mono, sent } from "./format.js";
import { outcome } from "./ladder.js";
import { linkTo, rows } from "./rows.js";
import { reload, state } from "./store.js";
import { t } from "./words.js";

const TONES = { delivered: "good", pending: "busy", given_up: "bad" };
const about = ({ kind, body }) => body.eventType ?? body.smsEvent?.notificationMode ?? t(`kind.${kind}`);
const timeOf = (push) => push.attempts[0]?.at ?? push.next_attempt_at;

export function pushesList(pushes) {
  if (!pushes.length) return empty(state.find ? t("found.nothing") : t("pushes.empty"));
  return rows("pushes", [...pushes].reverse(), {
    id: (push) => push.id,
    heads: [t("time"), t("push"), t("about"), t("answers"), t("state")],
    cells: (push) => [
      ["mono soft", clockTime(timeOf(push))],
      ["", t(`kind.${push.kind}`)],
      ["mono", about(push)],
      ["mono", push.attempts.map((each) => outcome(each.outcome)).join(" ") || "–"],
      ["end", badge(t(`state.${push.state}`), TONES[push.state])],
    ],
  });
}

export function pushDetail({ push, attempts }) {
  const session = push.body.statusInfo?.sessionId ?? push.body.feeLst?.[0]?.sessionId;
  return h(
    "article",
    {},
    h(
      "header",
      { class: "detail-head" },
      h("h2", {}, push.id),
      badge(t(`state.${push.state}`), TONES[push.state]),
      h("span", { class: "buttons" }, h("button", { type: "button", onclick: () => sendAgain(push.id) }, t("resend"))),
    ),
    facts([
      [t("about"), `${t(`kind.${push.kind}`)} · ${about(push)}`],
      [t("to"), mono(push.url)],
      [t("application"), mono(push.app_key)],
      [t("next.attempt"), push.next_attempt_at && day(push.next_attempt_at)],
      ["sessionId", session && mono(session)],
    ]),
    h("h3", {}, t("body")),
    json(push.body),
    h("h3", {}, t("attempts")),
    push.attempts.map((attempt, count) => attemptOf(attempt, attempts[count], count)),
    push.attempts.length ? h("label", { class: "check" }, h("input", { type: "checkbox", onchange: showSignatures, checked: state.signatures }), " ", t("signatures")) : empty(t("attempts.none")),
  );
}

function attemptOf(attempt, entry, count) {
  const good = entry ? entry.accepted : /^2/.test(attempt.outcome);
  return h(
    "section",
    { class: "attempt", "data-key": `attempt-${count}` },
    h("p", {}, h("b", {}, t("attempt.n", { n: count + 1 })), " ", mono(day(attempt.at)), " ", badge(outcome(attempt.outcome), good ? "good" : "bad"), entry?.ms ? ` ${entry.ms} ms` : "", entry?.fault ? [" ", badge(entry.fault, "bad")] : ""),
    attempt.detail ? h("p", { class: "soft" }, attempt.detail) : null,
    entry?.headers?.length ? headersOf(entry.headers) : null,
    entry?.answer ? [h("h4", {}, t("answer")), sent(entry.answer)] : null,
  );
}

export const headersOf = (headers) =>
  h("table", { class: "headers mono" }, h("tbody", {}, headers.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))));

export function showSignatures(event) {
  state.signatures = event.currentTarget.checked;
  reload();
}

async function sendAgain(id) {
  const made = await perform(resend(id));
  if (made?.id) location.hash = linkTo("pushes", made.id);
}
