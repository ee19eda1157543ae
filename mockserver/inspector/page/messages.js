// SMS: those of late, and one with its notices.

import { h } from "./dom.js";
import { badge, clockTime, copies, day, empty, facts, json, mono } from "./format.js";
import { openSms } from "./forms.js";
import { linkTo, rows } from "./rows.js";
import { state } from "./store.js";
import { t } from "./words.js";

const TONES = { sent: "good", waiting: "busy", not_sent: "bad" };

export function smsList(messages) {
  if (!messages.length) return empty(state.find ? t("found.nothing") : t("sms.empty"), " ", h("button", { type: "button", onclick: () => openSms() }, t("sms")));
  return rows("sms", [...messages].reverse(), {
    id: (sms) => sms.id,
    heads: [t("time"), t("sender"), "X", t("text"), t("state")],
    cells: (sms) => [
      ["mono soft", clockTime(sms.created_at)],
      ["mono", sms.from],
      ["mono", sms.to],
      ["cut", sms.text],
      ["end", badge(t(`state.${sms.state}`), TONES[sms.state])],
    ],
  });
}

export function smsDetail({ sms, pushes }) {
  return h(
    "article",
    {},
    h("header", { class: "detail-head" }, h("h2", {}, sms.id), badge(t(`state.${sms.state}`), TONES[sms.state])),
    sms.answer_problem ? h("p", { class: "problem" }, sms.answer_problem) : null,
    facts([
      [t("sender"), mono(sms.from)],
      ["X", mono(sms.to)],
      [t("text"), sms.text],
      [t("delivered.to"), mono(sms.delivered_to)],
      [t("shows"), mono(sms.displayed)],
      [t("delivered.text"), sms.delivered_text],
      ["sendResult", sms.result === null ? null : mono(String(sms.result))],
      ["smsIdentifier", [mono(sms.identifier), " ", copies(() => sms.identifier)]],
      [t("written"), day(sms.created_at)],
    ]),
    h("h3", {}, t("notices")),
    pushes.length
      ? pushes.map((push) => h("div", { "data-key": push.id }, h("p", {}, h("a", { href: linkTo("pushes", push.id) }, push.id), " ", t(`kind.${push.kind}`), " ", badge(t(`state.${push.state}`))), json(push.body)))
      : empty(t("notices.none")),
  );
}
