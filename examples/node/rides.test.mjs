// The tests of the ride service, against privnum: `node --test`.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startPrivnum } from "./privnum.mjs";
import { PrivateNumber, Receiver } from "./rides.mjs";

const PASSENGER = "+8613800000001";
const DRIVER = "+8613900000002";
const X = "+8617000000001";
const SECRETS = { "rides-key": "rides-secret", "desk-key": "desk-secret" };

let privnum;

before(async () => {
  privnum = await startPrivnum();
});

after(() => privnum?.stop());

/** A world with one application whose pushes go to a receiver; both end with the test. */
async function platform(t, mode, appKey, { dispatch, secrets = SECRETS } = {}) {
  const receiver = new Receiver(secrets, dispatch);
  const url = await receiver.listen();
  t.after(() => receiver.close());
  const app = { mode, app_key: appKey, app_secret: SECRETS[appKey], numbers: [{ number: X, area_code: "0755" }] };
  const world = await privnum.world([{ ...app, event_url: `${url}/events`, fee_url: `${url}/fee` }]);
  t.after(() => world.drop());
  return { world, receiver };
}

test("passenger and driver talk through X, and the CDR says how long", async (t) => {
  const { world, receiver } = await platform(t, "AXB", "rides-key");
  const client = new PrivateNumber(world.url, "rides-key", SECRETS["rides-key"]);
  const ride = await client.bind(PASSENGER, DRIVER);
  assert.equal(ride.relationNum, X);

  const call = await world.call(PASSENGER, X, { caller_hangs_up_after: 20 });
  await world.advance(30);
  assert.equal((await world.look(call)).forwarded_to, DRIVER);
  const kinds = receiver.events.map((event) => event.eventType);
  assert.deepEqual(kinds, ["callin", "callout", "alerting", "answer", "disconnect"]);
  assert.deepEqual(receiver.cdrs.map((cdr) => cdr.sessionId), [call.session_id]);
  assert.equal(receiver.cdrs[0].ulFailReason, 0);

  await client.unbind(ride.subscriptionId);
  await world.call(PASSENGER, X);
  assert.equal(receiver.events.length, 7); // a callin and a disconnect more: nobody is bound
});

test("a refusal of the platform is told with its code", async (t) => {
  const { world } = await platform(t, "AXB", "rides-key");
  const client = new PrivateNumber(world.url, "rides-key", "another-secret");
  await assert.rejects(client.bind(PASSENGER, DRIVER), /^Error: 10\d+: /);
});

test("the desk says whom a caller reaches", async (t) => {
  const { world, receiver } = await platform(t, "X", "desk-key", {
    dispatch: ({ caller }) => (caller === PASSENGER ? DRIVER : undefined),
  });
  const call = await world.call(PASSENGER, X, { caller_hangs_up_after: 20 });
  assert.equal(call.forwarded_to, DRIVER);
  await world.advance(30);
  assert.equal(receiver.cdrs.length, 1);
});

test("a push that is signed with another secret is refused, and comes again", async (t) => {
  const { world, receiver } = await platform(t, "AXB", "rides-key", { secrets: { "rides-key": "another-secret" } });
  const client = new PrivateNumber(world.url, "rides-key", SECRETS["rides-key"]);
  await client.bind(PASSENGER, DRIVER);
  await world.call(PASSENGER, X);
  assert.deepEqual(receiver.events, []);
  const [callin] = await world.pushes();
  assert.equal(callin.state, "pending");
  receiver.secrets = SECRETS;
  await world.advance(60); // the first repeat is a minute later, when later events have come already
  const kinds = receiver.events.map((event) => event.eventType);
  assert.deepEqual(kinds, ["alerting", "answer", "callin", "callout"]);
});
