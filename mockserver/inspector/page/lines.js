// What does the same as an action of the page: a line for a shell, and one for a test in Python.

import { address, token } from "./api.js";

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// A control message by curl. The token is named, not shown.
export function curlOf(method, path, message) {
  const parts = ["curl -s"];
  if (method !== "GET" && method !== "POST") parts.push(`-X ${method}`);
  if (method === "POST" && message === undefined) parts.push("-X POST");
  if (token()) parts.push('-H "Authorization: Bearer $PRIVNUM_CONTROL_TOKEN"');
  parts.push(quoted(address(`_privnum${path}`)));
  if (message !== undefined) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(message))}`);
  return parts.join(" ");
}

// A signed request by curl; a digest is good for some hours only, so the line makes its own. What comes from a world stands
// in single quotes, where the shell reads nothing; outside of them are variables of the line alone.
export function signedCurlOf(world, app, { method, path, query, body }) {
  const search = query ? `?${new URLSearchParams(query)}` : "";
  const sent = body === undefined ? "" : ` -d ${quoted(JSON.stringify(body))}`;
  const token = [`X-AKSK: UsernameToken Username="${app.app_key}",PasswordDigest="`, '",Nonce="', '",Created="', '"'].map(quoted);
  return [
    "N=$(openssl rand -hex 16) T=$(date -u +%Y-%m-%dT%H:%M:%SZ);",
    `D=$(printf %s "$N$T" | openssl dgst -sha256 -hmac ${quoted(app.app_secret)} -binary | openssl base64);`,
    `curl -s -X ${method} ${quoted(address(`w/${world}${path}${search}`))} -H 'Content-Type: application/json;charset=UTF-8'`,
    `-H 'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"'`,
    `-H ${token[0]}"$D"${token[1]}"$N"${token[2]}"$T"${token[3]}${sent}`,
  ].join(" ");
}

// pythonOf("call", ["+86…"], {behaviour: "busy"}): private_number.call("+86…", behaviour="busy")
export function pythonOf(name, given = [], named = {}) {
  const there = Object.entries(named).filter(([, value]) => value !== undefined);
  const parts = [...given.map(literal), ...there.map(([key, value]) => `${key}=${literal(value)}`)];
  return `private_number.${name}(${parts.join(", ")})`;
}

function literal(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value).map(([key, each]) => `${literal(key)}: ${literal(each)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

// A line as it is shown: without the secret of an application.
export const hidden = (line, secret) => (secret ? line.replaceAll(secret, "••••••") : line);
