// Requests of the customer's program: what was sent, what was answered, and which rule refused it.

import { h } from "./dom.js";
import { badge, copies, empty, facts, mono, sent } from "./format.js";
import { headersOf, showSignatures } from "./pushes.js";
import { rows } from "./rows.js";
import { state } from "./store.js";
import { t } from "./words.js";

export function requestsList(entries) {
  if (!entries.length) return empty(state.find ? t("found.nothing") : t("requests.empty", { url: state.world.url }));
  return rows("requests", [...entries].reverse(), {
    id: (entry) => entry.number,
    heads: [t("time"), t("operation"), t("status"), t("rule")],
    cells: (entry) => [
      ["mono soft", entry.at.slice(11, 19)],
      ["mono", entry.operation ?? `${entry.method} ${entry.path}`],
      ["mono", `${entry.status} ${entry.resultcode ?? ""}`],
      ["end", entry.rule ? badge(entry.rule, "bad") : entry.remarks.length ? badge(t("remarks.n", { n: entry.remarks.length }), "busy") : badge(entry.accepted ? t("carried.out") : t("refused"), entry.accepted ? "good" : "bad")],
    ],
  });
}

export function requestDetail({ entry }) {
  if (!entry) return empty(t("gone"));
  const address = `${entry.path}${entry.query ? `?${entry.query}` : ""}`;
  return h(
    "article",
    {},
    h("header", { class: "detail-head" }, h("h2", {}, `#${entry.number}`), badge(`${entry.status}`, entry.accepted ? "good" : "bad"), entry.fault ? badge(entry.fault, "bad") : null),
    h("p", { class: "mono address" }, h("b", {}, entry.method), " ", address, " ", copies(() => address)),
    entry.rule ? refusal(entry) : null,
    entry.remarks.map((remark) => h("p", { class: "remark", "data-key": `${remark.id}-${remark.where}` }, remark.text.startsWith(remark.where) ? null : [h("b", {}, remark.where), " "], remark.text, " ", badge(remark.rule))),
    entry.unread.length ? h("p", { class: "remark" }, t("unread", { names: entry.unread.map((each) => each.name).join(", ") })) : null,
    facts([
      [t("operation"), mono(entry.operation)],
      [t("time"), `${entry.at.replace("T", " ")} · ${entry.ms} ms`],
      [t("world.time"), entry.world_time?.replace("T", " ")],
      [t("client"), mono(entry.client)],
    ]),
    h("h3", {}, t("body")),
    sent(entry.body),
    h("h3", {}, t("answer")),
    sent(entry.answer),
    h("h3", {}, t("headers")),
    headersOf(entry.headers),
    h("label", { class: "check" }, h("input", { type: "checkbox", onchange: showSignatures, checked: state.signatures }), " ", t("signatures")),
  );
}

// What refused the request, and what would be right.
function refusal(entry) {
  const [title, text] = state.rules?.[entry.rule] ?? ["", ""];
  return h(
    "section",
    { class: "refusal" },
    h("p", {}, h("b", {}, descOf(entry.answer))),
    h("p", {}, h("b", {}, entry.rule), " ", title),
    text && text !== title ? h("p", { class: "soft" }, text) : null,
    h("p", { class: "soft" }, mono(`privnum rules ${entry.rule}`), " ", copies(() => `privnum rules ${entry.rule}`)),
  );
}

function descOf(answer) {
  try {
    return JSON.parse(answer).resultdesc ?? "";
  } catch {
    return "";
  }
}
