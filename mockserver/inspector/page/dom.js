// Makes elements, and brings those on the page up to new ones. All text goes in as text: no markup is ever parsed.

// h("button", {class: "quiet", onclick: act}, "Send"): attributes, handlers (on…) and children; null children are left out.
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node[name] = value;
    else if (name === "value" && "value" in node) node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const HANDLERS = ["onclick", "oninput", "onchange", "onkeydown", "onsubmit", "onclose"];
// What a person has changed on the page stays: which details are open. (What he has typed is no attribute.)
const THEIRS = new Set(["open"]);

// Brings `old` up to `fresh` and keeps what is the same: focus, selection and scroll positions stay.
export function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || keyOf(old) !== keyOf(fresh)) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (!THEIRS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!THEIRS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const name of HANDLERS) old[name] = fresh[name];
  const chosen = fresh.value;
  morphChildren(old, [...fresh.childNodes]);
  if (old.nodeName === "SELECT" && old.value !== chosen) old.value = chosen;
}

export function morphChildren(parent, wanted) {
  const keyed = new Map([...parent.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let place = parent.firstChild;
  for (const want of wanted) {
    const key = keyOf(want);
    const have = key ? keyed.get(key) : place && !keyOf(place) ? place : null;
    if (!have) {
      parent.insertBefore(want, place);
    } else {
      if (have === place) place = place.nextSibling;
      else parent.insertBefore(have, place);
      morph(have, want);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function keyOf(node) {
  return node.dataset ? node.dataset.key : undefined;
}
