// The lines that do the same as an action, each with a button that copies it.

import { h } from "./dom.js";
import { copies } from "./format.js";
import { hidden } from "./lines.js";
import { t } from "./words.js";

export function linesOf(action) {
  return h(
    "div",
    { class: `lines ${action ? "" : "unused"}` },
    [["curl", "curl"], ["python", "Python"]].map(([name, label]) =>
      h(
        "div",
        { class: "line" },
        h("span", { class: "line-name" }, label),
        h("code", { tabindex: 0, "data-line": name, "aria-label": label }, action ? hidden(action[name], action.secret) : ""),
        copies(() => action[name], t("copy.line", { name: label }), !action),
      ),
    ),
  );
}

// The foot of the page: what was done last, what came of it, and how else it is done.
export function foot(last) {
  const outcome = last?.outcome?.text ?? last?.outcome ?? "";
  return h(
    "footer",
    { class: "foot" },
    h(
      "p",
      { class: "outcome", role: "status" },
      last ? [h("b", {}, last.action.title), " ", h("span", { class: last.good === false ? "bad-text" : "" }, outcome)] : t("foot.empty"),
    ),
    linesOf(last?.action),
  );
}
