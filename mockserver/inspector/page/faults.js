// Faults that were asked for: which there are, and how often each has struck.

import { clearFaults, endFault, perform } from "./actions.js";
import { h } from "./dom.js";
import { badge, empty, mono } from "./format.js";
import { openFault } from "./forms.js";
import { known, t } from "./words.js";

export function faultsView(faults) {
  return h(
    "div",
    { class: "cards" },
    h(
      "p",
      { class: "buttons" },
      h("button", { type: "button", class: "main", onclick: openFault }, t("fault.add")),
      faults.length ? h("button", { type: "button", onclick: () => perform(clearFaults()) }, t("fault.clear")) : null,
    ),
    faults.length ? faults.map(faultOf) : empty(t("faults.empty")),
  );
}

function faultOf({ id, fault, hits, left, ...rest }) {
  const where = Object.entries(rest).map(([name, value]) => `${name}=${value}`).join(" ");
  return h(
    "section",
    { class: "card fault", "data-key": `fault-${id}` },
    h("b", {}, known(`fault.word.${fault}`, fault)),
    mono(where),
    badge(t("fault.hits", { n: hits }), hits ? "bad" : "plain"),
    badge(left === null ? t("fault.no_bound") : t("fault.left", { n: left }), left === 0 ? "plain" : "busy"),
    h("button", { type: "button", onclick: () => perform(endFault(id)) }, t("fault.end")),
  );
}
