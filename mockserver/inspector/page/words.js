// The words of the page in the reader's language: by ?lang=, what was chosen before, else the browser's.

const LANGUAGES = { en: "English", zh: "中文" };
let words = {};
let fields = {}; // what the contract says of a field, by its English text; empty in English
export let language = "en";

export const others = () => Object.entries(LANGUAGES).filter(([code]) => code !== language);

export async function loadWords(code = preferred()) {
  language = code;
  const table = async (name) => (await fetch(new URL(`${name}.${code}.json`, import.meta.url))).json();
  [words, fields] = await Promise.all([table("words"), code === "en" ? {} : table("fields")]);
  document.documentElement.lang = code === "zh" ? "zh-CN" : code;
}

export async function choose(code) {
  localStorage.setItem("privnum.lang", code);
  await loadWords(code);
}

// t("seconds", {n: 3}): the words of that name, each {n} filled in; a name that there is not is shown as it is.
export function t(name, values = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

// The words of a name that may have none, such as a code of the contract.
export const known = (name, fallback) => words[name] ?? fallback;

// What the contract says of a field, in the reader's language.
export const ofField = (text) => fields[text] ?? text;

function preferred() {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("privnum.lang");
  const wanted = [asked, ...navigator.languages].filter(Boolean).map((each) => each.slice(0, 2).toLowerCase());
  return wanted.find((code) => code in LANGUAGES) ?? "en";
}
