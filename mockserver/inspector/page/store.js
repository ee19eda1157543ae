// What the page knows: the world that is looked at, its lists, and what is chosen. Lists are asked for again when the
// server says that something has happened, not more often than a few times in a second.

import { control, inWorld } from "./api.js";
import { language } from "./words.js";

export const state = {
  worlds: [],
  world: null, // as worlds.get has it
  worldId: new URLSearchParams(location.search).get("world") ?? "default",
  tab: "calls",
  id: null,
  find: "",
  lists: {},
  bindings: [], // the last ones, whatever is looked for: forms suggest from them
  detail: {},
  contract: null,
  rules: null,
  live: "gone",
  problem: null, // why nothing is shown
  signatures: false, // whether digests are shown
  shown: new Set(), // app_keys whose secrets are shown
  last: null, // the action that was carried out last, and what came of it
  clockAt: 0, // when the clock was read, by performance.now()
};

const MOST = 200;
const MOST_BINDINGS = 1000;
// A world with more numbers is not asked for again whenever time has passed in it.
const MANY_NUMBERS = 2000;
// What each tab lists: its name in the answer, and path and query.
const LISTS = {
  calls: ["calls", "/calls", { last: MOST }],
  numbers: ["bindings", "/bindings", { last: MOST_BINDINGS }],
  pushes: ["pushes", "/pushes", { last: MOST }],
  requests: ["entries", "/journal", { last: MOST, kind: "request" }],
  sms: ["sms", "/sms", { last: MOST }],
  faults: ["faults", "/faults", null],
};
// What is asked for besides where something is chosen.
const DETAILS = {
  calls: (id) => callDetail(id),
  numbers: (id) => ask(`/bindings?${new URLSearchParams({ x: id, last: MOST })}`),
  pushes: (id) => pushDetail(id),
  sms: (id) => smsDetail(id),
  requests: (id) => requestDetail(id),
};

const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);
let drawn = false;
export function changed() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => {
    drawn = false;
    for (const listener of listeners) listener(state);
  });
}

export const ask = (path) => control("GET", inWorld(state.worldId, path));

async function listOf(tab) {
  if (!(tab in LISTS)) return {};
  const [name, path, query] = LISTS[tab];
  const asked = query ? `?${new URLSearchParams({ ...query, ...(state.find ? { find: state.find } : {}) })}` : "";
  return { [tab]: (await ask(path + asked))[name] };
}

// The world is large where it has many numbers: it is asked for where it may have changed, else its clock alone.
let worldIsOld = true;
async function worldNow() {
  const { world } = state;
  const asksAll = worldIsOld || world?.id !== state.worldId || world.faults.length > 0;
  worldIsOld = false;
  return asksAll ? ask("") : { ...world, clock: await ask("/clock") };
}

async function pushesOf(text) {
  return (await ask(`/pushes?${new URLSearchParams({ find: text, last: MOST })}`)).pushes;
}

async function callDetail(id) {
  const call = await ask(`/calls/${encodeURIComponent(id)}`);
  return { call, pushes: await pushesOf(call.session_id) };
}

async function pushDetail(id) {
  const query = new URLSearchParams({ find: id, kind: "push", secrets: state.signatures ? "shown" : "masked" });
  const [push, journal] = await Promise.all([ask(`/pushes/${encodeURIComponent(id)}`), ask(`/journal?${query}`)]);
  return { push, attempts: journal.entries.filter((entry) => entry.push === id) };
}

async function smsDetail(id) {
  const sms = await ask(`/sms/${encodeURIComponent(id)}`);
  return { sms, pushes: await pushesOf(sms.identifier) };
}

// What the contract says, in the language of the page; its rules are asked for when one has refused something.
const tableOf = async (name) => (await fetch(new URL(`${name}.${language}.json`, import.meta.url))).json();
export async function loadContract() {
  state.contract = await tableOf("contract");
  state.rules = null;
}

async function requestDetail(id) {
  const query = new URLSearchParams({ since: id - 1, limit: 1, kind: "request", secrets: state.signatures ? "shown" : "masked" });
  const entry = (await ask(`/journal?${query}`)).entries[0];
  if (entry?.rule) state.rules ??= await tableOf("rules");
  return { entry: entry?.number === Number(id) ? entry : null };
}

async function load() {
  const { tab, id, worldId } = state;
  const chosen = id && tab in DETAILS ? DETAILS[tab](id).catch((error) => ({ problem: error.message })) : {};
  const [worlds, world, bound, list, detail] = await Promise.all([
    control("GET", "/worlds"),
    worldNow(),
    ask(`/bindings?last=${MOST}`),
    listOf(tab),
    chosen,
  ]);
  if (worldId !== state.worldId || tab !== state.tab || id !== state.id) return;
  Object.assign(state, { worlds: worlds.worlds.map((each) => each.id), world, detail: { id, ...detail }, problem: null });
  state.bindings = bound.bindings;
  state.clockAt = performance.now();
  Object.assign(state.lists, list);
}

const PAUSE_MS = 150;
let loading = null;
let again = false;

// Asks for everything that is shown; while that is under way, once more behind it. Answers when it is there.
export function reload(worldToo = false) {
  worldIsOld ||= worldToo;
  if (loading) {
    again = true;
    return loading;
  }
  loading = (async () => {
    do {
      again = false;
      try {
        await load();
      } catch (error) {
        state.problem = error;
        worldIsOld = true;
        if (error.status === 404) state.worlds = (await control("GET", "/worlds").catch(() => ({ worlds: [] }))).worlds.map((w) => w.id);
      }
      changed();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    } while (again);
    loading = null;
  })();
  return loading;
}

// What has happened somewhere, as the server says it.
export function heard(name, data) {
  const numbers = state.world?.applications.reduce((sum, app) => sum + app.numbers.length, 0) ?? 0;
  if (name === "all" || data.by.includes("control") || (data.by.includes("time") && numbers < MANY_NUMBERS)) worldIsOld = true;
  if (name === "all" || data.world === state.worldId || data.by.includes("control")) reload();
}
