// A dialog with a form. Below its fields are the lines that do the same, as they are filled in. Escape closes it.

import { perform } from "./actions.js";
import { linesOf } from "./code.js";
import { h, morph } from "./dom.js";
import { t } from "./words.js";

// fields(values) has the fields as things stand, action(values) what is done with what is filled in.
// A field: {name, label, kind: "text" | "number" | "select" | "json" | "password", options, value, required, hint, list, more}.
export function openForm({ title, intro, fields, action, after }) {
  const values = {};
  const touched = new Set(); // what a person has filled in; the rest has its value as things stand
  let problem = "";
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title", onclose: () => dialog.remove() });
  const read = ({ target }) => {
    values[target.name] = target.value;
    touched.add(target.name);
    draw();
  };
  const submit = async (event) => {
    event.preventDefault();
    try {
      const outcome = await perform(action(filled()), { strict: true });
      dialog.close();
      after?.(outcome);
    } catch (error) {
      problem = error.message;
      draw();
    }
  };
  // What is filled in, as values of a message; an empty field is none.
  function filled() {
    const found = {};
    for (const field of fields(values)) {
      const text = String(values[field.name] ?? "").trim();
      if (text === "") continue;
      found[field.name] = field.kind === "number" ? Number(text) : field.kind === "json" ? parsed(text) : text;
    }
    return found;
  }
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  function draw() {
    const shown = fields(values);
    for (const field of shown) {
      const isChoice = field.options?.some(([value]) => value === values[field.name]) ?? true;
      if (!touched.has(field.name) || !isChoice) values[field.name] = field.value ?? "";
    }
    const more = shown.filter((field) => field.more);
    const form = h(
      "form",
      { onsubmit: submit, oninput: read, onchange: read, autocomplete: "off" },
      h("h2", { id: "dialog-title" }, title),
      intro ? h("p", { class: "intro" }, intro) : null,
      h("div", { class: "fields" }, shown.filter((field) => !field.more).map((field) => fieldOf(field, values))),
      more.length ? h("details", { class: "more" }, h("summary", {}, t("more.fields")), h("div", { class: "fields" }, more.map((field) => fieldOf(field, values)))) : null,
      h("p", { class: "problem", role: "alert" }, problem),
      linesOf(action(filled())),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")),
        h("button", { type: "submit", class: "main" }, title),
      ),
    );
    if (dialog.firstChild) morph(dialog.firstChild, form);
    else dialog.append(form);
    for (const input of dialog.querySelectorAll("[name]")) if (input.value !== values[input.name]) input.value = values[input.name];
  }
  draw();
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("input, select")?.focus();
}

function fieldOf({ name, label, kind = "text", options, required, hint, list }, values) {
  const id = `field-${name}`;
  const props = { id, name, required, value: values[name], "aria-describedby": hint ? `${id}-hint` : null, class: "mono" };
  const input = options
    ? h("select", props, options.map(([value, text]) => h("option", { value, selected: value === values[name] }, text)))
    : h("input", { ...props, type: kind === "json" ? "text" : kind, min: kind === "number" ? 0 : null, list: list ? `${id}-list` : null });
  if (options) input.value = values[name];
  return h(
    "div",
    { class: "field", "data-key": name },
    h("label", { for: id }, label, required ? h("span", { class: "required", "aria-hidden": "true" }, " *") : null),
    input,
    list ? h("datalist", { id: `${id}-list` }, list.map((value) => h("option", { value }))) : null,
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
  );
}

// Asks for the control token; answers when one was given.
export function askToken(refused) {
  return new Promise((resolve) => {
    const input = h("input", { id: "token", type: "password", required: true, autocomplete: "off", class: "mono" });
    const dialog = h(
      "dialog",
      { class: "dialog", "aria-labelledby": "token-title" },
      h(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            dialog.remove();
            resolve(input.value.trim());
          },
        },
        h("h2", { id: "token-title" }, t("token.title")),
        refused ? h("p", { class: "problem", role: "alert" }, t("token.refused")) : null,
        h("p", { class: "intro" }, t("token.intro")),
        h("div", { class: "field" }, h("label", { for: "token" }, t("token")), input),
        h("div", { class: "buttons" }, h("button", { type: "submit", class: "main" }, t("token.use"))),
      ),
    );
    dialog.oncancel = (event) => event.preventDefault();
    document.body.append(dialog);
    dialog.showModal();
  });
}
