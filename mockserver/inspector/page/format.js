// Times, JSON and other values as elements or short texts.

import { h } from "./dom.js";
import { state } from "./store.js";
import { t } from "./words.js";

// "2026-03-01 00:00:30" of a time of the control plane.
export const day = (time) => (time ? time.replace("T", " ").replace(/(\.\d+)?Z$/, "") : "");

// The time within its day, with milliseconds where there are some.
export const clockTime = (time) => (time ? time.slice(11).replace("Z", "").replace(/\.000$/, "") : "");

// The release cause of a call, with what the contract says of it in the language of the page.
export const causeOf = (call) => `${call.release_cause} ${state.contract.causes[call.release_cause] ?? call.release_cause_text ?? ""}`.trimEnd();

export const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;

// A value as JSON, in colours.
export function json(value) {
  return h("pre", { class: "json", tabindex: 0 }, colours(JSON.stringify(value, null, 2)));
}

// What was sent: as JSON where it is some, else as it stands.
export function sent(text) {
  if (!text) return h("p", { class: "empty" }, t("nothing"));
  try {
    return json(JSON.parse(text));
  } catch {
    return h("pre", { class: "json", tabindex: 0 }, text);
  }
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?|true|false|null/g;

function colours(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    parts.push(text.slice(end, match.index));
    const kind = match[2] ? "name" : match[1] ? "string" : "value";
    parts.push(h("span", { class: `json-${kind}` }, match[1] ?? match[0]), match[2] ?? "");
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

// Names with their values, [name, value] each; those without a value are left out.
export function facts(pairs) {
  const there = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, there.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export const mono = (text) => h("span", { class: "mono" }, text ?? "");

// A word with a colour that says how things are: good, bad, busy or plain.
export const badge = (text, tone = "plain") => h("span", { class: `badge ${tone}` }, text);

export const empty = (...children) => h("p", { class: "empty" }, ...children);

// A button that copies a text; it says so for a moment. What is shown may hide what is copied.
export function copies(text, label = t("copy"), disabled = false) {
  return h("button", { type: "button", class: "quiet", onclick: copy, "aria-label": label, title: label, disabled }, t("copy"));
  async function copy(event) {
    const where = event.currentTarget;
    try {
      await navigator.clipboard.writeText(text());
      where.textContent = t("copied");
    } catch {
      where.textContent = t("copy.refused");
    }
    setTimeout(() => (where.textContent = t("copy")), 1500);
  }
}
