// Applications: keys to copy, secrets that are hidden until somebody wants to see them, and settings.

import { h } from "./dom.js";
import { badge, copies, facts, json, mono } from "./format.js";
import { linkTo } from "./rows.js";
import { changed, state } from "./store.js";
import { t } from "./words.js";

const APART = new Set(["mode", "app_key", "app_secret", "numbers"]);
const ADDRESSES = ["event_url", "callin_url", "fee_url", "number_status_url", "sms_notify_url", "sms_control_url"];

export function applicationsView(world) {
  return h(
    "div",
    { class: "cards" },
    h("section", { class: "card" }, h("h2", {}, t("world.of", { world: world.id })), facts([
      ["URL", [mono(world.url), " ", copies(() => world.url)]],
      [t("edition"), world.edition],
      ["strict", t(world.strict ? "yes" : "no")],
      [t("kept"), String(world.keep)],
    ])),
    world.applications.map(applicationOf),
  );
}

function applicationOf(app) {
  const settings = Object.fromEntries(Object.entries(app).filter(([name]) => !APART.has(name) && !ADDRESSES.includes(name)));
  return h(
    "section",
    { class: "card", "data-key": app.app_key },
    h("h2", {}, badge(app.mode), " ", h("a", { href: linkTo("numbers") }, t("numbers.n", { n: app.numbers.length }))),
    facts([
      ["app_key", [mono(app.app_key), " ", copies(() => app.app_key)]],
      ["app_secret", secretOf(app)],
      ...ADDRESSES.filter((name) => app[name]).map((name) => [name, mono(app[name])]),
    ]),
    h("details", {}, h("summary", {}, t("settings")), json(settings)),
  );
}

function secretOf(app) {
  const isShown = state.shown.has(app.app_key);
  const turn = () => {
    if (isShown) state.shown.delete(app.app_key);
    else state.shown.add(app.app_key);
    changed();
  };
  return [
    mono(isShown ? app.app_secret : "••••••••"),
    " ",
    h("button", { type: "button", class: "quiet", onclick: turn, "aria-pressed": String(isShown) }, t(isShown ? "hide" : "show")),
    copies(() => app.app_secret),
  ];
}
