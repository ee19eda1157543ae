// A list whose rows are links: Tab and the arrow keys go through it, Enter opens what is chosen.

import { h } from "./dom.js";
import { state } from "./store.js";

export const linkTo = (tab, id) => `#/${encodeURIComponent(state.worldId)}/${tab}${id ? `/${encodeURIComponent(id)}` : ""}`;

// rows(tab, things, {id, cells}): a row of cells for each; a cell is [class, content].
export function rows(tab, things, { id, cells, heads }) {
  return h(
    "div",
    { class: `rows rows-${tab}` },
    heads ? h("div", { class: "row heads", "aria-hidden": "true" }, heads.map((head) => h("span", {}, head))) : null,
    h(
      "ul",
      { class: "plain", onkeydown: moveFocus },
      things.map((thing) =>
        h(
          "li",
          { "data-key": String(id(thing)) },
          h(
            "a",
            { class: "row", href: linkTo(tab, id(thing)), "aria-current": String(id(thing)) === state.id ? "true" : null },
            cells(thing).map(([kind, content]) => h("span", { class: kind }, content)),
          ),
        ),
      ),
    ),
  );
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const next = links[links.indexOf(document.activeElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
