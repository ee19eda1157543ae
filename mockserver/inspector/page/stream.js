// Follows the server by its events. EventSource cannot send the control token, so the stream is read by fetch.

import { address, login } from "./api.js";

const AGAIN_MS = 1000;
const SLOWEST_MS = 15000;

// Calls on.event(name, data) for each event and on.state("live" | "gone", status) as the connection comes and goes; never ends.
export async function follow(on) {
  let lastId = "";
  let wait = AGAIN_MS;
  for (;;) {
    let status = 0;
    try {
      const headers = { ...login(), ...(lastId ? { "Last-Event-ID": lastId } : {}) };
      const answer = await fetch(address("_privnum/events"), { headers, cache: "no-store" });
      status = answer.status;
      if (answer.ok) {
        wait = AGAIN_MS;
        on.state("live", status);
        for await (const event of eventsOf(answer.body)) {
          lastId = event.id ?? lastId;
          on.event(event.event, JSON.parse(event.data));
        }
      }
    } catch {
      // the server has gone; it is asked again below
    }
    on.state("gone", status);
    if (status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, SLOWEST_MS);
  }
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const lines = part.split("\n").filter((line) => line && !line.startsWith(":"));
      if (lines.length) yield Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2)));
    }
  }
}
