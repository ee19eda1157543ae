// The stand-in as a Node test has it: started on a free port, worlds made and driven over its control plane, stopped.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Milliseconds within which the server has to be up. */
const START_MS = 30_000;

/** Start `privnum serve` (or $PRIVNUM) on a free port, and wait until it answers. */
export async function startPrivnum(...options) {
  const command = process.env.PRIVNUM ?? "privnum";
  const child = spawn(command, ["serve", "--json", "--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = once(child, "error").then(([error]) => {
    throw new Error(`${command} cannot be started: ${error.message}; install privnum, or name it in $PRIVNUM`);
  });
  const ended = once(child, "exit");
  process.once("exit", () => child.kill()); // however the tests end, nothing is left running
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, "line"), failed, ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`${command} ended before it was up; what it wrote is above`);
  const started = JSON.parse(line[0]);
  const server = new Privnum(started.control_url, child, ended);
  // It listens before it is ready: this answer comes as soon as it is.
  await server.control("GET", "/health", undefined, START_MS);
  return server;
}

class Privnum {
  #url;
  #child;
  #ended;

  constructor(url, child, ended) {
    this.#url = url;
    this.#child = child;
    this.#ended = ended;
  }

  /** Send a control message; its answer, undefined where there is none. */
  async control(method, path, body, timeout = 10_000) {
    const response = await fetch(this.#url + path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** A world of its own: its applications, its numbers, a clock that stands still. One for each test. */
  async world(applications) {
    return new World(this, await this.control("POST", "/worlds", { applications }));
  }

  /** Stop the server; it answers what is under way first. */
  async stop() {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}

class World {
  #server;
  #path;

  constructor(server, made) {
    this.#server = server;
    this.#path = `/worlds/${made.id}`;
    this.url = made.url; // what the program under test takes for the platform's address
    this.applications = made.applications;
  }

  /** Let somebody dial an X; answered when every push that is due has its outcome. */
  call(caller, called, more = {}) {
    return this.#server.control("POST", `${this.#path}/calls`, { caller, called, ...more });
  }

  /** Let world time pass, with all that happens in it. */
  advance(seconds) {
    return this.#server.control("POST", `${this.#path}/clock`, { advance_seconds: seconds });
  }

  look(call) {
    return this.#server.control("GET", `${this.#path}/calls/${encodeURIComponent(call.id)}`);
  }

  async pushes() {
    return (await this.#server.control("GET", `${this.#path}/pushes`)).pushes;
  }

  drop() {
    return this.#server.control("DELETE", this.#path);
  }
}
