// Asks the server: control messages with the control token, and signed requests as a customer's program sends them.

import { signature } from "./sign.js";

const TOKEN = "privnum.token";

export class Refused extends Error {
  constructor(status, text, where) {
    super(text);
    this.status = status;
    this.where = where;
  }
}

// The token is kept for this tab alone, and goes when it is closed.
export const token = () => sessionStorage.getItem(TOKEN);
export function keepToken(given) {
  if (given) sessionStorage.setItem(TOKEN, given);
  else sessionStorage.removeItem(TOKEN);
}

export const address = (path) => new URL(path.replace(/^\//, ""), document.baseURI).href;
export const login = () => (token() ? { Authorization: `Bearer ${token()}` } : {});

// A control message; returns the answer, throws Refused with the server's sentence.
export async function control(method, path, message) {
  const body = message === undefined ? {} : { body: JSON.stringify(message) };
  const headers = { ...login(), ...(message === undefined ? {} : { "Content-Type": "application/json" }) };
  const answer = await fetch(address(`_privnum${path}`), { method, headers, cache: "no-store", ...body });
  const text = await answer.text();
  const told = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Refused(answer.status, told?.error ?? answer.statusText, told?.where);
  return told;
}

// A signed request of an application; returns status and answer, also of one that is refused.
export async function request(world, app, { method, path, query, body }) {
  const search = query ? `?${new URLSearchParams(query)}` : "";
  const headers = { "Content-Type": "application/json;charset=UTF-8", ...signature(app) };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(address(`w/${world}${path}${search}`), { method, headers, cache: "no-store", ...sent });
  const text = await answer.text();
  return { status: answer.status, answer: text.startsWith("{") ? JSON.parse(text) : text };
}

// A list or another thing of a world, and where it is.
export const inWorld = (world, path) => `/worlds/${encodeURIComponent(world)}${path}`;
