// A ride service as its developers would write it: passenger and driver call each other through an X number.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";

const digest = (secret, nonce, created) => createHmac("sha256", secret).update(nonce + created).digest();

/** A client of the platform. */
export class PrivateNumber {
  constructor(url, appKey, appSecret) {
    this.url = url;
    this.appKey = appKey;
    this.appSecret = appSecret;
  }

  async request(method, path, body) {
    const nonce = randomBytes(16).toString("hex");
    const created = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const signature = digest(this.appSecret, nonce, created).toString("base64");
    const response = await fetch(this.url + path, {
      method,
      headers: {
        "Content-Type": "application/json;charset=UTF-8",
        Authorization: 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK":
          `UsernameToken Username="${this.appKey}",PasswordDigest="${signature}",` +
          `Nonce="${nonce}",Created="${created}"`,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json();
    if (answer.resultcode !== "0") throw new Error(`${answer.resultcode}: ${answer.resultdesc}`);
    return answer;
  }

  /** Give passenger and driver a number by which they reach each other. */
  bind(passenger, driver) {
    return this.request("POST", "/rest/caas/relationnumber/partners/v1.0", {
      callerNum: passenger,
      calleeNum: driver,
      areaCode: "0755",
      maxDuration: 60,
    });
  }

  unbind(subscriptionId) {
    const query = new URLSearchParams({ subscriptionId });
    return this.request("DELETE", `/rest/caas/relationnumber/partners/v1.0?${query}`);
  }
}

/** Whether the headers of a push are signed with the application's secret. */
export function isSigned(headers, appKey, appSecret) {
  const token = Object.fromEntries(
    [...(headers["x-aksk"] ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const given = Buffer.from(token.PasswordDigest ?? "", "base64");
  const right = digest(appSecret, token.Nonce ?? "", token.Created ?? "");
  return token.Username === appKey && given.length === right.length && timingSafeEqual(given, right);
}

/** The server that the platform pushes to; `dispatch` says whom a caller of mode X reaches. */
export class Receiver {
  events = [];
  cdrs = [];

  constructor(secrets, dispatch = () => undefined) {
    this.secrets = secrets; // of each app_key
    this.dispatch = dispatch;
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  /** Listen on a free port of loopback; the address. */
  async listen() {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  async #answer(request, response) {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    const signed = Object.entries(this.secrets).some(([key, secret]) => isSigned(request.headers, key, secret));
    response.writeHead(signed ? 200 : 401, { "Content-Type": "application/json" });
    response.end(JSON.stringify(signed ? this.#take(JSON.parse(text)) : {}));
  }

  #take(push) {
    if (push.eventType === "fee") {
      this.cdrs.push(...push.feeLst);
      return {};
    }
    this.events.push(push);
    const callee = push.eventType === "callin" ? this.dispatch(push.statusInfo) : undefined;
    return callee === undefined ? {} : { operation: "connect", connectInfo: { calleeNum: callee } };
  }
}
