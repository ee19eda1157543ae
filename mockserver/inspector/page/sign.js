// Signs a request as the platform wants it (AKSK). crypto.subtle is absent where the page comes by plain HTTP from another
// machine, so SHA-256 is here; a test holds it against crypto.subtle.

export function signature({ app_key: key, app_secret: secret }) {
  const nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const created = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const digest = hmac(secret, nonce + created);
  return {
    Authorization: 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
    "X-AKSK": `UsernameToken Username="${key}",PasswordDigest="${digest}",Nonce="${nonce}",Created="${created}"`,
  };
}

// HMAC-SHA256 of a text, in base64.
export function hmac(secret, text) {
  const bytes = new TextEncoder().encode(secret);
  const key = new Uint8Array(64);
  key.set(bytes.length > 64 ? sha256(bytes) : bytes);
  const inner = sha256(joined(key.map((byte) => byte ^ 0x36), new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...sha256(joined(key.map((byte) => byte ^ 0x5c), inner))));
}

function joined(first, second) {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

// The first 32 bits of the fractional parts of roots of the first primes: square roots begin, cube roots are the rounds.
const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const BEGIN = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

function sha256(bytes) {
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const state = [...BEGIN];
  for (let block = 0; block < padded.length; block += 64) mixBlock(state, view, block);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setInt32(place * 4, word));
  return new Uint8Array(digest.buffer);
}

function mixBlock(state, view, block) {
  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  const words = Array.from({ length: 16 }, (_, place) => view.getInt32(block + place * 4));
  for (let i = 16; i < 64; i++) {
    const [a, b] = [words[i - 15], words[i - 2]];
    const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
    const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
    words[i] = (words[i - 16] + low + words[i - 7] + high) | 0;
  }
  let [a, b, c, d, e, f, g, k] = state;
  for (let i = 0; i < 64; i++) {
    const one = (k + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [k, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, k].forEach((word, place) => (state[place] = (state[place] + word) | 0));
}
